// 表扬: what the county gives to who does well (实施办法 §33; law §2.5 R17).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/commendation.pb.h"

namespace sifa::corrections {

using v1::Commendation;

extern const procedure::Procedure<Commendation> kCommendationProcedure;
extern const statistics::Cube kCommendationsCube;  // by the day of decision
extern const casework::Amendments<Commendation> kCommendationAmendments;
extern const casework::Definition<Commendation> kCommendation;

}  // namespace sifa::corrections
