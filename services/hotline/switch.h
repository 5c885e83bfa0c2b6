// 交换机: the telephone exchange or the chat server of a centre, which tells what happens to calls and is told what to do with
// them.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/hotline/v1/switch.pb.h"

namespace sifa::hotline {

using v1::Switch;

extern const procedure::Procedure<Switch> kSwitchProcedure;
extern const casework::Definition<Switch> kSwitch;

}  // namespace sifa::hotline
