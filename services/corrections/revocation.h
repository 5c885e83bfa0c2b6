// 提请撤销缓刑、撤销假释、收监执行: the county proposes, the court or the decider rules (社区矫正法 §46, §48, §49; 实施办法 §46
// to §49; law §2.2 #16, #18, #19; §2.5 R13 to R15).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/proposal.pb.h"
#include "sifa/corrections/v1/revocation.pb.h"

namespace sifa::corrections {

using v1::Proposal;
using v1::Revocation;

// Proposed or submitted, and not yet ruled.
bool IsPending(const Revocation& revocation);

// Begins one as part of accepting the proposal to revoke; its id. It goes to the original court or decider.
absl::StatusOr<std::string> OpenRevocation(const Subject& s, const Proposal& proposal, const casework::Act& act);

extern const procedure::Procedure<Revocation> kRevocationProcedure;
extern const statistics::Cube kRevocationsCube;  // by the day of the ruling
extern const casework::Amendments<Revocation> kRevocationAmendments;
extern const casework::Definition<Revocation> kRevocation;

}  // namespace sifa::corrections
