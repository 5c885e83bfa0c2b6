#include "libs/casework/correction_procedure.h"

namespace sifa::casework {

// Neither in person nor by another: who acts for somebody is he, and himself.
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

}  // namespace sifa::casework
