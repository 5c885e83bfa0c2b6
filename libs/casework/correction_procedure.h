// 更正 as a procedure: asked for with a reason, decided by another person at county level. Every service whose objects have
// amendments has it (objects.h).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/casework/v1/correction.pb.h"

namespace sifa::casework {

using v1::Correction;

// 授权和审批: who asks for a change does not approve it.
inline constexpr procedure::Law kApprovalRule = {"GB/T 22239-2019 网络安全等级保护基本要求", "8.1.7.3"};

extern const procedure::Procedure<Correction> kCorrectionProcedure;
extern const Definition<Correction> kCorrection;

}  // namespace sifa::casework
