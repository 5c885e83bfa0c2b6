#include "libs/casework/decision.h"

#include <deque>

#include "absl/strings/match.h"
#include "libs/casework/relatives.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

absl::Status SayDuplicate(const absl::Status& status) {
  if (ReasonOf(status) != "DATABASE_DUPLICATE" || !absl::StrContains(status.message(), "by_number")) return status;
  return NumberTaken();
}

std::unique_ptr<Message> CopyOf(const Message& message) {
  std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

}  // namespace

absl::StatusOr<Decision> Decide(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                                Stored stored, procedure::Facts facts, const Transition& transition, Neighbours& neighbours) {
  Decision decision{&type, stored.version == 0 ? nullptr : CopyOf(*stored.object), std::move(stored), {}, {}};
  Stored& after = decision.after;
  facts.actor = actor.id();
  facts.occurred_at = input.occurred_at;
  facts.acting_for = input.acting_for;
  const int papers_before = type.papers(after.object.get())->size();
  const absl::Time now = backend.clock.Now();
  decision.row.id = NewId(now);
  v1::PartOf self;
  self.set_object_type(type.name);
  self.set_object(after.id.ToString());
  self.set_act(decision.row.id.ToString());
  // A new object has its id before the act: what others show of it names it.
  if (decision.before == nullptr) {
    const Common common = type.common(*after.object);
    type.stamp(after.object.get(), {after.id.ToString(), "", common.organisation, common.organisation_path, after.created_at, now});
  }
  const Act act(backend, actor, std::move(facts), std::move(self), neighbours);
  ASSIGN_OR_RETURN(decision.applied, transition(after.object.get(), act));
  RETURN_IF_ERROR(EndDependants(act, input.part_of, type, decision.before.get(), *after.object));

  auto* papers = type.papers(after.object.get());
  for (int i = papers_before; i < papers->size(); ++i) papers->at(i).set_journal_id(decision.row.id.ToString());
  ++after.version;
  const Common common = type.common(*after.object);
  type.stamp(after.object.get(), {after.id.ToString(), absl::StrCat(after.version), common.organisation, common.organisation_path,
                                  after.created_at, now});
  return decision;
}

absl::Status Record(const Backend& backend, const Actor& actor, const ActInput& input, mysql::Connection& connection,
                    Decision* decision) {
  const ObjectType& type = *decision->type;
  Message* object = decision->after.object.get();
  std::optional<Allotted> allotted;
  if (const auto numbering = type.numbering ? type.numbering(*object, input.act_day) : std::nullopt) {
    ASSIGN_OR_RETURN(allotted, backend.store.NextFreeNumber(connection, type, type.common(*object).organisation, *numbering));
    type.set_number(object, allotted->number);
  }
  decision->row = MakeJournalRow(backend, type, actor, input, decision->row.id, decision->after, decision->before.get(),
                                 decision->applied, allotted);
  return absl::OkStatus();
}

absl::Status Write(const Backend& backend, mysql::Connection& connection, absl::Span<Decision> decisions) {
  const ObjectType& type = *decisions[0].type;
  std::vector<const Stored*> created;
  std::vector<Changed> changed;
  std::vector<journal::Row> rows;
  rows.reserve(decisions.size());
  for (Decision& decision : decisions) {
    rows.push_back(std::move(decision.row));
    rows.back().link = decision.after.link;
  }
  RETURN_IF_ERROR(backend.writer->Sign(connection, absl::MakeSpan(rows)));
  for (size_t i = 0; i < rows.size(); ++i) {
    Decision& decision = decisions[i];
    decision.row = rows[i];
    decision.after.link = rows[i].Digest();
    if (decision.before == nullptr) {
      created.push_back(&decision.after);
    } else {
      changed.push_back({decision.after, *decision.before, decision.row.recorded_at});
    }
  }
  RETURN_IF_ERROR(SayDuplicate(backend.store.Insert(connection, type, created, backend.clock.Today())));
  RETURN_IF_ERROR(SayDuplicate(backend.store.Update(connection, type, changed)));
  if (type.project) {
    for (const Decision& decision : decisions) {
      RETURN_IF_ERROR(type.project(backend, connection, decision.before.get(), *decision.after.object));
    }
  }
  return journal::Insert(connection, rows);
}

absl::Status WriteRequests(const Backend& backend, mysql::Connection& connection, absl::Span<const Decision> decisions,
                           absl::Span<const DecidedRequest> requests) {
  std::deque<std::string> digests;  // what the values are views of
  std::vector<mysql::Value> values;
  for (size_t i = 0; i < decisions.size(); ++i) {
    const DecidedRequest& request = requests[i];
    values.insert(values.end(), {request.caller, request.method, request.request_id,
                                 digests.emplace_back(backend.store.KeyedDigest(request.digest)), decisions[i].row.id,
                                 decisions[i].row.recorded_at});
  }
  return mysql::InsertRows(connection, "INSERT INTO request (caller, method, request_id, digest, journal_id, created_at) VALUES", 6,
                           values);
}

}  // namespace sifa::casework
