#include "libs/casework/queries.h"

#include <deque>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "libs/casework/where.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 200;
constexpr int kHistoryPage = 200;
constexpr int kLargestHistoryPage = 1000;

std::string ReadPermission(const rpc::Call& call) { return call.method().access.permission(); }

// A token is the last id shown and a digest of the query, so that it cannot be used with another one.
std::string PageToken(const std::string& last, const std::string& digest) {
  return absl::WebSafeBase64Escape(absl::StrCat(last, ".", digest.substr(0, 6)));
}
absl::StatusOr<std::string> ReadPageToken(const std::string& token, const std::string& digest) {
  std::string text;
  const std::string tail = absl::StrCat(".", digest.substr(0, 6));
  if (!absl::WebSafeBase64Unescape(token, &text) || !absl::EndsWith(text, tail)) {
    return InvalidField("page_token", "PAGE_TOKEN_INVALID", "翻页标记无效，请重新查询");
  }
  return text.substr(0, text.size() - tail.size());
}

std::string Digest(const ListQuery& query) {
  std::string text = absl::StrCat(absl::StrJoin(query.scopes, ","), "|", query.organisation, "|", query.region, "|",
                                  absl::StrJoin(query.states, ","), "|", query.number, "|", query.assignee, "|", query.name, "|");
  for (const Term& term : query.terms) absl::StrAppend(&text, term.kind, "=", term.value, ";");
  for (const Term& term : query.blind) absl::StrAppend(&text, term.kind, "~", term.value, ";");
  for (const auto& range : query.ranges) absl::StrAppend(&text, range.kind, ":", range.from, "-", range.to, ";");
  return crypto::Sha256(text);
}

absl::Status UnmaskIfEntitled(const Backend& backend, const ObjectType& type, rpc::Call& call,
                              const std::vector<std::string>& ids, const std::vector<std::string>& paths) {
  if (call.purpose().empty() || ids.empty()) return absl::OkStatus();
  for (const auto& path : paths) RETURN_IF_ERROR(CheckPersonal(call, type, path));
  RETURN_IF_ERROR(JournalReading(backend, type, call, ids));
  call.GrantUnmasked();
  return absl::OkStatus();
}

// Acts that every type may have, whatever its own enum of acts.
absl::string_view CommonActLabel(absl::string_view action) {
  static constexpr std::pair<absl::string_view, absl::string_view> kLabels[] = {
      {"READ", "查阅未脱敏信息"},       {"CORRECT", "更正"},          {"VOID", "作废"},
      {"CLOCK_TURNED", "期限提醒"},   {"CLOCK_SETTLED", "期限核定"},
      {"ADD_ATTACHMENT", "附件入卷"}, {"READ_ATTACHMENT", "查阅附件"}, {"WITHDRAW_ATTACHMENT", "附件撤出"},
      {"FREEZE_REPORT", "固化报表"},   {"REBUILD_STATISTICS", "重算统计"}, {"HAND_OVER", "移交"},
  };
  for (const auto& [name, label] : kLabels) {
    if (name == action) return label;
  }
  return "";
}

}  // namespace

absl::Status FillHistoryEntry(const Store& store, const ObjectType* type, const mysql::Row& row, v1::HistoryEntry* entry) {
  const journal::Row act = journal::ReadRow(row, 1);
  v1::ActRecord record;
  record.ParseFromString(act.record);
  entry->set_journal_id(act.id.ToString());
  entry->set_action(act.action);
  entry->set_action_label(std::string(CommonActLabel(act.action)));
  const auto* value = type == nullptr ? nullptr : type->acts->FindValueByName(act.action);
  if (value != nullptr) entry->set_action_label(procedure::LabelOf(type->acts, value->number()));
  entry->set_from_state(act.from_state);
  entry->set_to_state(act.to_state);
  entry->set_actor(act.actor);
  entry->set_actor_account(record.actor_account());
  entry->set_acting_for(record.acting_for());
  entry->set_organisation(act.organisation);
  entry->set_occurred_on(FormatDay(act.occurred_on));
  const int64_t micros = absl::ToUnixMicros(act.recorded_at);
  entry->mutable_recorded_at()->set_seconds(micros / 1000000);
  entry->mutable_recorded_at()->set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
  entry->set_law(record.law());
  entry->set_rule_version(record.rule_version());
  entry->set_version(act.version);
  entry->set_position(row.Int(0));
  *entry->mutable_papers() = record.papers();
  *entry->mutable_clocks() = record.clocks();
  entry->set_purpose(record.purpose());
  entry->set_corrects(record.corrects());
  entry->set_approved_by(record.approved_by());
  entry->set_correction(record.correction());
  if (act.image.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::Image image, store.DecryptImage(act.id, act.image));
  entry->set_reason(image.reason());
  if (!image.purpose().empty()) entry->set_purpose(image.purpose());
  return absl::OkStatus();
}

absl::Status CheckPersonal(const rpc::Call& call, const ObjectType& type, const std::string& path) {
  if (call.MayAct(absl::StrCat(type.service, ".personal.read"), path)) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "PERSONAL_DATA_REFUSED", "您的岗位不能查看未脱敏的个人信息");
}

void ColourClocks(const ObjectType& type, absl::CivilDay today, Message* object) {
  for (auto& clock : *type.clocks(object)) clock.set_colour(procedure::ColourOn(clock, today, type.warn_days(clock.kind())));
}

absl::StatusOr<Answer> LoadObject(const Backend& backend, const ObjectType& type, const std::string& id_text) {
  ASSIGN_OR_RETURN(const Id id, ParseId(id_text));
  std::optional<Stored> stored;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(stored, backend.store.Load(connection, type, id, Lock::kNone));
    return absl::OkStatus();
  }));
  if (!stored) return NotFound(type.label);
  return std::move(stored->object);
}

absl::StatusOr<Answer> FindByBlind(const Backend& backend, const ObjectType& type, const Term& term) {
  ListQuery query;
  query.scopes = {"/"};
  query.blind = {term};
  query.limit = 1;
  std::vector<Stored> found;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, backend.store.List(connection, type, query));
    return absl::OkStatus();
  }));
  if (found.empty()) return NotFound(type.label);
  return std::move(found[0].object);
}

absl::StatusOr<Answer> GetObject(const Backend& backend, const ObjectType& type, rpc::Call& call, const std::string& id_text) {
  ASSIGN_OR_RETURN(Answer answer, LoadObject(backend, type, id_text));
  const Common common = type.common(*answer);
  if (!ReadPermission(call).empty() && !call.MayAct(ReadPermission(call), common.organisation_path)) return NotFound(type.label);
  RETURN_IF_ERROR(UnmaskIfEntitled(backend, type, call, {common.id}, {common.organisation_path}));
  ColourClocks(type, call.today(), answer.get());
  return answer;
}

absl::StatusOr<std::string> ListObjects(const Backend& backend, const ObjectType& type, rpc::Call& call, ListQuery query,
                                        int page_size, const std::string& page_token,
                                        const std::function<void(const Message&)>& add) {
  query.scopes = ScopesOf(call, ReadPermission(call));
  const std::string digest = Digest(query);
  if (!page_token.empty()) {
    ASSIGN_OR_RETURN(const std::string last, ReadPageToken(page_token, digest));
    ASSIGN_OR_RETURN(query.before, ParseId(last));
  }
  const int size = page_size <= 0 ? kDefaultPage : std::min(page_size, kLargestPage);
  query.limit = size + 1;  // one more tells whether there is a next page
  std::vector<Stored> found;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, backend.store.List(connection, type, query));
    return absl::OkStatus();
  }));
  const bool more = static_cast<int>(found.size()) > size;
  if (more) found.pop_back();
  std::vector<std::string> ids, paths;
  for (const Stored& stored : found) {
    ids.push_back(stored.id.ToString());
    paths.push_back(type.common(*stored.object).organisation_path);
  }
  RETURN_IF_ERROR(UnmaskIfEntitled(backend, type, call, ids, paths));
  for (Stored& stored : found) {
    ColourClocks(type, call.today(), stored.object.get());
    add(*stored.object);
  }
  return more ? PageToken(ids.back(), digest) : "";
}

absl::StatusOr<v1::History> History(const Backend& backend, const ObjectType& type, rpc::Call& call,
                                    const v1::GetHistoryRequest& request) {
  ASSIGN_OR_RETURN(const Answer object, GetObject(backend, type, call, request.id()));
  ASSIGN_OR_RETURN(const Id id, ParseId(request.id()));
  const bool latest_first = request.latest_first();
  const std::string digest = crypto::Sha256(absl::StrCat(request.id(), latest_first ? "|latest" : "|oldest"));
  Where where;
  where.And("j.object_id = ?", id);
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const std::string last, ReadPageToken(request.page_token(), digest));
    ASSIGN_OR_RETURN(const Id after, ParseId(last));
    where.And(latest_first ? "j.id < ?" : "j.id > ?", std::string(after.AsBytes()));
  }
  const int size = request.page_size() <= 0 ? kHistoryPage : std::min(request.page_size(), kLargestHistoryPage);
  v1::History history;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    history.Clear();
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query(absl::StrCat("SELECT COALESCE(s.position, 0), ", journal::kColumns,
                                                   " FROM journal j LEFT JOIN journal_seal s ON s.id = j.id", where.sql(),
                                                   " ORDER BY j.id", latest_first ? " DESC" : "", " LIMIT ?"),
                                      where.Values({size + 1})));
    for (const auto& row : rows) {
      if (history.entries_size() == size) {
        history.set_next_page_token(PageToken(history.entries(size - 1).journal_id(), digest));
        break;
      }
      RETURN_IF_ERROR(FillHistoryEntry(backend.store, &type, row, history.add_entries()));
    }
    return absl::OkStatus();
  }));
  return history;
}

absl::StatusOr<WorkPage> ListWork(const Backend& backend, rpc::Call& call, absl::string_view permission, const WorkQuery& query) {
  std::deque<std::string> kept;
  std::vector<mysql::Value> values;
  const auto keep = [&](std::string text) { return mysql::Value(absl::string_view(kept.emplace_back(std::move(text)))); };
  std::string sql = "SELECT o.type, o.id, COALESCE(o.number, ''), o.state, o.organisation, o.region, o.assignee, o.due_on,"
                    " o.due_clock, o.updated_at FROM object o WHERE ";
  std::vector<std::string> types, scopes;
  for (const ObjectType* type : query.types) {
    types.push_back("?");
    values.push_back(keep(type->name));
  }
  for (const std::string& scope : ScopesOf(call, permission)) {
    const bool exact = absl::StartsWith(scope, "=");
    scopes.push_back(exact ? "o.organisation_path = ?" : "o.organisation_path LIKE ?");
    values.push_back(keep(exact ? scope.substr(1) : scope + "%"));
  }
  if (scopes.empty() || types.empty()) return WorkPage{};
  absl::StrAppend(&sql, "o.type IN (", absl::StrJoin(types, ","), ") AND (", absl::StrJoin(scopes, " OR "), ")");
  if (query.kind == WorkKind::kDone) {
    absl::StrAppend(&sql, " AND o.id IN (SELECT j.object_id FROM journal j WHERE j.actor = ? AND j.version > 0)");
    values.push_back(keep(call.claims().sub()));
  } else {
    absl::StrAppend(&sql, " AND o.open IN (1, 2)");
    if (query.kind == WorkKind::kOverdue) {
      absl::StrAppend(&sql, " AND o.due_on < ?");
      values.push_back(call.today());
    }
  }
  if (query.mine) {
    absl::StrAppend(&sql, " AND o.assignee = ?");
    values.push_back(keep(call.claims().sub()));
  }
  const std::string digest = crypto::Sha256(absl::StrCat(sql, static_cast<int>(query.kind)));
  int64_t offset = 0;
  if (!query.page_token.empty()) {
    ASSIGN_OR_RETURN(const std::string at, ReadPageToken(query.page_token, digest));
    if (!absl::SimpleAtoi(at, &offset)) return InvalidField("page_token", "PAGE_TOKEN_INVALID", "翻页标记无效，请重新查询");
  }
  const int size = query.limit <= 0 ? kDefaultPage : std::min(query.limit, kLargestPage);
  absl::StrAppend(&sql, query.kind == WorkKind::kDone ? " ORDER BY o.updated_at DESC, o.id" : " ORDER BY o.due_on IS NULL, o.due_on, o.id",
                  " LIMIT ? OFFSET ?");
  values.push_back(size + 1);
  values.push_back(offset);

  WorkPage page;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query(sql, values));
    page = {};
    for (const auto& row : rows) {
      if (static_cast<int>(page.items.size()) == size) {
        page.next_page_token = PageToken(absl::StrCat(offset + size), digest);
        break;
      }
      const auto type = std::find_if(query.types.begin(), query.types.end(), [&](const auto* t) { return t->name == row.Bytes(0); });
      auto& item = page.items.emplace_back();
      item.set_object_type(row.Bytes(0));
      item.set_object_id(row.AsId(1).ToString());
      item.set_number(row.Bytes(2));
      item.set_state(procedure::NameOf((*type)->states, static_cast<int>(row.Int(3))));
      item.set_organisation(row.Bytes(4));
      item.set_region(row.Bytes(5));
      item.set_assignee(row.Bytes(6));
      if (!row.IsNull(7)) {
        const absl::CivilDay due = row.Day(7);
        item.set_due_on(FormatDay(due));
        item.set_clock(row.Bytes(8));
        item.set_colour(call.today() > due ? v1::Clock::RED
                        : due - call.today() <= (*type)->warn_days(row.Bytes(8)) ? v1::Clock::YELLOW : v1::Clock::GREEN);
      }
      item.mutable_update_time()->set_seconds(absl::ToUnixSeconds(row.Time(9)));
    }
    return absl::OkStatus();
  }));
  return page;
}

}  // namespace sifa::casework
