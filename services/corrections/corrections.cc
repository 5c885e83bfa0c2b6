#include "services/corrections/corrections.h"

#include "libs/casework/office.h"
#include "services/corrections/assessment.h"
#include "services/corrections/complaint.h"
#include "services/corrections/notice.h"
#include "services/corrections/proposal.h"
#include "services/corrections/release.h"
#include "services/corrections/resettlement.h"
#include "services/corrections/search.h"
#include "services/corrections/subject.h"
#include "services/corrections/supervision_opinion.h"
#include "services/corrections/transfer.h"

namespace sifa::corrections {

casework::ServiceDefinition Definition() {
  return {.name = "corrections",
          .objects =
              {
                  &kAssessment,
                  &kComplaint,
                  &kNotice,
                  &kProposal,
                  &kRelease,
                  &kResettlement,
                  &kSearch,
                  &kSubject,
                  &kSupervisionOpinion,
                  &kTransfer,
              },
          .set_up = casework::ExposeOffice};
}

}  // namespace sifa::corrections
