// What may be corrected of an arrest; the detention runs from its execution.
#include "services/corrections/arrest.h"
#include "services/corrections/record_correction.h"

namespace sifa::corrections {
namespace {

absl::Status Settle(const casework::Backend&, const Arrest&, Arrest* after) {
  if (!after->executed_on().empty()) after->set_detained_until(DetainedUntilOf(*after));
  return absl::OkStatus();
}

}  // namespace

const casework::Amendments<Arrest> kArrestAmendments = {
    .amendable =
        {
            casework::Given("ground"),
            casework::Given("facts"),
            casework::Given("court"),
            {"submitted_on", true, Arrest::SUBMIT},
            casework::Given("decision_number"),
            {"decided_on", true, Arrest::RECORD_DECISION},
            {"executed_on", true, Arrest::RECORD_EXECUTION},
            casework::Given("police"),
            casework::Given("place"),
            {"detained_until", true},
            {"released_on", true, Arrest::RECORD_RELEASE},
        },
    .settle = Settle,
    .mirror = MirrorRecord<Arrest>,
};

}  // namespace sifa::corrections
