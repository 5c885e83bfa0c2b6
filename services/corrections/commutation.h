// 减刑: proposed by the county, reviewed and submitted by the city or the province, ruled by the court (社区矫正法 §33; 实施办法
// §42; law §2.1, §2.4).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/commutation.pb.h"

namespace sifa::corrections {

using v1::Commutation;

extern const procedure::Procedure<Commutation> kCommutationProcedure;
extern const casework::Amendments<Commutation> kCommutationAmendments;
extern const casework::Definition<Commutation> kCommutation;

}  // namespace sifa::corrections
