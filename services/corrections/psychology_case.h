// 心理: one person's psychological health from the first assessment over warning, intervention and re-test to its end (社区矫正法
// §24: plans follow psychological traits; §40: psychological help; mission 4). Whatever the level asks for is done before it is
// closed. His answers and scores are PsychologyAnswers, for the counsellor only; everybody else reads level and day.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/psychology_case.pb.h"

namespace sifa::corrections {

using v1::PsychologyCase;

extern const procedure::Procedure<PsychologyCase> kPsychologyCaseProcedure;
extern const casework::Definition<PsychologyCase> kPsychologyCase;

}  // namespace sifa::corrections
