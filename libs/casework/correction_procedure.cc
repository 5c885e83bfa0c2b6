#include "libs/casework/correction_procedure.h"

namespace sifa::casework {

const procedure::Guard<Correction> kNotTheRequester = {
    "更正", "CORRECTION_OWN", "更正应当由申请人以外的人审批", kApprovalRule,
    [](const Correction& c, const procedure::Facts& facts) { return facts.actor != c.requested_by(); }};

const procedure::Guard<Correction> kTheRequester = {
    "更正", "CORRECTION_OF_ANOTHER", "只有申请人本人可以撤回更正申请", kApprovalRule,
    [](const Correction& c, const procedure::Facts& facts) { return facts.actor == c.requested_by(); }};

}  // namespace sifa::casework
