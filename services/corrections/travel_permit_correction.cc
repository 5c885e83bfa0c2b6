// What may be corrected of a permit to travel; its days run from the decision, so who approved on another day withdraws the
// approval.
#include "services/corrections/record_correction.h"
#include "services/corrections/travel_permit.h"

namespace sifa::corrections {

const casework::Amendments<TravelPermit> kTravelPermitAmendments = {
    .amendable =
        {
            casework::Given("purpose"),
            casework::Given("places"),
            {"frequency"},
            casework::Given("route"),
            {"decided_on", true, TravelPermit::REFUSE},
            casework::Given("refuse_reason"),
            {"revoked_on", true, TravelPermit::REVOKE},
            casework::Given("revoke_reason"),
        },
    .mirror = MirrorRecord<TravelPermit>,
};

}  // namespace sifa::corrections
