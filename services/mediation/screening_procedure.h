// 矛盾纠纷排查: from the round of screening to what became of the dispute that it found (law §3.2 LEAD, §3.6).
#pragma once

#include "libs/procedure/procedure.h"
#include "sifa/mediation/v1/screening.pb.h"

namespace sifa::mediation {

using v1::Screening;

extern const procedure::Procedure<Screening> kScreeningProcedure;

}  // namespace sifa::mediation
