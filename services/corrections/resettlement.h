// 安置帮教: voluntary help for who has been released, from prison or from corrections, so that he finds a home and work and does
// not offend again (监狱法 §37; law §9). It restricts nobody, and it outlives the term in corrections.
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/resettlement.pb.h"

namespace sifa::corrections {

using v1::Resettlement;

constexpr char kKeyPerson[] = "01", kOrdinaryPerson[] = "02";  // resettlement_risk

extern const procedure::Procedure<Resettlement> kResettlementProcedure;
extern const statistics::Cube kResettlementsCube;  // by the day of release
extern const casework::Amendments<Resettlement> kResettlementAmendments;
extern const casework::Definition<Resettlement> kResettlement;

// Hands the subject over once his term has ended, with the county's appraisal, as part of an act. No effect where he is helped
// already.
absl::Status BeginResettlement(const Subject& s, const std::string& appraisal, const casework::Act& act);

}  // namespace sifa::corrections
