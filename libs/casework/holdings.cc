#include "libs/casework/holdings.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/object_index.h"
#include "libs/casework/where.h"
#include "libs/core/status.h"

namespace sifa::casework {

absl::StatusOr<v1::Holdings> HoldingsService::Count(rpc::Call&, const v1::CountHoldingsRequest& r) {
  v1::Holdings holdings;
  Where where;
  where.AndIn("t.type", types_);
  where.And("t.kind = ?", std::string(kAt));
  where.And("t.value = ?", r.organisation());
  where.And("o.organisation_path LIKE ?", absl::StrCat("%/", r.organisation(), "/"));  // its own, not those below it
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(
        const auto rows,
        connection.Query(absl::StrCat("SELECT COUNT(*), COUNT(IF(o.open = 1, 1, NULL)) FROM term t FORCE INDEX (PRIMARY)"
                                      " STRAIGHT_JOIN object o FORCE INDEX (by_list)"
                                      " ON o.type = t.type AND o.id = t.object_id",
                                      where.sql()),
                         where.Values()));
    holdings.set_objects(rows[0].Int(0));
    holdings.set_open(rows[0].Int(1));
    return absl::OkStatus();
  }));
  return holdings;
}

}  // namespace sifa::casework
