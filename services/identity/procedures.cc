#include "services/identity/procedures.h"

#include "libs/procedure/describe.h"
#include "services/identity/account_procedure.h"
#include "services/identity/organisation_procedure.h"
#include "services/identity/reference/calendar.h"

namespace sifa::identity {

procedure::Pages ProcedurePages() {
  return {{"identity-account.md", procedure::Describe(kAccountProcedure)},
          {"identity-organisation.md", procedure::Describe(kOrganisationProcedure)},
          {"reference-calendar.md", procedure::Describe(reference::kCalendarProcedure)}};
}

}  // namespace sifa::identity
