// What may be corrected of a permit to meet somebody.
#include "services/corrections/contact_permit.h"
#include "services/corrections/record_correction.h"

namespace sifa::corrections {

const casework::Amendments<ContactPermit> kContactPermitAmendments = {
    .amendable =
        {
            {"kind"},
            casework::Given("contact_name"),
            casework::Given("purpose"),
            {"decided_on", true, ContactPermit::APPROVE},
            {"decided_on", true, ContactPermit::REFUSE},
            casework::Given("refuse_reason"),
            {"revoked_on", true, ContactPermit::REVOKE},
            casework::Given("revoke_reason"),
        },
    .mirror = MirrorRecord<ContactPermit>,
};

}  // namespace sifa::corrections
