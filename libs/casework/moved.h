// 期限变更: the objects whose limits a notice of holidays has moved, latest first, so that who tells people of their limits knows
// whom to tell anew.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/rpc/call.h"
#include "sifa/casework/v1/work.pb.h"

namespace sifa::casework {

// As WorkService lists other work, with what was moved of each object; without counts.
absl::StatusOr<v1::ListWorkResponse> ListMoved(const Backend& backend, const std::vector<const ObjectType*>& types,
                                               const rpc::Call& call, const v1::ListWorkRequest& r);

}  // namespace sifa::casework
