#include "libs/casework/work.h"

#include <algorithm>

#include "libs/casework/where.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

void Add(const mysql::Row& row, absl::CivilDay today, WorkCount* count) {
  const int64_t objects = row.Int(3);
  if (row.IsNull(2)) {
    count->without_limit += objects;
  } else if (today > row.Day(2)) {
    count->red += objects;
  } else if (row.Day(2) - today <= count->type->warn_days(row.Bytes(1))) {
    count->yellow += objects;
  } else {
    count->green += objects;
  }
}

}  // namespace

absl::StatusOr<std::vector<WorkCount>> CountWork(const Backend& backend, const rpc::Call& call,
                                                 absl::string_view permission, const WorkQuery& query) {
  Where where;
  std::vector<std::string> names;
  std::vector<WorkCount> counts;
  for (const ObjectType* type : query.types) {
    names.push_back(type->name);
    counts.push_back({type});
  }
  where.And("o.open IN (1, 2)");
  where.AndIn("o.type", names);
  where.AndReach("o.organisation_path", ScopesOf(call, permission));
  if (query.mine) where.And("o.assignee = ?", call.claims().sub());
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    for (WorkCount& count : counts) count = {count.type};
    ASSIGN_OR_RETURN(
        const auto rows,
        connection.Query(absl::StrCat("SELECT o.type, o.due_clock, o.due_on, COUNT(*) FROM object o",
                                      where.sql(), " GROUP BY o.type, o.due_clock, o.due_on"),
                         where.Values()));
    for (const auto& row : rows) {
      const auto count = std::find_if(counts.begin(), counts.end(),
                                      [&](const auto& c) { return c.type->name == row.Bytes(0); });
      if (count != counts.end()) Add(row, call.today(), &*count);
    }
    return absl::OkStatus();
  }));
  return counts;
}

}  // namespace sifa::casework
