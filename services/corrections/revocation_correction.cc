// What may be corrected of a revocation; his term and what ended with it follow the ruling.
#include "services/corrections/record_correction.h"
#include "services/corrections/revocation.h"

namespace sifa::corrections {
namespace {

// A ruling is the end of the term, or the end of the arrest.
std::vector<casework::Kin> KinOf(const casework::Past&, const Revocation& record) { return {{"Subject", record.subject()}}; }

}  // namespace

const casework::Amendments<Revocation> kRevocationAmendments = {
    .amendable =
        {
            casework::Given("ground"),
            casework::Given("facts"),
            casework::Given("addressee_name"),
            {"original_region"},
            {"proposed_on", true, Revocation::PROPOSE},
            {"proposed_on", true, Revocation::OPEN},
            {"submitted_on", true, Revocation::SUBMIT},
            {"received_on", true},
            casework::Given("procuratorate"),
            casework::Given("withdraw_reason"),
            casework::Given("ruling_number"),
            {"ruled_on", true, Revocation::RECORD_RULING},
            {"delivered_on", true, Revocation::RECORD_DELIVERY},
            casework::Given("delivered_to"),
        },
    .mirror = MirrorRecord<Revocation>,
    .kin = KinOf,
    .kin_by = EndedWithTerm("subject"),
};

}  // namespace sifa::corrections
