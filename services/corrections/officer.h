// 执法人员: a post of one person at a county's centre or in an office, from a day to a day (社区矫正法 §10: officers of the state
// who decide and enforce; §11: social workers who help). Where there are too few of them on a day says staffing.h.
#pragma once

#include <string>

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/officer.pb.h"

namespace sifa::corrections {

using v1::Officer;

extern const procedure::Procedure<Officer> kOfficerProcedure;
extern const casework::Amendments<Officer> kOfficerAmendments;
extern const casework::Definition<Officer> kOfficer;

// Whether the post is held on the day.
bool ServesOn(const Officer& officer, const std::string& day);
// Whether two posts have a day in common.
bool Overlap(const Officer& one, const Officer& other);
// Nobody counts twice at one place: INVALID_ARGUMENT "OFFICER_OVERLAPS" where another post of his there has a day in common.
absl::Status RequireNoOverlap(casework::Neighbours& neighbours, const Officer& officer);

}  // namespace sifa::corrections
