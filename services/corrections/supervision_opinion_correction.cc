// What may be corrected of an opinion of the procuratorate.
#include "libs/casework/correctable.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "services/corrections/supervision_opinion.h"

namespace sifa::corrections {
namespace {

absl::Status Settle(const casework::Backend&, const SupervisionOpinion&, SupervisionOpinion* after) {
  absl::CivilDay day;
  if (ParseDay(after->reply_by(), &day)) return absl::OkStatus();
  return InvalidField("content.reply_by", "FIELD_DATE", "日期应为 YYYY-MM-DD");
}

}  // namespace

const casework::Amendments<SupervisionOpinion> kSupervisionOpinionAmendments = {
    .amendable =
        {
            {"kind"},
            casework::Given("procuratorate"),
            casework::Given("document"),
            {"issued_on", true},
            casework::Given("content"),
            {"received_on", true, SupervisionOpinion::RECEIVE},
            {"reply_by"},
            casework::Given("reply"),
            casework::Given("not_adopted_reason"),
            {"replied_on", true, SupervisionOpinion::REPLY},
        },
    .settle = Settle,
};

}  // namespace sifa::corrections
