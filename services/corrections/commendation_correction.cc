// What may be corrected of a commendation.
#include "libs/casework/correctable.h"
#include "services/corrections/commendation.h"

namespace sifa::corrections {

const casework::Amendments<Commendation> kCommendationAmendments = {
    .amendable =
        {
            {"facts"},
            {"decided_on", true, Commendation::DECIDE},
            {"refusal_reason"},
        },
};

}  // namespace sifa::corrections
