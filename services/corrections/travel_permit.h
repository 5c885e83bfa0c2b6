// 经常性跨市、县活动: named cities or counties, for six months at a time (实施办法 §29; law §2.5 R5).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/travel_permit.pb.h"

namespace sifa::corrections {

using v1::TravelPermit;

extern const procedure::Procedure<TravelPermit> kTravelPermitProcedure;
extern const casework::Amendments<TravelPermit> kTravelPermitAmendments;
extern const casework::Definition<TravelPermit> kTravelPermit;

}  // namespace sifa::corrections
