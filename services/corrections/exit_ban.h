// 法定不准出境人员报备: told to the exit-entry police on reception, with who holds which travel document (出境入境管理法 §12;
// 国移民公〔2021〕420号; law §2.2 #6, §2.7 crjzjzl).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/exit_ban.pb.h"

namespace sifa::corrections {

using v1::ExitBan;

extern const procedure::Procedure<ExitBan> kExitBanProcedure;
extern const casework::Amendments<ExitBan> kExitBanAmendments;
extern const casework::Definition<ExitBan> kExitBan;

}  // namespace sifa::corrections
