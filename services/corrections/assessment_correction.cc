// What may be corrected of assessments.
#include "libs/casework/correctable.h"
#include "libs/casework/place.h"
#include "libs/core/status.h"
#include "services/corrections/assessment.h"

namespace sifa::corrections {
namespace {

// The limit runs by the track that the commission named; what an inquiry found is added by inquiring again.
absl::Status Settle(const casework::Backend& backend, const Assessment& before, Assessment* after) {
  for (int i = 0; i < after->findings_size(); ++i) after->mutable_findings(i)->set_inquired_on(before.findings(i).inquired_on());
  return casework::KnownRegion(*backend.regions, after->region()).status();
}

}  // namespace

const casework::Amendments<Assessment> kAssessmentAmendments = {
    .amendable =
        {
            {"region"},
            {"commission"},
            {"received_on", true, Assessment::COMMISSION},
            casework::Given("findings"),
            casework::Given("opinion"),
            {"submitted_on", true, Assessment::SUBMIT},
            {"submitted_on", true, Assessment::DECLARE_IMPOSSIBLE},
            {"decision_number"},
        },
    .settle = Settle,
};

}  // namespace sifa::corrections
