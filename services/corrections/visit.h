// 走访: somebody of the office goes to see a person, his family, his workplace or his school (社区矫正法 §26).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/visit.pb.h"

namespace sifa::corrections {

using v1::Visit;

extern const procedure::Procedure<Visit> kVisitProcedure;
extern const casework::Definition<Visit> kVisit;

}  // namespace sifa::corrections
