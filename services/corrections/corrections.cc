#include "services/corrections/corrections.h"

#include "libs/casework/office.h"
#include "services/corrections/activity.h"
#include "services/corrections/arrest.h"
#include "services/corrections/assessment.h"
#include "services/corrections/breach.h"
#include "services/corrections/check.h"
#include "services/corrections/commendation.h"
#include "services/corrections/commutation.h"
#include "services/corrections/complaint.h"
#include "services/corrections/contact_permit.h"
#include "services/corrections/custody.h"
#include "services/corrections/delegation.h"
#include "services/corrections/duty.h"
#include "services/corrections/entry_permit.h"
#include "services/corrections/exit_ban.h"
#include "services/corrections/heightening.h"
#include "services/corrections/inspection.h"
#include "services/corrections/leave.h"
#include "services/corrections/notice.h"
#include "services/corrections/officer.h"
#include "services/corrections/own_data.h"
#include "services/corrections/plan.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/proposal.h"
#include "services/corrections/psychology_answers.h"
#include "services/corrections/psychology_case.h"
#include "services/corrections/recheck_extension.h"
#include "services/corrections/release.h"
#include "services/corrections/resettlement.h"
#include "services/corrections/revocation.h"
#include "services/corrections/risk_override.h"
#include "services/corrections/roll_call.h"
#include "services/corrections/sanction.h"
#include "services/corrections/search.h"
#include "services/corrections/subject.h"
#include "services/corrections/supervision_opinion.h"
#include "services/corrections/tracking_authority.h"
#include "services/corrections/transfer.h"
#include "services/corrections/travel_permit.h"
#include "services/corrections/visit.h"

namespace sifa::corrections {

casework::ServiceDefinition Definition() {
  return {.name = "corrections",
          .objects =
              {
                  &kActivity,
                  &kArrest,
                  &kAssessment,
                  &kBreach,
                  &kCheck,
                  &kCommendation,
                  &kCommutation,
                  &kComplaint,
                  &kContactPermit,
                  &kCustody,
                  &kDelegation,
                  &kDuty,
                  &kEntryPermit,
                  &kExitBan,
                  &kHeightening,
                  &kInspection,
                  &kLeave,
                  &kNotice,
                  &kOfficer,
                  &kPlan,
                  &kPolicePenalty,
                  &kProposal,
                  &kPsychologyAnswers,
                  &kPsychologyCase,
                  &kRecheckExtension,
                  &kRelease,
                  &kResettlement,
                  &kRevocation,
                  &kRiskOverride,
                  &kRollCall,
                  &kSanction,
                  &kSearch,
                  &kSubject,
                  &kSupervisionOpinion,
                  &kTrackingAuthority,
                  &kTransfer,
                  &kTravelPermit,
                  &kVisit,
              },
          .set_up = casework::ExposeOffice,
          .own_data = ReadOwnData};
}

}  // namespace sifa::corrections
