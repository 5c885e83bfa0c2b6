// What may be corrected of a roll-call; who was called has been.
#include "libs/casework/correctable.h"
#include "libs/casework/references.h"
#include "libs/core/status.h"
#include "services/corrections/check.h"
#include "services/corrections/roll_call.h"

namespace sifa::corrections {
namespace {

absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay, const RollCall& before, const RollCall& after) {
  if (after.called() == before.called() || after.state() == RollCall::VOIDED) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool called, casework::StandsOn<Check>(neighbours, "roll_call", before.id()));
  if (!called) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "ROLL_CALL_HAS_CHECKS", "该点名已发起核查，不能撤销");
}

}  // namespace

const casework::Amendments<RollCall> kRollCallAmendments = {
    .amendable =
        {
            {"seed_published"},
            {"close_note"},
            {"closed_on", true, RollCall::CLOSE},
        },
    .admit = Admit,
};

}  // namespace sifa::corrections
