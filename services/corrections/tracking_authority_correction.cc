// What may be corrected of a tracking authority; its days are the decision's own.
#include "services/corrections/record_correction.h"
#include "services/corrections/tracking_authority.h"

namespace sifa::corrections {

const casework::Amendments<TrackingAuthority> kTrackingAuthorityAmendments = {
    .amendable =
        {
            casework::Given("facts"),
            {"device"},
            casework::Given("device_number"),
            casework::Given("need"),
            {"proposed_on", true, TrackingAuthority::PROPOSE},
            {"proposed_on", true, TrackingAuthority::OPEN},
            {"decided_on", true, TrackingAuthority::APPROVE},
            {"decided_on", true, TrackingAuthority::REFUSE},
            casework::Given("refuse_reason"),
            {"running_from", true, TrackingAuthority::NOTIFY},
            {"ended_on", true, TrackingAuthority::LIFT},
            casework::Given("lift_reason"),
        },
    .mirror = MirrorRecord<TrackingAuthority>,
};

}  // namespace sifa::corrections
