// What may be corrected of resettlement: who it is and what the prison wrote. The day of release follows the prison's notice, and
// what help has brought is added by its acts.
#include "libs/casework/correctable.h"
#include "libs/casework/place.h"
#include "services/corrections/resettlement.h"

namespace sifa::corrections {
namespace {

absl::Status Settle(const casework::Backend& backend, const Resettlement&, Resettlement* after) {
  return casework::KnownRegion(*backend.regions, after->region()).status();
}

}  // namespace

const casework::Amendments<Resettlement> kResettlementAmendments = {
    .amendable =
        {
            {"region"},
            {"person"},
            {"release_type"},
            {"prison"},
            {"prison_number"},
            {"offence"},
            {"verification"},
            {"verified_on", true, Resettlement::VERIFY},
            {"linked_on", true, Resettlement::LINK},
            {"end_document"},
            {"ended_on", true, Resettlement::END},
        },
    .settle = Settle,
};

}  // namespace sifa::corrections
