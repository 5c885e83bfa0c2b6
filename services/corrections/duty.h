// 报告义务: one report that binds a person: the regular one by his class, of who serves outside prison the monthly one of his
// health and the three-monthly re-examination (实施办法 §24; law §2.4).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/duty.pb.h"

namespace sifa::corrections {

using v1::Duty;

extern const procedure::Procedure<Duty> kDutyProcedure;
extern const statistics::Cube kDutiesCube;  // by the day on which a report was due
extern const casework::Definition<Duty> kDuty;

// Makes a report due on a later day, as part of an act; one that was missed meanwhile is due again.
absl::Status PutOff(const Duty& duty, const std::string& until, const casework::Act& act);

}  // namespace sifa::corrections
