// 调查评估: what a court, procuratorate, police or prison asks before it decides that somebody is corrected in the community
// (社区矫正法 §18; law §2.3).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/assessment.pb.h"

namespace sifa::corrections {

using v1::Assessment;

extern const procedure::Procedure<Assessment> kAssessmentProcedure;
extern const statistics::Cube kAssessmentsCube;  // by the day on which the opinion was submitted
extern const casework::Amendments<Assessment> kAssessmentAmendments;
extern const casework::Definition<Assessment> kAssessment;

}  // namespace sifa::corrections
