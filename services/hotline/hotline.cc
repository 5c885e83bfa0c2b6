#include "services/hotline/hotline.h"

#include "libs/casework/office.h"
#include "libs/core/status.h"
#include "services/hotline/agent.h"
#include "services/hotline/callback.h"
#include "services/hotline/centre.h"
#include "services/hotline/contact.h"
#include "services/hotline/group.h"
#include "services/hotline/hotline_data.h"
#include "services/hotline/switch.h"
#include "services/hotline/switch_log.h"
#include "services/hotline/topic_service.h"
#include "services/hotline/work_order.h"

namespace sifa::hotline {
namespace {

absl::Status SetUp(casework::Service& service) {
  RETURN_IF_ERROR(casework::ExposeOffice(service));
  return ExposeTopics(service);
}

}  // namespace

casework::ServiceDefinition Definition() {
  return {.name = "hotline",
          .objects = {&kCentre, &kGroup, &kAgent, &kContact, &kCallback, &kSwitch, &kWorkOrder},
          .schema = SwitchLogSchema(),
          .set_up = SetUp,
          .own_check = CheckSwitchLog,
          .own_data = ReadHotlineData};
}

}  // namespace sifa::hotline
