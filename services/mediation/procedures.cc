#include "services/mediation/procedures.h"

#include "libs/procedure/describe.h"
#include "services/mediation/case_procedure.h"
#include "services/mediation/committee_procedure.h"
#include "services/mediation/confirmation_procedure.h"
#include "services/mediation/correction.h"
#include "services/mediation/screening_procedure.h"

namespace sifa::mediation {

procedure::Pages ProcedurePages() {
  return {{"mediation-case.md", procedure::Describe(kCaseProcedure)},
          {"mediation-committee.md", procedure::Describe(kCommitteeProcedure)},
          {"mediation-confirmation.md", procedure::Describe(kConfirmationProcedure)},
          {"mediation-correction.md", procedure::Describe(kCorrectionProcedure)},
          {"mediation-screening.md", procedure::Describe(kScreeningProcedure)}};
}

}  // namespace sifa::mediation
