#include "libs/statistics/snapshot.h"

#include "libs/core/status.h"
#include "libs/mysql/snapshot.h"
#include "libs/statistics/schema.h"

namespace sifa::statistics {
namespace {

absl::Status Look(mysql::Connection& connection, const std::function<absl::Status(Snapshot&)>& body) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT g.living, COALESCE(f.position, 0) FROM statistics_generation g"
                                    " LEFT JOIN follower f ON f.name = ? WHERE g.id = 1",
                                    {kFollowerName}));
  if (rows.empty()) return Internal("statistics_generation is empty");
  Snapshot snapshot{connection, rows[0].Int(0), rows[0].Int(1)};
  return body(snapshot);
}

}  // namespace

absl::Status WithSnapshot(mysql::Pool& pool, const std::function<absl::Status(Snapshot&)>& body) {
  return mysql::InSnapshot(pool, [&](mysql::Connection& connection) { return Look(connection, body); });
}

}  // namespace sifa::statistics
