// What may be corrected of a permit to enter an area.
#include "services/corrections/entry_permit.h"
#include "services/corrections/record_correction.h"

namespace sifa::corrections {

const casework::Amendments<EntryPermit> kEntryPermitAmendments = {
    .amendable =
        {
            casework::Given("area"),
            casework::Given("purpose"),
            {"decided_on", true, EntryPermit::APPROVE},
            {"decided_on", true, EntryPermit::REFUSE},
            casework::Given("refuse_reason"),
            {"revoked_on", true, EntryPermit::REVOKE},
            casework::Given("revoke_reason"),
        },
    .mirror = MirrorRecord<EntryPermit>,
};

}  // namespace sifa::corrections
