#include "libs/casework/prune.h"

#include "libs/core/status.h"

namespace sifa::casework {
namespace {

constexpr int kBatch = 1000;

}  // namespace

absl::StatusOr<int64_t> PruneRequests(const Backend& backend) {
  const absl::Time before = backend.clock.Now() - kRequestsKept;
  int64_t all = 0;
  for (int64_t gone = kBatch; gone == kBatch; all += gone) {
    RETURN_IF_ERROR(backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(
          gone, connection.Execute("DELETE FROM request WHERE created_at < ? AND caller <> ? ORDER BY created_at LIMIT ?",
                                   {before, kImportCaller, kBatch}));
      return absl::OkStatus();
    }));
  }
  return all;
}

}  // namespace sifa::casework
