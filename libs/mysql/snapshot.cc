#include "libs/mysql/snapshot.h"

#include "libs/core/status.h"

namespace sifa::mysql {

absl::Status InSnapshot(Pool& pool, const std::function<absl::Status(Connection&)>& body) {
  return pool.WithConnection([&](Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
    RETURN_IF_ERROR(connection.Run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"));
    const absl::Status status = body(connection);
    const absl::Status ended = connection.Run("COMMIT");  // where it fails, the pool drops the connection
    return status.ok() ? ended : status;
  });
}

}  // namespace sifa::mysql
