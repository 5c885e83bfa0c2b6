// 权责事项: what an agency may do, by which articles, published beforehand (行政处罚法 §17, §39).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/enforcement/v1/power.pb.h"

namespace sifa::enforcement {

using v1::Power;

extern const procedure::Procedure<Power> kPowerProcedure;
extern const casework::Amendments<Power> kPowerAmendments;
extern const casework::Definition<Power> kPower;

}  // namespace sifa::enforcement
