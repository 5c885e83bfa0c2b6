// 人民调解委员会: set-up, composition, term (人民调解法 §8–§9).
#pragma once

#include "libs/procedure/procedure.h"
#include "sifa/mediation/v1/committee.pb.h"

namespace sifa::mediation {

using v1::Committee;

extern const procedure::Procedure<Committee> kCommitteeProcedure;

}  // namespace sifa::mediation
