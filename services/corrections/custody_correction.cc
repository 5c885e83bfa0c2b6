// What may be corrected of a custody.
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "services/corrections/custody.h"
#include "services/corrections/record_correction.h"

namespace sifa::corrections {
namespace {

absl::Status Settle(const casework::Backend& backend, const Custody&, Custody* after) {
  absl::CivilDay until;
  if (!after->until().empty() && !ParseDay(after->until(), &until))
    return InvalidField("content.until", "FIELD_DATE", "日期应为 YYYY-MM-DD");
  return SetToldLate(backend.calendars.Current(), after);
}

}  // namespace

const casework::Amendments<Custody> kCustodyAmendments = {
    .amendable =
        {
            {"kind"},
            casework::Given("authority"),
            {"document"},
            {"since", true},
            {"until"},
            {"told_on", true, Custody::RECORD},
            {"ended_on", true, Custody::END},
        },
    .settle = Settle,
    .mirror = MirrorRecord<Custody>,
};

}  // namespace sifa::corrections
