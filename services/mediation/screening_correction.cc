// What may be corrected of screenings.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/place.h"
#include "libs/casework/references.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "services/mediation/correction.h"
#include "services/mediation/screening.h"

namespace sifa::mediation {
namespace {

// As the acts say them: each on its day, none before the screening.
absl::Status CheckPreventions(const Screening& before, absl::CivilDay today, Screening* after) {
  RETURN_IF_ERROR(CheckSameCount("preventions", before.preventions_size(), after->preventions_size()));
  for (int i = 0; i < after->preventions_size(); ++i) {
    auto* prevention = after->mutable_preventions(i);
    if (prevention->taken_on().empty()) prevention->set_taken_on(before.preventions(i).taken_on());
    const std::string field = absl::StrCat("content.preventions[", i, "].taken_on");
    absl::CivilDay day;
    if (!ParseDay(prevention->taken_on(), &day)) return InvalidField(field, "FIELD_DATE", "日期应为 YYYY-MM-DD");
    if (day > today) return InvalidField(field, "DATE_FUTURE", "采取措施的日期不能晚于今天");
    if (prevention->taken_on() < after->screened_on()) {
      return InvalidField(field, "ACT_OUT_OF_ORDER", "采取措施的日期不能早于排查日期");
    }
  }
  return absl::OkStatus();
}

absl::Status SettleScreening(const casework::Backend& backend, const Screening& before, Screening* after) {
  // A round that found nothing has its own state and figures, as what was found in it has (人民调解工作若干规定 §3).
  RETURN_IF_ERROR(CheckWasGiven("lead", before.has_lead(), after->has_lead()));
  RETURN_IF_ERROR(CheckWasGiven("danger", before.danger(), after->danger()));
  if (before.concluded_on().empty() && !after->outcome().empty()) return NotDone("outcome");
  RETURN_IF_ERROR(CheckPreventions(before, backend.clock.Today(), after));
  return casework::KnownRegion(*backend.regions, after->region()).status();
}

absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay today, const Screening& before, const Screening& after) {
  const bool moved = after.screened_on() != before.screened_on();
  if (after.state() == Screening::VOIDED) return absl::OkStatus();
  if (moved) {
    // The first record of a round stands for the round in the figures, so while others are of it, it stays on its day.
    ASSIGN_OR_RETURN(const bool others, casework::StandsOn<Screening>(neighbours, "round", before.id()));
    if (others)
      return Error(absl::StatusCode::kFailedPrecondition, "ROUND_HAS_RECORDS", "同一次排查尚有续记的纠纷线索，不能更改排查日期");
  }
  if (moved && !after.round().empty()) {
    ASSIGN_OR_RETURN(const Screening round, neighbours.Load<Screening>(after.round()));
    if (round.screened_on() != after.screened_on()) {
      return InvalidField("content.screened_on", "ROUND_UNKNOWN", "续记的纠纷线索与同一次排查的记录应当是同一天");
    }
  }
  if (after.region() == before.region()) return absl::OkStatus();
  return CheckDivision(neighbours, after.committee(), after.region(), today);
}

}  // namespace

const casework::Amendments<Screening> kScreeningAmendments = {
    .amendable =
        {
            {"region"},
            {"lead"},
            {"preventions"},
            {"danger"},
            {"people"},
            {"outcome"},
            {"screened_on", true, Screening::SCREEN},
            {"screened_on", true, Screening::FIND},
            {"concluded_on", true, Screening::SETTLE},
            {"concluded_on", true, Screening::OPEN_CASE},
            {"concluded_on", true, Screening::ESCALATE},
        },
    .settle = SettleScreening,
    .admit = Admit,
};

}  // namespace sifa::mediation
