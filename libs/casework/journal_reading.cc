#include "libs/casework/journal_reading.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "libs/casework/page_token.h"
#include "libs/casework/queries.h"
#include "libs/casework/stretch.h"
#include "libs/casework/where.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 200;

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

absl::StatusOr<Where> WhereOf(const rpc::Call& call, const v1::ListJournalRequest& r) {
  Where where;
  where.AndReach("j.organisation_path", ScopesOf(call, call.method().access.permission()));
  if (!r.actor().empty()) where.And("j.actor = ?", r.actor());
  if (!r.object_type().empty()) where.And("j.object_type = ?", r.object_type());
  if (!r.action().empty()) where.And("j.action = ?", r.action());
  if (!r.object().empty()) {
    ASSIGN_OR_RETURN(const Id object, ParseId(r.object()));
    where.And("j.object_id = ?", std::string(object.AsBytes()));
  }
  if (r.has_from()) where.And("j.id >= ?", std::string(FirstIdAt(TimeOf(r.from())).AsBytes()));
  if (r.has_to()) where.And("j.id < ?", std::string(FirstIdAt(TimeOf(r.to())).AsBytes()));
  if (!r.page_token().empty()) {
    const auto last = ParseId(r.page_token());
    if (!last.ok()) return BadPageToken();
    where.And("j.id < ?", std::string(last->AsBytes()));
  }
  return where;
}

// The index along which a page is read, in the order of ids or with few rows to sort.
absl::StatusOr<std::string> IndexFor(mysql::Connection& connection, const rpc::Call& call, const v1::ListJournalRequest& r) {
  constexpr int kSome = 4000;
  if (!r.object().empty()) return "by_object";
  std::vector<Way> ways;
  std::vector<std::string> indexes;
  const auto add = [&](const char* index, const char* column, const std::string& value) {
    if (value.empty()) return;
    ways.push_back({{absl::StrCat("journal d FORCE INDEX (", index, ")"), "d.id", absl::StrCat("d.", column, " = ?"), {value}}});
    indexes.push_back(index);
  };
  add("by_action", "action", r.action());
  add("by_actor", "actor", r.actor());
  add("by_type", "object_type", r.object_type());
  const Id before = r.has_to() ? FirstIdAt(TimeOf(r.to())) : Id{}, from = r.has_from() ? FirstIdAt(TimeOf(r.from())) : Id{};
  const auto last = ParseId(r.page_token());
  size_t way = 0;
  if (!ways.empty()) {
    ASSIGN_OR_RETURN(const Sparsest best, FindSparsest(connection, ways, last.ok() ? *last : before, from));
    if (best.few()) return indexes[best.way];
    way = best.way;
  }
  Where reach;
  reach.AndReach("d.organisation_path", ScopesOf(call, call.method().access.permission()));
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT d.id FROM journal d FORCE INDEX (by_organisation)",
                                                                  reach.sql(), " LIMIT 1 OFFSET ", kSome),
                                                     reach.Values()));
  if (rows.empty()) return "by_organisation";
  return indexes.empty() ? "PRIMARY" : indexes[way];
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
  *entry.mutable_searched_by() = record.searched_by();
  entry.set_found(record.found());
  return entry;
}

}  // namespace

Id FirstIdAt(absl::Time time) {
  const int64_t millis = std::max<int64_t>(0, absl::ToUnixMillis(time));
  Id id;
  for (int i = 0; i < 6; ++i) id.bytes[i] = static_cast<uint8_t>(millis >> (8 * (5 - i)));
  return id;
}

absl::StatusOr<v1::ListJournalResponse> JournalService::List(rpc::Call& call, const v1::ListJournalRequest& r) {
  ASSIGN_OR_RETURN(const Where where, WhereOf(call, r));
  const int size = r.page_size() <= 0 ? kDefaultPage : std::min(r.page_size(), kLargestPage);
  v1::ListJournalResponse response;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const std::string index, IndexFor(connection, call, r));
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query(absl::StrCat("SELECT COALESCE(s.position, 0), ", journal::kWholeColumns,
                                                   " FROM (SELECT j.id FROM journal j FORCE INDEX (", index, ")", where.sql(),
                                                   " ORDER BY j.id DESC LIMIT ?) p STRAIGHT_JOIN journal j FORCE INDEX (PRIMARY)"
                                                   " ON j.id = p.id LEFT JOIN journal_seal s ON s.id = j.id ORDER BY j.id DESC"),
                                      where.Values({size + 1})));
    for (const auto& row : rows) {
      if (response.entries_size() == size) {
        response.set_next_page_token(response.entries(size - 1).entry().journal_id());
        break;
      }
      ASSIGN_OR_RETURN(*response.add_entries(), EntryOf(backend_.store, types_, row));
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::ActRequest> JournalService::GetRequest(rpc::Call& call, const v1::GetActRequestRequest& r) {
  ASSIGN_OR_RETURN(const Id id, ParseId(r.id()));
  std::optional<journal::Row> act;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query(absl::StrCat("SELECT ", journal::kWholeColumns, " FROM journal j WHERE j.id = ?"), {id}));
    act = rows.empty() ? std::nullopt : std::optional(journal::ReadWholeRow(rows[0], 0));
    return absl::OkStatus();
  }));
  if (!act || !call.MayAct(call.method().access.permission(), act->organisation_path)) return NotFound("该日志");
  if (act->request.sealed.empty()) return Error(absl::StatusCode::kNotFound, "REQUEST_NOT_KEPT", "该日志没有自己的请求内容");
  ASSIGN_OR_RETURN(const std::string bytes, backend_.store.DecryptRequest(*act));
  v1::KeptRequest kept;
  if (!kept.ParseFromString(bytes)) return Internal("kept request does not parse");
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(absl::StripPrefix(kept.method(), "/"), {{"/", "."}}));
  if (method == nullptr) return Internal("method of a kept request is not known");
  v1::ActRequest answer;
  answer.set_journal_id(r.id());
  answer.set_method(kept.method());
  answer.mutable_request()->set_type_url(absl::StrCat("type.googleapis.com/", method->input_type()->full_name()));
  answer.mutable_request()->set_value(std::move(*kept.mutable_request()));
  if (!call.purpose().empty()) RETURN_IF_ERROR(Unmask(call, *act));
  return answer;
}

absl::Status JournalService::Unmask(rpc::Call& call, const journal::Row& act) const {
  const auto type = std::find_if(types_.begin(), types_.end(), [&](const ObjectType* t) { return t->name == act.object_type; });
  if (type == types_.end())
    return Error(absl::StatusCode::kPermissionDenied, "PERSONAL_DATA_REFUSED", "该日志的请求内容只能脱敏查看");
  ASSIGN_OR_RETURN(const Answer object, LoadObject(backend_, **type, act.object_id.ToString()));
  const std::string path = (*type)->common(*object).organisation_path;
  RETURN_IF_ERROR(CheckPersonal(call, **type, path));
  RETURN_IF_ERROR(JournalReading(backend_, **type, call, {{act.object_id.ToString(), path}}));
  call.GrantUnmasked();
  return absl::OkStatus();
}

}  // namespace sifa::casework
