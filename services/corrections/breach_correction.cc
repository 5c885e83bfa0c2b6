// What may be corrected of an inquiry into a breach; what it has proposed follows.
#include "libs/casework/correctable.h"
#include "libs/casework/references.h"
#include "libs/core/status.h"
#include "services/corrections/breach.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/sanction.h"

namespace sifa::corrections {
namespace {

// What was given for it rests on its being established.
absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay, const Breach& before, const Breach& after) {
  if (before.state() != Breach::ESTABLISHED || after.state() == Breach::ESTABLISHED) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool sanctioned, casework::StandsOn<Sanction>(neighbours, "breach", before.id()));
  ASSIGN_OR_RETURN(const bool reported, casework::StandsOn<PolicePenalty>(neighbours, "breach", before.id()));
  if (!sanctioned && !reported) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "BREACH_ANSWERED",
               "该违规已据以提出训诫、警告或者治安管理处罚，应当先将其作废");
}

}  // namespace

const casework::Amendments<Breach> kBreachAmendments = {
    .amendable =
        {
            {"happened_on", true},
            {"facts"},
            casework::Given("evidence"),
            {"heard_on", true},
            {"statement"},
            {"established_on", true, Breach::ESTABLISH},
            {"dismissed_on", true, Breach::DISMISS},
            {"dismiss_reason"},
        },
    .admit = Admit,
    .kin_by = {{"Proposal", "of"}},
};

}  // namespace sifa::corrections
