#include "services/enforcement/enforcement.h"

#include "libs/casework/office.h"
#include "services/enforcement/agency.h"

namespace sifa::enforcement {

casework::ServiceDefinition Definition() {
  return {.name = "enforcement", .objects = {&kAgency}, .set_up = casework::ExposeOffice};
}

}  // namespace sifa::enforcement
