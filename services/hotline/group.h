// 坐席组: agents of a centre who answer one class of matters. The fallback group (综合组) takes what no other can.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/hotline/v1/group.pb.h"

namespace sifa::hotline {

using v1::Group;

extern const procedure::Procedure<Group> kGroupProcedure;
extern const casework::Amendments<Group> kGroupAmendments;
extern const casework::Definition<Group> kGroup;

}  // namespace sifa::hotline
