#include "libs/casework/holdings.h"

#include "libs/core/status.h"

namespace sifa::casework {

absl::StatusOr<v1::Holdings> HoldingsService::Count(rpc::Call&, const v1::CountHoldingsRequest& r) {
  v1::Holdings holdings;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT COUNT(*), COUNT(IF(open = 1, 1, NULL)) FROM object WHERE organisation = ?",
                                                       {r.organisation()}));
    holdings.set_objects(rows[0].Int(0));
    holdings.set_open(rows[0].Int(1));
    return absl::OkStatus();
  }));
  return holdings;
}

}  // namespace sifa::casework
