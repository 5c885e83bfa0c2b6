// 进入特定区域、场所审批: of a person whom a court has banned from it (禁止令; 实施办法 §39).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/entry_permit.pb.h"

namespace sifa::corrections {

using v1::EntryPermit;

extern const procedure::Procedure<EntryPermit> kEntryPermitProcedure;
extern const casework::Amendments<EntryPermit> kEntryPermitAmendments;
extern const casework::Definition<EntryPermit> kEntryPermit;

}  // namespace sifa::corrections
