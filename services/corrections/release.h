// 期满解除: from thirty days before the end of the term to the certificate (社区矫正法 §44; 实施办法 §53; law §2.2 #21).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/release.pb.h"

namespace sifa::corrections {

using v1::Release;

extern const procedure::Procedure<Release> kReleaseProcedure;
extern const casework::Amendments<Release> kReleaseAmendments;
extern const casework::Definition<Release> kRelease;

}  // namespace sifa::corrections
