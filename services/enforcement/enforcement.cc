#include "services/enforcement/enforcement.h"

#include "libs/casework/office.h"
#include "services/enforcement/agency.h"
#include "services/enforcement/case.h"

namespace sifa::enforcement {

casework::ServiceDefinition Definition() {
  return {.name = "enforcement", .objects = {&kAgency, &kCase}, .set_up = casework::ExposeOffice};
}

}  // namespace sifa::enforcement
