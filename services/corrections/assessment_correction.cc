// What may be corrected of assessments.
#include "libs/casework/correctable.h"
#include "libs/casework/place.h"
#include "libs/core/status.h"
#include "services/corrections/assessment.h"

namespace sifa::corrections {
namespace {

// The limit runs by the track that the commission named; what an inquiry found is added by inquiring again.
absl::Status Settle(const casework::Backend& backend, const Assessment& before, Assessment* after) {
  if (after->findings_size() != before.findings_size()) {
    return InvalidField("content.findings", "ITEMS_OF_ACTS",
                        "调查情况由调查产生：增加的应当调查，多余的应当撤销该次调查，更正只改内容");
  }
  for (int i = 0; i < after->findings_size(); ++i) after->mutable_findings(i)->set_inquired_on(before.findings(i).inquired_on());
  if (before.opinion().empty() != after->opinion().empty()) {
    return InvalidField("content.opinion", "ACT_NOT_DONE", "评估意见应当由提交产生，可以更正，不能增删");
  }
  return casework::KnownRegion(*backend.regions, after->region()).status();
}

}  // namespace

const casework::Amendments<Assessment> kAssessmentAmendments = {
    .amendable =
        {
            {"region"},
            {"commission"},
            {"received_on", true, Assessment::COMMISSION},
            {"findings"},
            {"opinion"},
            {"submitted_on", true, Assessment::SUBMIT},
            {"submitted_on", true, Assessment::DECLARE_IMPOSSIBLE},
            {"decision_number"},
        },
    .settle = Settle,
};

}  // namespace sifa::corrections
