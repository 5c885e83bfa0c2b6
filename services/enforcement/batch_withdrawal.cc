#include "services/enforcement/batch_withdrawal.h"

#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/core/status.h"
#include "services/enforcement/batch_work.h"
#include "services/enforcement/case.h"
#include "services/enforcement/told_content.h"

namespace sifa::enforcement {
namespace {

absl::StatusOr<std::vector<Id>> NextCases(mysql::Connection& connection, const Id& batch) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT DISTINCT case_id FROM telling WHERE source = ? AND withdrawn = 0 ORDER BY case_id LIMIT ?",
                                    {batch, kPortion}));
  std::vector<Id> ids;
  for (const auto& row : rows) ids.push_back(row.AsId(0));
  return ids;
}

void Remove(const std::string& key, google::protobuf::RepeatedPtrField<Entry>* entries) {
  entries->erase(std::remove_if(entries->begin(), entries->end(), [&](const Entry& entry) { return entry.key() == key; }), entries->end());
}

// The case without what the batch told of it.
absl::StatusOr<Case> Without(mysql::Connection& connection, const Id& batch, const std::vector<Telling>& told, Case c,
                             ToldContent* content) {
  std::vector<Telling> left;
  std::set<std::string> touched;
  for (const Telling& telling : told) {
    if (telling.source == batch) {
      touched.insert(telling.entry);
    } else {
      left.push_back(telling);
    }
  }
  for (const std::string& entry : touched) {
    const std::string key = absl::BytesToHexString(entry);
    const Telling* standing = Standing(left, entry);
    if (standing == nullptr) {
      Remove(key, c.mutable_entries());
      continue;
    }
    ASSIGN_OR_RETURN(Entry content_left, content->Of(connection, *standing));
    PutEntry(std::move(content_left), &c);
  }
  Derive(&c);
  return c;
}

}  // namespace

absl::Status WithdrawPortion(const casework::Backend& backend, const Batch& batch) {
  ASSIGN_OR_RETURN(const Id id, ParseId(batch.id()));
  const casework::ObjectType& type = backend.objects->Of<Case>();
  bool withdrawn = false;
  RETURN_IF_ERROR(backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Id> ids, NextCases(connection, id));
    withdrawn = ids.empty();
    if (withdrawn) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto cases, backend.store.LoadMany(connection, type, ids, casework::Lock::kExclusive));
    ASSIGN_OR_RETURN(const auto told, TellingsOf(connection, ids));
    ToldContent content(backend);
    std::vector<casework::ChangedObject> changed;
    for (auto& [case_id, stored] : cases) {
      const auto& before = static_cast<const Case&>(*stored.object);
      const auto of_case = told.find(case_id);
      if (of_case == told.end()) continue;  // another process was faster
      ASSIGN_OR_RETURN(Case after, Without(connection, id, of_case->second, before, &content));
      if (google::protobuf::util::MessageDifferencer::Equals(before, after)) continue;
      changed.push_back({std::move(stored), std::make_unique<Case>(std::move(after))});
    }
    ASSIGN_OR_RETURN(casework::ActInput input, InputBy(backend, connection, batch, "WITHDRAW"));
    input.action = type.NameOf(Case::RESTORE);
    RETURN_IF_ERROR(casework::ActOnMany(backend, type, casework::Actor::System(), Case::RESTORE, input, std::move(changed), connection));
    for (const Id& case_id : ids) {
      RETURN_IF_ERROR(connection
                          .Execute("UPDATE telling SET withdrawn = 1 WHERE source = ? AND withdrawn = 0 AND case_id = ?", {id, case_id})
                          .status());
    }
    return absl::OkStatus();
  }));
  backend.committed();
  if (!withdrawn) return absl::OkStatus();
  int64_t cases = 0;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT COUNT(DISTINCT case_id) FROM telling WHERE source = ?", {id}));
    cases = rows[0].Int(0);
    return absl::OkStatus();
  }));
  return FinishStep(backend, batch, Batch::FINISH_WITHDRAWAL, [&](Batch& done) {
    done.mutable_counts()->set_withdrawn_cases(cases);
    return absl::OkStatus();
  });
}

}  // namespace sifa::enforcement
