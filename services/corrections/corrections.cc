#include "services/corrections/corrections.h"

#include "libs/casework/office.h"
#include "services/corrections/assessment.h"
#include "services/corrections/breach.h"
#include "services/corrections/commendation.h"
#include "services/corrections/complaint.h"
#include "services/corrections/notice.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/proposal.h"
#include "services/corrections/release.h"
#include "services/corrections/resettlement.h"
#include "services/corrections/sanction.h"
#include "services/corrections/search.h"
#include "services/corrections/subject.h"
#include "services/corrections/supervision_opinion.h"

namespace sifa::corrections {

casework::ServiceDefinition Definition() {
  return {.name = "corrections",
          .objects = {&kAssessment, &kSubject, &kSearch, &kRelease, &kProposal, &kResettlement, &kNotice, &kComplaint,
                      &kSupervisionOpinion, &kBreach, &kSanction, &kPolicePenalty, &kCommendation},
          .set_up = casework::ExposeOffice};
}

}  // namespace sifa::corrections
