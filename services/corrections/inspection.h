// 远程督察: a county, or who is above it, looks into an office by video; what it has found the office answers with measures, and
// who inspected closes or returns it (社区矫正法 §8; mission 31). It is of an office, and no person's record.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/inspection.pb.h"

namespace sifa::corrections {

using v1::Inspection;

extern const procedure::Procedure<Inspection> kInspectionProcedure;
extern const casework::Amendments<Inspection> kInspectionAmendments;
extern const casework::Definition<Inspection> kInspection;

}  // namespace sifa::corrections
