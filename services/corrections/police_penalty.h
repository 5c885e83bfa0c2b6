// 提请治安管理处罚: the county asks the police, who decide (社区矫正法 §28; 实施办法 §36; law §2.5 R12). Never of 假释.
#pragma once

#include <string>

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/police_penalty.pb.h"
#include "sifa/corrections/v1/proposal.pb.h"

namespace sifa::corrections {

using v1::PolicePenalty;

extern const procedure::Procedure<PolicePenalty> kPolicePenaltyProcedure;
extern const casework::Amendments<PolicePenalty> kPolicePenaltyAmendments;
extern const casework::Definition<PolicePenalty> kPolicePenalty;

// Whether the days are those from the first to the last: it ends on the last of its days, or so many times 24 hours after it
// began.
bool DaysFit(const PolicePenalty& penalty);

// Begins the one that a proposal proposes; its id.
absl::StatusOr<std::string> OpenPolicePenalty(const Subject& s, const v1::Proposal& proposal, const casework::Act& act);

// Whether the police had punished him before that day.
bool GivenBefore(const PolicePenalty& penalty, const std::string& day);

}  // namespace sifa::corrections
