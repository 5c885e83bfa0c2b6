#include "libs/statistics/snapshot.h"

#include "libs/core/status.h"
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
  return pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
    RETURN_IF_ERROR(connection.Run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"));
    const absl::Status status = Look(connection, body);
    const absl::Status ended = connection.Run("COMMIT");  // where it fails, the pool drops the connection
    return status.ok() ? ended : status;
  });
}

}  // namespace sifa::statistics
