// 服务圈: which service points a citizen reaches first, and where there is none.
#pragma once

#include "libs/casework/backend.h"
#include "libs/rpc/call.h"
#include "sifa/hotline/v1/service_point.pb.h"

namespace sifa::hotline {

absl::StatusOr<v1::FindNearestResponse> FindNearest(const casework::Backend& backend, rpc::Call& call, const v1::FindNearestRequest& r);
absl::StatusOr<v1::ListCircleGapsResponse> ListCircleGaps(const casework::Backend& backend, rpc::Call& call,
                                                          const v1::ListCircleGapsRequest& r);

}  // namespace sifa::hotline
