// 满意度评价: what a citizen says of how he was served, in five levels; once an order, by a key at the end of the call or by the
// code that is sent to him and good for seven days; once more (追评) when he has been called back.
#pragma once

#include "libs/casework/definition.h"
#include "libs/rpc/call.h"
#include "sifa/hotline/v1/rating.pb.h"

namespace sifa::hotline {

using v1::Rating;

extern const procedure::Procedure<Rating> kRatingProcedure;
extern const statistics::Cube kRatingsCube;
extern const casework::Definition<Rating> kRating;

// By key, as the switch tells of it: part of what it tells, in the act that keeps it. Nothing where the order has been rated
// before, or void: the first level that was told stands. REQUIRES: a code of hotline_satisfaction.
absl::Status RateByKey(const std::string& work_order, const std::string& satisfaction, const casework::Act& act);

absl::StatusOr<v1::RatingReceipt> Rate(const casework::Backend& backend, rpc::Call& call, const v1::RateRequest& r);
absl::StatusOr<v1::RatingReceipt> SupplementRating(const casework::Backend& backend, rpc::Call& call,
                                                   const v1::SupplementRatingRequest& r);
absl::StatusOr<v1::Progress> GetProgress(const casework::Backend& backend, rpc::Call& call, const v1::GetProgressRequest& r);
absl::StatusOr<v1::Code> GetCode(const casework::Backend& backend, rpc::Call& call, const v1::GetCodeRequest& r);

}  // namespace sifa::hotline
