// 研判规则集: figures of rules and benchmarks that are to change. All cases of its region are judged by them beside those in
// force (replay.h); the difference is read and approved by a second person before they count.
#pragma once

#include <vector>

#include "libs/casework/definition.h"
#include "services/enforcement/rules/parameters.h"
#include "sifa/enforcement/v1/rule_set.pb.h"

namespace sifa::enforcement {

using v1::RuleSet;

extern const procedure::Procedure<RuleSet> kRuleSetProcedure;
extern const casework::Definition<RuleSet> kRuleSet;

// What the set would change. A change that names no division is one of the set's own.
std::vector<rules::Parameter> ParametersOf(const RuleSet& set);

}  // namespace sifa::enforcement
