// 矛盾纠纷排查: from the round of screening to what became of the dispute that it found (law §3.2 LEAD, §3.6).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/mediation/v1/screening.pb.h"

namespace sifa::mediation {

using v1::Screening;

extern const procedure::Procedure<Screening> kScreeningProcedure;
extern const casework::Amendments<Screening> kScreeningAmendments;
extern const statistics::Cube kScreeningsCube;
extern const statistics::Cube kPreventionCube;
extern const casework::Definition<Screening> kScreening;

}  // namespace sifa::mediation
