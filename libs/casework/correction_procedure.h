// 更正 as a procedure: asked for with a reason, decided by another person at county level. Each service has
// its own table of it, made here, because permissions carry the service's name.
#pragma once

#include <array>

#include "libs/procedure/procedure.h"
#include "sifa/casework/v1/correction.pb.h"

namespace sifa::casework {

using v1::Correction;

extern const procedure::Guard<Correction> kNotTheRequester;
extern const procedure::Guard<Correction> kTheRequester;

// 授权和审批: who asks for a change does not approve it.
inline constexpr procedure::Law kApprovalRule = {"GB/T 22239-2019 网络安全等级保护基本要求", "8.1.7.3"};

// REQUESTED → APPROVED | REJECTED | CANCELLED.
constexpr std::array<procedure::Row<Correction>, 4> CorrectionRows(absl::string_view request,
                                                                   absl::string_view approve) {
  return {{
      {.act = Correction::REQUEST,
       .from = {Correction::STATE_UNSPECIFIED},
       .to = Correction::REQUESTED,
       .permission = request,
       .law = kApprovalRule},
      {.act = Correction::APPROVE,
       .from = {Correction::REQUESTED},
       .to = Correction::APPROVED,
       .permission = approve,
       .level = procedure::Level::kCounty,
       .guards = {&kNotTheRequester},
       .papers = {Correction::APPROVAL_FORM},
       .law = kApprovalRule},
      {.act = Correction::REJECT,
       .from = {Correction::REQUESTED},
       .to = Correction::REJECTED,
       .permission = approve,
       .level = procedure::Level::kCounty,
       .guards = {&kNotTheRequester},
       .law = kApprovalRule},
      {.act = Correction::CANCEL,
       .from = {Correction::REQUESTED},
       .to = Correction::CANCELLED,
       .permission = request,
       .guards = {&kTheRequester},
       .law = kApprovalRule},
  }};
}

constexpr procedure::Procedure<Correction> CorrectionProcedure(
    absl::Span<const procedure::Row<Correction>> rows) {
  return {.name = "更正",
          .rows = rows,
          .clocks = {},
          .terminal = {Correction::APPROVED, Correction::REJECTED, Correction::CANCELLED},
          .states = Correction::State_descriptor,
          .acts = Correction::Act_descriptor,
          .clock_kinds = Correction::Limit_descriptor,
          .papers = Correction::Document_descriptor};
}

}  // namespace sifa::casework
