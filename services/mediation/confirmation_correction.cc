// What may be corrected of a confirmation.
#include <algorithm>

#include "libs/casework/past.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "services/mediation/case.h"
#include "services/mediation/confirmation.h"
#include "services/mediation/correction.h"

namespace sifa::mediation {
namespace {

// A new agreement was reached because the court had ruled on the old one.
absl::Status RequireRuledBeforeRevision(const casework::Past& past, const Confirmation& confirmation) {
  bool asked = false;
  for (const casework::PastAct& act : past.acts()) {
    if (!act.in_force()) continue;
    if (act.act == Case::APPLY_CONFIRMATION) asked = act.part_of.object() == confirmation.id();
    if (!asked || act.act != Case::REVISE_AGREEMENT || FormatDay(past.DayOf(act)) >= confirmation.ruled_on()) continue;
    return InvalidField("content.ruled_on", "ACT_OUT_OF_ORDER", "裁定的日期不能晚于此后变更调解协议的日期");
  }
  return absl::OkStatus();
}

absl::Status Mirror(const casework::Past&, const casework::Look& look, Confirmation* confirmation) {
  ASSIGN_OR_RETURN(const casework::Reading reading, look({"Case", confirmation->parent()}));
  RETURN_IF_ERROR(RequireRuledBeforeRevision(reading.past, *confirmation));
  const std::vector<std::string> present = OfPresentAgreement(reading.past);
  if (std::find(present.begin(), present.end(), confirmation->id()) != present.end()) {
    ShowAgreement(static_cast<const Case&>(*reading.object), confirmation);
  }
  return absl::OkStatus();
}

absl::Status SettleConfirmation(const casework::Backend&, const Confirmation& before, Confirmation* after) {
  RETURN_IF_ERROR(CheckWasGiven("jurisdiction", before.jurisdiction() != 0, after->jurisdiction() != 0));
  RETURN_IF_ERROR(CheckWasGiven("ground", before.ground() != 0, after->ground() != 0));
  return before.number().empty() ? absl::OkStatus() : CheckWasGiven("number", before.number(), after->number());
}

std::vector<casework::Kin> KinOf(const casework::Past&, const Confirmation& after) { return {{"Case", after.parent()}}; }

// What is open below a voided case could never be closed.
absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay, const Confirmation& before, const Confirmation& after) {
  if (after.state() == before.state() || after.state() == Confirmation::VOIDED) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Case c, neighbours.Load<Case>(after.parent()));
  if (c.state() != Case::VOIDED) return absl::OkStatus();
  return InvalidField("act", "RECORD_VOIDED", "所属的案件已作废，其司法确认只能作废");
}

}  // namespace

const casework::Amendments<Confirmation> kConfirmationAmendments = {
    .amendable =
        {
            {"number"},
            {"court"},
            {"jurisdiction"},
            {"ground"},
            {"applied_on", true, Confirmation::APPLY},
            {"filed_on", true, Confirmation::ACCEPT},
            {"ruled_on", true, Confirmation::CONFIRM},
            {"ruled_on", true, Confirmation::DISMISS},
        },
    .settle = SettleConfirmation,
    .mirrored = {"perform_by", "effective_on", "party_count", "inviting_court"},
    .mirror = Mirror,
    .kin = KinOf,
    .admit = Admit,
};

}  // namespace sifa::mediation
