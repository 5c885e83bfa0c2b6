// 提请逮捕: who may flee or do harm while his revocation is pending (社区矫正法 §47; 实施办法 §48; law §2.2 #17, #19; §2.5 R16).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/arrest.pb.h"

namespace sifa::corrections {

using v1::Arrest;

extern const procedure::Procedure<Arrest> kArrestProcedure;
extern const casework::Amendments<Arrest> kArrestAmendments;
extern const casework::Definition<Arrest> kArrest;

// The revocation that bore the person's arrest is refused or withdrawn: who is held is released at once, and nobody else is
// arrested by it. `act` is one of a type that looks at arrests.
absl::Status LoseBasis(const casework::Act& act);

// The day of the arrest does not count (刑事诉讼法 §105), and what binds a person ends on its day.
std::string DetainedUntilOf(const Arrest& arrest);

}  // namespace sifa::corrections
