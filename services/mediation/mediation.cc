#include "services/mediation/mediation.h"

#include "libs/casework/office.h"
#include "services/mediation/case.h"
#include "services/mediation/committee.h"
#include "services/mediation/confirmation.h"
#include "services/mediation/schema.h"
#include "services/mediation/screening.h"

namespace sifa::mediation {

casework::ServiceDefinition Definition() {
  return {.name = "mediation",
          .objects = {&kCommittee, &kCase, &kConfirmation, &kScreening},
          .schema = Schema(),
          .set_up = casework::ExposeOffice};
}

}  // namespace sifa::mediation
