// 限制人身自由: who is held by another authority, of which it tells within three days (社区矫正法 §32; 实施办法 §41; law §2.2
// #13).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/custody.pb.h"

namespace sifa::corrections {

using v1::Custody;

extern const procedure::Procedure<Custody> kCustodyProcedure;
extern const casework::Amendments<Custody> kCustodyAmendments;
extern const casework::Definition<Custody> kCustody;

// The authority's limit, which has run by the time that anything is recorded (实施办法 §41).
absl::Status SetToldLate(const calendar::Calendar& calendar, Custody* custody);

}  // namespace sifa::corrections
