// Carries out what identity orders when a person leaves (移交): the open objects assigned to that account go to the successor,
// each with a journal row HAND_OVER of its own.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/rpc/authority.h"
#include "sifa/identity/v1/handover.pb.h"

namespace sifa::casework {

// The orders and the position up to which they are done are one transaction: each takes effect exactly once, whichever process
// of the service is first. An object that no post of the successor reaches stays where it is, on its office's list: with him
// it would be on nobody's.
struct CarriedOut {
  int handed_over = 0;
  int left = 0;
};
absl::StatusOr<CarriedOut> CarryOut(const Backend& backend, const rpc::Authority& authority,
                                    const std::vector<const ObjectType*>& types,
                                    const identity::v1::ListHandoversResponse& orders);

// The position up to which orders are done.
absl::StatusOr<int64_t> HandoverPosition(const Backend& backend);

}  // namespace sifa::casework
