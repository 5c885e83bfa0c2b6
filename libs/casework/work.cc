#include "libs/casework/work.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/actor.h"
#include "libs/casework/page_token.h"
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

// The open objects of `types` in the caller's reach, or all of them.
Where InReach(const rpc::Call& call, const Types& types, bool open, bool mine) {
  std::vector<std::string> names;
  for (const ObjectType* type : types) names.push_back(type->name);
  Where where;
  if (open) where.And("o.open IN (1, 2)");
  where.AndIn("o.type", names);
  where.AndReach("o.organisation_path", ScopesOf(call, call.method().access.permission()));
  if (mine) where.And("o.assignee = ?", call.claims().sub());
  return where;
}

const ObjectType* Named(const Types& types, const std::string& name) {
  const auto found = std::find_if(types.begin(), types.end(), [&](const ObjectType* type) { return type->name == name; });
  return found == types.end() ? nullptr : *found;
}

v1::WorkItem ItemOf(const mysql::Row& row, const Types& types, absl::CivilDay today) {
  const ObjectType& type = *Named(types, row.Bytes(0));
  v1::WorkItem item;
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
    item.set_colour(procedure::ColourOn(row.Day(7), item.provisional(), today, type.warn_days(item.clock())));
  }
  item.mutable_update_time()->set_seconds(absl::ToUnixSeconds(row.Time(10)));
  return item;
}

// `row`: clock and due date of a type, whether it is provisional, and how many objects stand there.
void AddTo(const mysql::Row& row, const ObjectType& type, absl::CivilDay today, v1::WorkCount* count) {
  const int64_t objects = row.Int(4);
  if (row.IsNull(2)) return count->set_without_limit(count->without_limit() + objects);
  switch (procedure::ColourOn(row.Day(2), row.Int(3) != 0, today, type.warn_days(row.Bytes(1)))) {
    case v1::Clock::RED:
      return count->set_red(count->red() + objects);
    case v1::Clock::YELLOW:
      return count->set_yellow(count->yellow() + objects);
    default:
      return count->set_green(count->green() + objects);
  }
}

}  // namespace

absl::StatusOr<v1::ListWorkResponse> WorkService::List(rpc::Call& call, const Request& r) {
  ASSIGN_OR_RETURN(const Types types, TypesOf(r));
  v1::ListWorkResponse response;
  RETURN_IF_ERROR(AddItems(call, types, r, &response));
  if (r.page_token().empty()) RETURN_IF_ERROR(AddCounts(call, types, r.mine(), &response));
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
  const bool done = r.kind() == Request::DONE;
  Where where = InReach(call, types, !done, r.mine());
  if (done) {
    where.And("o.id IN (SELECT j.object_id FROM journal j WHERE j.actor = ? AND j.version > 0)", call.claims().sub());
  } else if (r.kind() == Request::OVERDUE) {
    where.And("o.due_on < ?", call.today());
    where.And("(o.provisional = 0 OR o.due_on < ?)", mysql::Value(call.today() - procedure::kLongestRollOver));
  }
  const std::string digest = crypto::Sha256(absl::StrCat(where.sql(), r.kind()));
  int64_t offset = 0;
  if (!r.page_token().empty()) {
    ASSIGN_OR_RETURN(const std::string at, ReadPageToken(r.page_token(), digest));
    if (!absl::SimpleAtoi(at, &offset)) return InvalidField("page_token", "PAGE_TOKEN_INVALID", "翻页标记无效，请重新查询");
  }
  const int size = r.page_size() <= 0 ? kDefaultPage : std::min(r.page_size(), kLargestPage);
  const std::string sql = absl::StrCat(
      "SELECT o.type, o.id, COALESCE(o.number, ''), o.state, o.organisation, o.region, o.assignee, o.due_on, o.due_clock,"
      " o.provisional, o.updated_at FROM object o", where.sql(),
      done ? " ORDER BY o.updated_at DESC, o.id" : " ORDER BY o.due_on IS NULL, o.due_on, o.id", " LIMIT ? OFFSET ?");
  return backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query(sql, where.Values({size + 1, offset})));
    response->Clear();
    for (const auto& row : rows) {
      if (response->items_size() == size) {
        response->set_next_page_token(PageToken(absl::StrCat(offset + size), digest));
        break;
      }
      *response->add_items() = ItemOf(row, types, call.today());
    }
    return absl::OkStatus();
  });
}

absl::Status WorkService::AddCounts(const rpc::Call& call, const Types& types, bool mine,
                                    v1::ListWorkResponse* response) const {
  const Where where = InReach(call, types, true, mine);
  return backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT o.type, o.due_clock, o.due_on, o.provisional, COUNT(*)"
                                                                    " FROM object o", where.sql(),
                                                                    " GROUP BY o.type, o.due_clock, o.due_on, o.provisional"),
                                                       where.Values()));
    response->clear_counts();
    for (const ObjectType* type : types) {
      auto* count = response->add_counts();
      count->set_object_type(type->name);
      count->set_object_label(type->label);
      for (const auto& row : rows) {
        if (row.Bytes(0) == type->name) AddTo(row, *type, call.today(), count);
      }
    }
    return absl::OkStatus();
  });
}

}  // namespace sifa::casework
