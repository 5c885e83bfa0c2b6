// 风险等级调整: for a reason and ninety days at most the county holds another level of risk of a person to be right than his
// facts come to (risk.h; mission 6).
#pragma once

#include <string>

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/risk_override.pb.h"

namespace sifa::corrections {

using v1::RiskOverride;

extern const procedure::Procedure<RiskOverride> kRiskOverrideProcedure;
extern const casework::Definition<RiskOverride> kRiskOverride;

bool RunsOn(const RiskOverride& one, const std::string& day);

}  // namespace sifa::corrections
