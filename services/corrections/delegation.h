// 委托: the county has an office do a matter of its own for a time (社区矫正法 §9; law §2.1). Who decides a matter that may be
// delegated asks whether one runs on the day of the decision.
#pragma once

#include <string>

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/delegation.pb.h"

namespace sifa::corrections {

using v1::Delegation;

extern const procedure::Procedure<Delegation> kDelegationProcedure;
extern const casework::Definition<Delegation> kDelegation;

bool RunsOn(const Delegation& delegation, const std::string& day);

// The id of the delegation of a matter to an office that runs on the day of the act; empty: there is none.
absl::StatusOr<std::string> DelegationTo(const std::string& office, Delegation::Matter matter, const casework::Act& act);

}  // namespace sifa::corrections
