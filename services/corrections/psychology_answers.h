// 心理测评作答: what a person answered in one assessment, with its score, apart from his case (psychology_case.h): who reads it
// holds corrections.psychology.read, which is the psychological counsellor's alone (config/roles.textproto).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/psychology_answers.pb.h"

namespace sifa::corrections {

using v1::PsychologyAnswers;

extern const procedure::Procedure<PsychologyAnswers> kPsychologyAnswersProcedure;
extern const casework::Definition<PsychologyAnswers> kPsychologyAnswers;

}  // namespace sifa::corrections
