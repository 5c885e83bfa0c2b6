// What may be corrected of work orders.
#include "libs/casework/place.h"
#include "services/hotline/work_order.h"

namespace sifa::hotline {
namespace {

// The order stays of the place of its matter.
absl::Status Derive(const casework::Backend& backend, const WorkOrder&, WorkOrder* after) {
  if (!after->has_matter()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const RegionCode place, casework::KnownRegion(*backend.regions, after->matter().place()));
  after->set_region(place.ToString());
  return absl::OkStatus();
}

}  // namespace

const casework::Amendments<WorkOrder> kWorkOrderAmendments = {.amendable = {{"caller"},
                                                                            {"matter"},
                                                                            {"answer"},
                                                                            {"reply"},
                                                                            {"laws"},
                                                                            {"received_on", true, WorkOrder::CREATE},
                                                                            {"answered_on", true, WorkOrder::ANSWER},
                                                                            {"routed_on", true, WorkOrder::ROUTE},
                                                                            {"routed_on", true, WorkOrder::DESIGNATE},
                                                                            {"accepted_on", true, WorkOrder::ACCEPT},
                                                                            {"replied_on", true, WorkOrder::REPLY},
                                                                            {"dissatisfied_on", true, WorkOrder::DISSATISFY},
                                                                            {"closed_on", true, WorkOrder::CLOSE}},
                                                              .settle = Derive};

}  // namespace sifa::hotline
