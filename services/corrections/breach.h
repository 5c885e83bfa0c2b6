// 违规调查: whether, and how gravely, a person broke the rules of his correction; established, it proposes what the law calls for
// (社区矫正法 §28; 实施办法 §34-§36, §46, §49; law §2.5 R10-R15).
#pragma once

#include <string>

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/breach.pb.h"
#include "sifa/corrections/v1/proposal.pb.h"

namespace sifa::corrections {

using v1::Breach;

extern const procedure::Procedure<Breach> kBreachProcedure;
extern const statistics::Cube kBreachesCube;  // by the day on which it was established or dismissed
extern const casework::Amendments<Breach> kBreachAmendments;
extern const casework::Definition<Breach> kBreach;

// Begins what a proposal to investigate proposes; its id.
absl::StatusOr<std::string> OpenBreach(const Subject& s, const v1::Proposal& proposal, const casework::Act& act);

}  // namespace sifa::corrections
