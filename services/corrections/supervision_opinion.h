// 检察意见: 纠正意见 and 检察建议 of the procuratorate to the county, answered in writing (社区矫正法 §62).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/supervision_opinion.pb.h"

namespace sifa::corrections {

using v1::SupervisionOpinion;

extern const procedure::Procedure<SupervisionOpinion> kSupervisionOpinionProcedure;
extern const casework::Amendments<SupervisionOpinion> kSupervisionOpinionAmendments;
extern const casework::Definition<SupervisionOpinion> kSupervisionOpinion;

}  // namespace sifa::corrections
