#include "libs/casework/queries.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/casework/page_token.h"
#include "libs/casework/relatives.h"
#include "libs/casework/search.h"
#include "libs/casework/where.h"
#include "libs/core/clock.h"
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

std::string Digest(const ListQuery& query) {
  std::string text = absl::StrCat(absl::StrJoin(query.scopes, ","), "|", query.organisation, "|", query.region, "|",
                                  absl::StrJoin(query.states, ","), "|", query.number, "|", query.assignee, "|", query.name, "|",
                                  query.day_from, "-", query.day_to, "|");
  for (const Term& term : query.terms) absl::StrAppend(&text, term.kind, "=", term.value, ";");
  for (const Term& term : query.blind) absl::StrAppend(&text, term.kind, "~", term.value, ";");
  return crypto::Sha256(text);
}

absl::Status UnmaskIfEntitled(const Backend& backend, const ObjectType& type, rpc::Call& call,
                              const std::vector<ReadObject>& objects) {
  if (call.purpose().empty() || objects.empty()) return absl::OkStatus();
  for (const auto& object : objects) RETURN_IF_ERROR(CheckPersonal(call, type, object.organisation_path));
  RETURN_IF_ERROR(JournalReading(backend, type, call, objects));
  call.GrantUnmasked();
  return absl::OkStatus();
}

// By the organisation whose personal data the caller may read, where one of those that see the object is.
ReadObject ToRead(const ObjectType& type, const rpc::Call& call, const Message& object) {
  const Common common = type.common(object);
  const auto path = type.PathReached(object, [&](absl::string_view of) { return call.MayAct(type.personal_read(), of); });
  return {common.id, path.value_or(common.organisation_path)};
}

// Acts that every type may have, whatever its own enum of acts.
absl::string_view CommonActLabel(absl::string_view action) {
  static constexpr std::pair<absl::string_view, absl::string_view> kLabels[] = {
      {"READ", "查阅未脱敏信息"},
      {"SEARCH", "按个人信息查找"},
      {"CORRECT", "更正"},
      {"VOID", "作废"},
      {"CLOCK_TURNED", "期限提醒"},
      {"CLOCK_SETTLED", "期限核定"},
      {"ADD_ATTACHMENT", "附件入卷"},
      {"READ_ATTACHMENT", "查阅附件"},
      {"WITHDRAW_ATTACHMENT", "附件撤出"},
      {"FREEZE_REPORT", "固化报表"},
      {"REBUILD_STATISTICS", "重算统计"},
      {"STATISTICS_REBUILT", "统计重算完毕"},
      {"HAND_OVER", "移交"},
      {"CHANGE_OFFICE", "变更承办单位"},
  };
  for (const auto& [name, label] : kLabels) {
    if (name == action) return label;
  }
  return "";
}

}  // namespace

absl::Status FillHistoryEntry(const Store& store, const ObjectType* type, const mysql::Row& row, v1::HistoryEntry* entry) {
  const journal::Row act = journal::ReadWholeRow(row, 1);
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
  if (record.has_part_of()) *entry->mutable_part_of() = record.part_of();
  entry->set_organisation(act.organisation);
  entry->set_occurred_on(FormatDay(act.occurred_on));
  const int64_t micros = absl::ToUnixMicros(act.recorded_at);
  entry->mutable_recorded_at()->set_seconds(micros / 1000000);
  entry->mutable_recorded_at()->set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
  if (act.occurred_at) {
    const int64_t instant = absl::ToUnixMicros(*act.occurred_at);
    entry->mutable_occurred_at()->set_seconds(instant / 1000000);
    entry->mutable_occurred_at()->set_nanos(static_cast<int32_t>(instant % 1000000) * 1000);
  }
  entry->set_has_request(!act.request.sealed.empty());
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
  if (act.image.sealed.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::Image image, store.DecryptImage(act));
  entry->set_reason(image.reason());
  if (!image.purpose().empty()) entry->set_purpose(image.purpose());
  return absl::OkStatus();
}

absl::Status CheckPersonal(const rpc::Call& call, const ObjectType& type, const std::string& path) {
  if (call.MayAct(type.personal_read(), path)) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "PERSONAL_DATA_REFUSED", "您的岗位不能查看未脱敏的个人信息");
}

void ColourClocks(const ObjectType& type, absl::Time now, Message* object) {
  for (auto& clock : *type.clocks(object)) clock.set_colour(procedure::ColourAt(clock, now, type.WarnDays(clock.kind())));
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
  if (!ReadPermission(call).empty() &&
      !type.PathReached(*answer, [&](absl::string_view path) { return call.MayAct(ReadPermission(call), path); })) {
    return NotFound(type.label);
  }
  RETURN_IF_ERROR(UnmaskIfEntitled(backend, type, call, {ToRead(type, call, *answer)}));
  ColourClocks(type, call.now(), answer.get());
  RETURN_IF_ERROR(AddFlags(backend, type, {answer.get()}));
  return answer;
}

absl::StatusOr<std::string> ListObjects(const Backend& backend, const ObjectType& type, rpc::Call& call, ListQuery query,
                                        int page_size, const std::string& page_token,
                                        const std::function<void(const Message&)>& add) {
  query.scopes = ScopesOf(call, ReadPermission(call));
  if (call.search()) {
    ASSIGN_OR_RETURN(query.scopes, AdmitSearch(backend, type, call, query.scopes));
  }
  const std::string digest = Digest(query);
  if (!page_token.empty()) {
    ASSIGN_OR_RETURN(const std::string last, ReadPageToken(page_token, digest));
    const size_t end = last.find(' ');
    ASSIGN_OR_RETURN(query.before, ParseId(last.substr(0, end)));
    if (end != std::string::npos) query.before_day = last.substr(end + 1);
    absl::CivilDay day;
    if (!(query.day_from.empty() && query.day_to.empty()) && !ParseDay(query.before_day, &day)) return BadPageToken();
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
  std::vector<ReadObject> read;
  for (const Stored& stored : found) read.push_back(ToRead(type, call, *stored.object));
  if (call.search()) RETURN_IF_ERROR(JournalSearch(backend, type, call, found.size()));
  RETURN_IF_ERROR(UnmaskIfEntitled(backend, type, call, read));
  std::vector<Message*> objects;
  for (Stored& stored : found) objects.push_back(stored.object.get());
  RETURN_IF_ERROR(AddFlags(backend, type, objects));
  for (Message* object : objects) {
    ColourClocks(type, call.now(), object);
    add(*object);
  }
  if (!more) return "";
  query.GoOnAfter(type, found.back());
  return PageToken(query.before_day.empty() ? read.back().id : absl::StrCat(read.back().id, " ", query.before_day), digest);
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
    ASSIGN_OR_RETURN(
        const auto rows,
        connection.Query(absl::StrCat("SELECT COALESCE(s.position, 0), ", journal::kWholeColumns,
                                      " FROM journal j FORCE INDEX (by_object) LEFT JOIN journal_seal s ON s.id = j.id",
                                      where.sql(), " ORDER BY j.id", latest_first ? " DESC" : "", " LIMIT ?"),
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

}  // namespace sifa::casework
