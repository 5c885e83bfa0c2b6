#include "services/hotline/hotline.h"

#include "libs/casework/office.h"
#include "services/hotline/agent.h"
#include "services/hotline/callback.h"
#include "services/hotline/centre.h"
#include "services/hotline/contact.h"
#include "services/hotline/group.h"
#include "services/hotline/work_order.h"

namespace sifa::hotline {

casework::ServiceDefinition Definition() {
  return {.name = "hotline",
          .objects = {&kCentre, &kGroup, &kAgent, &kContact, &kCallback, &kWorkOrder},
          .set_up = casework::ExposeOffice};
}

}  // namespace sifa::hotline
