// 行政执法主体: an organ that may enforce in its own name, as it was announced (law §4.1; 行政处罚法 §17–19).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/enforcement/v1/agency.pb.h"

namespace sifa::enforcement {

using v1::Agency;

extern const procedure::Procedure<Agency> kAgencyProcedure;
extern const casework::Amendments<Agency> kAgencyAmendments;
extern const statistics::Cube kAgenciesCube;
extern const casework::Definition<Agency> kAgency;

}  // namespace sifa::enforcement
