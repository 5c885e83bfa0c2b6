#include "libs/casework/journal_reading.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/where.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 200;

// The first id that can have been made at `time`: ids begin with their milliseconds, so the primary key
// bounds times.
Id FirstIdAt(absl::Time time) {
  const int64_t millis = std::max<int64_t>(0, absl::ToUnixMillis(time));
  Id id;
  for (int i = 0; i < 6; ++i) id.bytes[i] = static_cast<uint8_t>(millis >> (8 * (5 - i)));
  return id;
}

absl::StatusOr<Where> WhereOf(const rpc::Call& call, const JournalQuery& query) {
  Where where;
  where.AndReach("j.organisation_path", ScopesOf(call, call.method().access.permission()));
  if (!query.actor.empty()) where.And("j.actor = ?", query.actor);
  if (!query.object_type.empty()) where.And("j.object_type = ?", query.object_type);
  if (!query.action.empty()) where.And("j.action = ?", query.action);
  if (!query.object.empty()) {
    ASSIGN_OR_RETURN(const Id object, ParseId(query.object));
    where.And("j.object_id = ?", std::string(object.AsBytes()));
  }
  if (query.from != absl::InfinitePast())
    where.And("j.id >= ?", std::string(FirstIdAt(query.from).AsBytes()));
  if (query.to != absl::InfiniteFuture()) where.And("j.id < ?", std::string(FirstIdAt(query.to).AsBytes()));
  if (!query.page_token.empty()) {
    const auto last = ParseId(query.page_token);
    if (!last.ok()) return InvalidField("page_token", "PAGE_TOKEN_INVALID", "翻页标记无效，请重新查询");
    where.And("j.id < ?", std::string(last->AsBytes()));
  }
  return where;
}

absl::StatusOr<v1::JournalEntry> EntryOf(const Store& store, const std::vector<const ObjectType*>& types,
                                         const mysql::Row& row) {
  const journal::Row act = journal::ReadRow(row, 1);
  const auto type = std::find_if(types.begin(), types.end(),
                                 [&](const ObjectType* t) { return t->name == act.object_type; });
  v1::JournalEntry entry;
  RETURN_IF_ERROR(FillHistoryEntry(store, type == types.end() ? nullptr : *type, row, entry.mutable_entry()));
  entry.set_object_type(act.object_type);
  if (!act.object_id.IsZero()) entry.set_object(act.object_id.ToString());
  entry.set_organisation_path(act.organisation_path);
  entry.set_region(act.region);
  v1::ActRecord record;
  record.ParseFromString(act.record);
  *entry.mutable_objects() = record.objects();
  return entry;
}

}  // namespace

absl::StatusOr<JournalPage> ReadJournal(const Backend& backend, const rpc::Call& call,
                                        const std::vector<const ObjectType*>& types,
                                        const JournalQuery& query) {
  ASSIGN_OR_RETURN(const Where where, WhereOf(call, query));
  const int size = query.limit <= 0 ? kDefaultPage : std::min(query.limit, kLargestPage);
  JournalPage page;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    page = {};
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query(absl::StrCat("SELECT COALESCE(s.position, 0), ", journal::kColumns,
                                                   " FROM journal j LEFT JOIN journal_seal s ON s.id = j.id",
                                                   where.sql(), " ORDER BY j.id DESC LIMIT ?"),
                                      where.Values({size + 1})));
    for (const auto& row : rows) {
      if (static_cast<int>(page.entries.size()) == size) {
        page.next_page_token = page.entries.back().entry().journal_id();
        break;
      }
      ASSIGN_OR_RETURN(page.entries.emplace_back(), EntryOf(backend.store, types, row));
    }
    return absl::OkStatus();
  }));
  return page;
}

}  // namespace sifa::casework
