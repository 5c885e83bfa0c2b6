// 教育、公益、帮扶活动: what an office holds for several people: education, counselling, work for the public, training, help (社区矫正法
// §36 to §43). It belongs to the office, and nobody owes hours of it.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/activity.pb.h"

namespace sifa::corrections {

using v1::Activity;

extern const procedure::Procedure<Activity> kActivityProcedure;
extern const casework::Definition<Activity> kActivity;

}  // namespace sifa::corrections
