// 行政处罚委托: an agency lets an organisation punish in its name, for a term, in writing and in public (行政处罚法 §20–21).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/enforcement/v1/delegation.pb.h"

namespace sifa::enforcement {

using v1::Delegation;

extern const procedure::Procedure<Delegation> kDelegationProcedure;
extern const casework::Amendments<Delegation> kDelegationAmendments;
extern const casework::Definition<Delegation> kDelegation;

}  // namespace sifa::enforcement
