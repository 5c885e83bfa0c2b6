#include "libs/casework/moved.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/casework/actor.h"
#include "libs/casework/object_index.h"
#include "libs/casework/page_token.h"
#include "libs/casework/where.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 200;

v1::WorkItem ItemOf(const ObjectType& type, const Stored& stored, absl::Time now) {
  const Common common = type.common(*stored.object);
  v1::WorkItem item;
  item.set_service(type.service);
  item.set_object_type(type.name);
  item.set_object_id(stored.id.ToString());
  item.set_number(common.number);
  item.set_state(procedure::NameOf(type.states, common.state));
  item.set_organisation(common.organisation);
  item.set_region(common.region);
  item.set_assignee(common.assignee);
  const auto& clocks = type.ClocksOf(*stored.object);
  if (const v1::Clock* next = procedure::NextDue(clocks, DayOf(now)); next != nullptr) {
    item.set_due_on(next->due_on());
    if (next->has_due_at()) *item.mutable_due_at() = next->due_at();
    item.set_clock(next->kind());
    item.set_provisional(next->provisional());
    item.set_colour(procedure::ColourAt(*next, now, type.WarnDays(next->kind())));
  }
  for (const v1::Clock& clock : clocks) {
    if (clock.moved_on().empty()) continue;
    auto* moved = item.add_moved();
    moved->set_clock(clock.kind());
    moved->set_label(clock.label());
    moved->set_from(clock.moved_from());
    moved->set_due_on(clock.due_on());
    moved->set_moved_on(clock.moved_on());
  }
  return item;
}

}  // namespace

absl::StatusOr<v1::ListWorkResponse> ListMoved(const Backend& backend, const std::vector<const ObjectType*>& types,
                                               const rpc::Call& call, const v1::ListWorkRequest& r) {
  std::vector<std::string> names;
  for (const ObjectType* type : types) names.push_back(type->name);
  Where where;
  where.And("t.kind = ?", std::string(kMoved));
  where.AndIn("t.type", names);
  where.AndReach("o.organisation_path", ScopesOf(call, call.method().access.permission()), SeenFurther(types));
  if (r.mine()) where.And("o.assignee = ?", call.claims().sub());
  const std::string digest = crypto::Sha256(absl::StrCat(where.sql(), r.kind()));
  std::string having, day;
  Id id;
  if (!r.page_token().empty()) {
    ASSIGN_OR_RETURN(const std::string at, ReadPageToken(r.page_token(), digest));
    const std::vector<std::string> place = absl::StrSplit(at, ' ');
    if (place.size() != 2) return BadPageToken();
    ASSIGN_OR_RETURN(id, ParseId(place[1]));
    day = place[0];
    having = " HAVING moved < ? OR (moved = ? AND t.object_id < ?)";
  }
  const int size = r.page_size() <= 0 ? kDefaultPage : std::min(r.page_size(), kLargestPage);
  const std::string sql =
      absl::StrCat("SELECT t.object_id, MAX(t.type), MAX(t.value) moved FROM term t FORCE INDEX (PRIMARY)"
                   " STRAIGHT_JOIN object o FORCE INDEX (PRIMARY) ON o.id = t.object_id",
                   where.sql(), " GROUP BY t.object_id", having, " ORDER BY moved DESC, t.object_id DESC LIMIT ?");
  v1::ListWorkResponse response;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query(sql, having.empty() ? where.Values({size + 1}) : where.Values({day, day, id, size + 1})));
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto token_after = [&](const mysql::Row& row) {
        return PageToken(absl::StrCat(row.Bytes(2), " ", row.AsId(0).ToString()), digest);
      };
      if (static_cast<int>(i) == size) {
        response.set_next_page_token(token_after(rows[i - 1]));
        break;
      }
      const mysql::Row& row = rows[i];
      const auto type =
          std::find_if(types.begin(), types.end(), [&](const ObjectType* one) { return one->name == row.Bytes(1); });
      ASSIGN_OR_RETURN(const auto stored, backend.store.Load(connection, **type, row.AsId(0), Lock::kNone));
      if (!stored) continue;
      v1::WorkItem& item = *response.add_items() = ItemOf(**type, *stored, call.now());
      item.set_page_token_after(token_after(row));
    }
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace sifa::casework
