// 使用电子定位装置: on a ground of the law, approved by the head of the county bureau, for three months at most (社区矫正法 §29;
// 实施办法 §37; law §2.2 #11; §2.5 R7 to R9).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/proposal.pb.h"
#include "sifa/corrections/v1/tracking_authority.pb.h"

namespace sifa::corrections {

using v1::Proposal;
using v1::TrackingAuthority;

// Applies for one as part of accepting the proposal to track; its id. For the longest period, which the head may shorten.
absl::StatusOr<std::string> OpenTracking(const Subject& s, const Proposal& proposal, const casework::Act& act);

extern const procedure::Procedure<TrackingAuthority> kTrackingAuthorityProcedure;
extern const statistics::Cube kTrackingCube;  // a stock: who is tagged on a day
extern const casework::Amendments<TrackingAuthority> kTrackingAuthorityAmendments;
extern const casework::Definition<TrackingAuthority> kTrackingAuthority;

}  // namespace sifa::corrections
