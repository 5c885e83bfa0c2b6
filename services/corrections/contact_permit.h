// 会客、接触审批: to meet victims, accusers, co-offenders, and visitors (实施办法 §25).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/contact_permit.pb.h"

namespace sifa::corrections {

using v1::ContactPermit;

extern const procedure::Procedure<ContactPermit> kContactPermitProcedure;
extern const casework::Amendments<ContactPermit> kContactPermitAmendments;
extern const casework::Definition<ContactPermit> kContactPermit;

}  // namespace sifa::corrections
