#include "libs/casework/work.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/casework/actor.h"
#include "libs/casework/moved.h"
#include "libs/casework/object_index.h"
#include "libs/casework/page_token.h"
#include "libs/casework/stretch.h"
#include "libs/casework/where.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

using Types = std::vector<const ObjectType*>;
using Request = v1::ListWorkRequest;

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 200;
constexpr int kItemColumns = 13;

// The columns of ItemOf, of an object o.
constexpr char kItem[] =
    "o.type, o.id, COALESCE(o.number, ''), o.state, o.organisation, o.region, o.assignee, o.due_on, o.due_clock,"
    " o.provisional, o.updated_at, o.due_at, o.due_end";

// The objects of `types` in the caller's reach, his own where `mine`.
Where InReach(const rpc::Call& call, const Types& types, bool mine) {
  std::vector<std::string> names;
  for (const ObjectType* type : types) names.push_back(type->name);
  Where where;
  where.AndIn("o.type", names);
  where.AndReach("o.organisation_path", ScopesOf(call, call.method().access.permission()), SeenFurther(types));
  if (mine) where.And("o.assignee = ?", call.claims().sub());
  return where;
}

// The index in which open objects lie in the order in which they are listed: of one person, or of all.
absl::string_view OpenIndex(bool mine) { return mine ? "by_assignee" : "by_due"; }

const ObjectType* Named(const Types& types, const std::string& name) {
  const auto found = std::find_if(types.begin(), types.end(), [&](const ObjectType* type) { return type->name == name; });
  return found == types.end() ? nullptr : *found;
}

void SetTime(absl::Time time, google::protobuf::Timestamp* field) {
  const int64_t millis = absl::ToUnixMillis(time);
  field->set_seconds(millis / 1000);
  field->set_nanos(static_cast<int32_t>(millis % 1000) * 1'000'000);
}

v1::WorkItem ItemOf(const mysql::Row& row, const Types& types, absl::Time now) {
  const ObjectType& type = *Named(types, row.Bytes(0));
  v1::WorkItem item;
  item.set_service(type.service);
  item.set_object_type(type.name);
  item.set_object_id(row.AsId(1).ToString());
  item.set_number(row.Bytes(2));
  item.set_state(procedure::NameOf(type.states, static_cast<int>(row.Int(3))));
  item.set_organisation(row.Bytes(4));
  item.set_region(row.Bytes(5));
  item.set_assignee(row.Bytes(6));
  if (!row.IsNull(7)) {
    item.set_due_on(FormatDay(row.Day(7)));
    item.set_clock(row.Bytes(8));
    item.set_provisional(row.Int(9) != 0);
    const auto due_at = row.TimeOrNone(11);
    if (due_at) item.mutable_due_at()->set_seconds(absl::ToUnixSeconds(*due_at));  // ends with an hour
    item.set_colour(procedure::ColourAt(row.Day(7), due_at, item.provisional(), now, type.WarnDays(item.clock())));
  }
  item.mutable_update_time()->set_seconds(absl::ToUnixSeconds(row.Time(10)));
  return item;
}

// `row`: clock and due date of a type, whether it is provisional, and how many objects stand there.
void AddTo(const mysql::Row& row, const ObjectType& type, absl::Time now, v1::WorkCount* count) {
  const int64_t objects = row.Int(4);
  if (row.IsNull(2)) return count->set_without_limit(count->without_limit() + objects);
  switch (procedure::ColourAt(row.Day(2), row.TimeOrNone(5), row.Int(3) != 0, now, type.WarnDays(row.Bytes(1)))) {
    case v1::Clock::RED:
      return count->set_red(count->red() + objects);
    case v1::Clock::YELLOW:
      return count->set_yellow(count->yellow() + objects);
    default:
      return count->set_green(count->green() + objects);
  }
}

}  // namespace

std::string WorkService::ToText(const mysql::Row& item) {
  const auto due_end = item.TimeOrNone(12);
  return absl::StrCat(item.AsId(1).ToString(), due_end ? absl::StrCat(absl::ToUnixMicros(*due_end)) : "");
}

absl::StatusOr<WorkService::Place> WorkService::ReadPlace(const std::string& text) {
  constexpr size_t kIdLength = 26;
  Place place;
  ASSIGN_OR_RETURN(place.id, ParseId(text.substr(0, kIdLength)));
  int64_t micros = 0;
  if (text.size() > kIdLength) {
    if (!absl::SimpleAtoi(text.substr(kIdLength), &micros)) return Internal("no instant");
    place.due_end = absl::FromUnixMicros(micros);
  }
  return place;
}

absl::StatusOr<v1::ListWorkResponse> WorkService::List(rpc::Call& call, const Request& r) {
  ASSIGN_OR_RETURN(const Types types, TypesOf(r));
  if (r.kind() == Request::MOVED) return ListMoved(backend_, types, call, r);
  v1::ListWorkResponse response;
  RETURN_IF_ERROR(AddItems(call, types, r, &response));
  if (r.counts()) RETURN_IF_ERROR(AddCounts(call, types, r.mine(), &response));
  return response;
}

absl::StatusOr<Types> WorkService::TypesOf(const Request& r) const {
  if (r.types().empty()) return types_;
  Types chosen;
  for (int i = 0; i < r.types_size(); ++i) {
    chosen.push_back(Named(types_, r.types(i)));
    if (chosen.back() == nullptr) return InvalidField(absl::StrCat("types[", i, "]"), "OBJECT_TYPE_UNKNOWN", "没有这种业务对象");
  }
  return chosen;
}

absl::Status WorkService::AddItems(const rpc::Call& call, const Types& types, const Request& r,
                                   v1::ListWorkResponse* response) const {
  const std::string digest =
      crypto::Sha256(absl::StrCat(InReach(call, types, r.mine()).sql(), absl::StrJoin(r.types(), ","), r.kind()));
  std::optional<Place> after;
  if (!r.page_token().empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadPageToken(r.page_token(), digest));
    const auto place = ReadPlace(text);
    if (!place.ok()) return BadPageToken();
    after = *place;
  }
  const size_t size = r.page_size() <= 0 ? kDefaultPage : std::min(r.page_size(), kLargestPage);
  const bool done = r.kind() == Request::DONE;
  return backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    response->Clear();
    mysql::Rows rows;
    if (done) {
      ASSIGN_OR_RETURN(rows, DoneBy(connection, call, types, r, after ? std::optional(after->id) : std::nullopt, size + 1));
    } else {
      ASSIGN_OR_RETURN(rows, OpenOf(connection, call, types, r, after, size + 1));
    }
    const bool more = rows.size() > size;
    if (more) rows.pop_back();
    for (const auto& row : rows) {
      v1::WorkItem& item = *response->add_items() = ItemOf(row, types, call.now());
      if (done) SetTime(row.AsId(kItemColumns).MadeAt(), item.mutable_acted_at());
      item.set_page_token_after(PageToken(done ? row.AsId(kItemColumns).ToString() : ToText(row), digest));
    }
    if (more) response->set_next_page_token(response->items().rbegin()->page_token_after());
    return absl::OkStatus();
  });
}

absl::StatusOr<mysql::Rows> WorkService::OpenOf(mysql::Connection& connection, const rpc::Call& call, const Types& types,
                                                const Request& r, const std::optional<Place>& after, size_t limit) const {
  // Four stretches of the index: open, or a right that runs; with a limit, and after all those without.
  std::vector<std::string> stretches;
  std::vector<mysql::Value> values;
  std::deque<Where> kept;
  for (const bool due : {true, false}) {
    if (!due && r.kind() == Request::OVERDUE) continue;
    if (due && after && !after->due_end) continue;
    for (const Open open : {kOpen, kRightRuns}) {
      Where& where = kept.emplace_back(InReach(call, types, r.mine()));
      where.And("o.open = ?", mysql::Value(open));
      where.And(due ? "o.due_end IS NOT NULL" : "o.due_end IS NULL");
      if (due && r.kind() == Request::OVERDUE) {
        where.And("o.due_end <= ?", mysql::Value(call.now()));
        where.And("(o.provisional = 0 OR o.due_on < ?)", mysql::Value(call.today() - procedure::kLongestRollOver));
      }
      if (after && due) {
        where.And("o.due_end >= ?", mysql::Value(*after->due_end));
        where.And("(o.due_end > ?", mysql::Value(*after->due_end), " OR o.id > ?)", after->id);
      } else if (after && !after->due_end) {
        where.And("o.id > ?", after->id);
      }
      stretches.push_back(absl::StrCat("(SELECT o.id, o.due_end FROM object o FORCE INDEX (", OpenIndex(r.mine()), ")",
                                       where.sql(), " ORDER BY ", due ? "o.due_end, o.id" : "o.id", " LIMIT ?)"));
      for (const mysql::Value& value : where.Values({static_cast<int64_t>(limit)})) values.push_back(value);
    }
  }
  values.push_back(static_cast<int64_t>(limit));
  return connection.Query(
      absl::StrCat("SELECT ", kItem, " FROM (", absl::StrJoin(stretches, " UNION ALL "),
                   " ORDER BY due_end IS NULL, due_end, id LIMIT ?) p STRAIGHT_JOIN object o FORCE INDEX (PRIMARY)"
                   " ON o.id = p.id ORDER BY o.due_end IS NULL, o.due_end, o.id"),
      values);
}

absl::StatusOr<mysql::Rows> WorkService::DoneBy(mysql::Connection& connection, const rpc::Call& call, const Types& types,
                                                const Request& r, const std::optional<Id>& before, size_t limit) const {
  // Of each object the caller's latest act.
  const std::string& caller = call.claims().sub();
  std::vector<std::string> names;
  for (const ObjectType* type : types) names.push_back(type->name);
  ASSIGN_OR_RETURN(const std::string index, DoneIndex(connection, caller, r, before));
  const bool by_assignee = index == "by_assignee";
  Where where;
  where.And("j.actor = ?", caller);
  where.And("j.version > 0");
  if (before) where.And("j.id < ?", *before);
  where.AndIn(by_assignee ? "o.type" : "j.object_type", names);
  where.And(
      "NOT EXISTS (SELECT 1 FROM journal n FORCE INDEX (by_object) WHERE n.object_id = j.object_id AND n.version > j.version"
      " AND n.actor = j.actor)");
  where.AndReach("o.organisation_path", ScopesOf(call, call.method().access.permission()), SeenFurther(types));
  if (r.mine()) where.And("o.assignee = ?", caller);
  const std::string tables =
      by_assignee
          ? "object o FORCE INDEX (by_assignee) STRAIGHT_JOIN journal j FORCE INDEX (by_object) ON j.object_id = o.id"
          : absl::StrCat("journal j FORCE INDEX (", index,
                         ") STRAIGHT_JOIN object o FORCE INDEX (by_list) ON o.type = j.object_type AND o.id = j.object_id");
  return connection.Query(
      absl::StrCat("SELECT ", kItem, ", p.act FROM (SELECT j.id AS act, j.object_id FROM ", tables, where.sql(),
                   " ORDER BY j.id DESC LIMIT ?) p STRAIGHT_JOIN object o FORCE INDEX (PRIMARY)"
                   " ON o.id = p.object_id ORDER BY p.act DESC"),
      where.Values({static_cast<int64_t>(limit)}));
}

// The index of the fewest: of the caller's acts, of the acts on the types asked for, or of the objects that are the caller's own.
absl::StatusOr<std::string> WorkService::DoneIndex(mysql::Connection& connection, const std::string& caller, const Request& r,
                                                   const std::optional<Id>& before) {
  if (r.mine()) {
    ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT 1 FROM object o FORCE INDEX (by_assignee)"
                                                                    " WHERE o.assignee = ? LIMIT 1 OFFSET ",
                                                                    kFew),
                                                       {caller}));
    if (rows.empty()) return "by_assignee";
  }
  if (r.types().empty()) return "by_actor";
  std::vector<Way> ways = {{{"journal d FORCE INDEX (by_actor)", "d.id", "d.actor = ?", {caller}}}, {}};
  for (const std::string& type : r.types()) {
    ways[1].push_back({"journal d FORCE INDEX (by_type)", "d.id", "d.object_type = ?", {type}});
  }
  ASSIGN_OR_RETURN(const Sparsest best, FindSparsest(connection, ways, before.value_or(Id{})));
  return best.way == 0 ? "by_actor" : "by_type";
}

absl::Status WorkService::AddCounts(const rpc::Call& call, const Types& types, bool mine,
                                    v1::ListWorkResponse* response) const {
  Where where = InReach(call, types, mine);
  where.And("o.open IN (1, 2)");
  return backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query(absl::StrCat("SELECT o.type, o.due_clock, o.due_on, o.provisional, COUNT(*), o.due_at"
                                                   " FROM object o FORCE INDEX (",
                                                   OpenIndex(mine), ")", where.sql(),
                                                   " GROUP BY o.type, o.due_clock, o.due_on, o.due_at, o.provisional"),
                                      where.Values()));
    response->clear_counts();
    for (const ObjectType* type : types) {
      auto* count = response->add_counts();
      count->set_service(type->service);
      count->set_object_type(type->name);
      count->set_object_label(type->label);
      for (const auto& row : rows) {
        if (row.Bytes(0) == type->name) AddTo(row, *type, call.now(), count);
      }
    }
    return absl::OkStatus();
  });
}

}  // namespace sifa::casework
