// What may be corrected of a heightening; which reports it has asked for stays.
#include "libs/casework/correctable.h"
#include "libs/casework/references.h"
#include "libs/core/status.h"
#include "services/corrections/duty.h"
#include "services/corrections/heightening.h"

namespace sifa::corrections {
namespace {

absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay, const Heightening& before, const Heightening& after) {
  if (after.state() == before.state()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool asked, casework::StandsOn<Duty>(neighbours, "heightening", before.id()));
  if (!asked) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "HEIGHTENING_FOLLOWED",
               "该重点时段已启动报告，不能撤销或者作废，可以提前结束");
}

}  // namespace

const casework::Amendments<Heightening> kHeighteningAmendments = {
    .amendable =
        {
            casework::Given("grounds"),
            casework::Given("end_reason"),
            {"ended_on", true, Heightening::END},
        },
    .admit = Admit,
};

}  // namespace sifa::corrections
