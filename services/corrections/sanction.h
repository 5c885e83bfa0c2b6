// 训诫, 警告: the two sanctions that the county gives in writing, on an established breach or an absence (实施办法 §34, §35; law
// §2.5 R10, R11, R18). They are counted through the term; 表扬 takes none away.
#pragma once

#include <string>

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/proposal.pb.h"
#include "sifa/corrections/v1/sanction.pb.h"

namespace sifa::corrections {

using v1::Sanction;

extern const procedure::Procedure<Sanction> kSanctionProcedure;
extern const statistics::Cube kSanctionsCube;  // by the day of decision
extern const casework::Amendments<Sanction> kSanctionAmendments;
extern const casework::Definition<Sanction> kSanction;

// Begins the one that a proposal proposes; its id.
absl::StatusOr<std::string> OpenSanction(const Subject& s, const v1::Proposal& proposal, const casework::Act& act);

// Whether it had been given before that day: one that was given for what came earlier is no step before it.
bool GivenBefore(const Sanction& sanction, const std::string& day);

}  // namespace sifa::corrections
