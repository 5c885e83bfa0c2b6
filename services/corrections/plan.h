// 矫正方案: what is done with one person and why: drafted by the office, approved and adjusted by the county (社区矫正法 §24;
// 实施办法 §22).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/plan.pb.h"

namespace sifa::corrections {

using v1::Plan;

extern const procedure::Procedure<Plan> kPlanProcedure;
extern const casework::Definition<Plan> kPlan;

// What Plan::AMEND does, also as a part of another act.
absl::Status AmendTo(Plan& plan, const v1::PlanContent& content, const std::string& changed, const casework::Act& act);

}  // namespace sifa::corrections
