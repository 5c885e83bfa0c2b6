// 外出: leaving the city or county of residence, from the application to the return (社区矫正法 §27; 实施办法 §26–28; law §2.5
// R1–R4).
#pragma once

#include <string>
#include <vector>

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/leave.pb.h"

namespace sifa::corrections {

using v1::Leave;

extern const procedure::Procedure<Leave> kLeaveProcedure;
extern const statistics::Cube kLeavesCube;  // by the day of decision
extern const casework::Amendments<Leave> kLeaveAmendments;
extern const casework::Definition<Leave> kLeave;

// Who decides on a leave that lasts to a day, and why (law §2.5 R3). Both ends of a leave count; of approved leaves in the two
// calendar months that end on its last day, the days inside only.
struct Entitled {
  int days = 0;
  int days_in_two_months = 0;
  Leave::Level level = Leave::LEVEL_UNSPECIFIED;
  std::string reason;  // "外出8日，超过七日，由县级社区矫正机构审批"
};
Entitled EntitledTo(const Leave& leave, const std::string& to, const std::vector<const Leave*>& others);

}  // namespace sifa::corrections
