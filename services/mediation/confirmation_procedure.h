// 司法确认: from the joint application to the court's ruling (law §3.4).
#pragma once

#include "libs/procedure/procedure.h"
#include "sifa/mediation/v1/confirmation.pb.h"

namespace sifa::mediation {

using v1::Confirmation;

extern const procedure::Procedure<Confirmation> kConfirmationProcedure;

}  // namespace sifa::mediation
