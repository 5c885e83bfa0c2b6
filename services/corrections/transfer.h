// 变更执行地: a person moves to another county. Two counties and, where they disagree, the city act on it (社区矫正法 §27;
// 实施办法 §30, §31; law §2.2 #8–#10).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/transfer.pb.h"

namespace sifa::corrections {

using v1::Transfer;

extern const procedure::Procedure<Transfer> kTransferProcedure;
extern const statistics::Cube kMovesOutCube;  // by the day on which he reported there, at his old county
extern const statistics::Cube kMovesInCube;   // the same at his new one
extern const casework::Definition<Transfer> kTransfer;

}  // namespace sifa::corrections
