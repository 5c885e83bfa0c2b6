#include "libs/casework/correction_procedure.h"

namespace sifa::casework {
namespace {

// Neither in person nor by another: a delegate counts as both people.
const procedure::Guard<Correction> kNotTheRequester = {
    "更正", "CORRECTION_OWN", "更正应当由申请人以外的人审批，不能由申请人的代理人或者被代理人审批", kApprovalRule,
    [](const Correction& c, const procedure::Facts& facts) {
      const auto requested = [&](const std::string& person) {
        return !person.empty() && (person == c.requested_by() || person == c.requested_for());
      };
      return !requested(facts.actor) && !requested(facts.acting_for);
    }};

const procedure::Guard<Correction> kTheRequester = {
    "更正", "CORRECTION_OF_ANOTHER", "只有申请人本人可以撤回更正申请", kApprovalRule,
    [](const Correction& c, const procedure::Facts& facts) { return facts.actor == c.requested_by(); }};

// REQUESTED → APPROVED | REJECTED | CANCELLED.
const procedure::Row<Correction> kRows[] = {
    {.act = Correction::REQUEST, .from = {Correction::STATE_UNSPECIFIED}, .to = Correction::REQUESTED, .law = kApprovalRule},
    {.act = Correction::APPROVE,
     .from = {Correction::REQUESTED},
     .to = Correction::APPROVED,
     .level = procedure::Level::kCounty,
     .guards = {&kNotTheRequester},
     .papers = {Correction::APPROVAL_FORM},
     .law = kApprovalRule},
    {.act = Correction::REJECT,
     .from = {Correction::REQUESTED},
     .to = Correction::REJECTED,
     .level = procedure::Level::kCounty,
     .guards = {&kNotTheRequester},
     .law = kApprovalRule},
    {.act = Correction::CANCEL,
     .from = {Correction::REQUESTED},
     .to = Correction::CANCELLED,
     .guards = {&kTheRequester},
     .law = kApprovalRule},
};

}  // namespace

const procedure::Procedure<Correction> kCorrectionProcedure = {
    .name = "更正",
    .rows = kRows,
    .clocks = {},
    .terminal = {Correction::APPROVED, Correction::REJECTED, Correction::CANCELLED},
    .states = Correction::State_descriptor,
    .acts = Correction::Act_descriptor,
    .clock_kinds = Correction::Limit_descriptor,
    .papers = Correction::Document_descriptor,
};

const Definition<Correction> kCorrection = {.procedure = &kCorrectionProcedure,
                                            .proto_service = "sifa.office.v1.CorrectionService"};

}  // namespace sifa::casework
