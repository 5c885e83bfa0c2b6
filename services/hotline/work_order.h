// 话务工单: what one caller asked, who was to see to it and what he was answered (law §5.3). The centre has it; the organisation
// to which it is routed sees it and does its own acts on it (签收, 退回, 回复).
#pragma once

#include <string>

#include "libs/casework/definition.h"
#include "libs/rpc/call.h"
#include "services/hotline/centre.h"
#include "sifa/hotline/v1/work_order.pb.h"

namespace sifa::hotline {

using v1::WorkOrder;

// Codes of hotline_target.
inline constexpr char kToMediation[] = "01", kToNotary[] = "05", kToAppraisal[] = "06", kToArbitration[] = "07",
                      kToLawyer[] = "08", kToPolice[] = "09";
// Codes of hotline_channel.
inline constexpr char kByMessage[] = "06";

extern const procedure::Procedure<WorkOrder> kWorkOrderProcedure;
extern const casework::Amendments<WorkOrder> kWorkOrderAmendments;
extern const statistics::Cube kWorkOrdersCube;
extern const statistics::Cube kVisitsCube;
extern const casework::Definition<WorkOrder> kWorkOrder;

// A code of hotline_satisfaction: 不满意, 非常不满意.
inline bool IsDissatisfied(const std::string& satisfaction) { return satisfaction >= "04"; }
// Answered without having been routed (一次办结).
bool IsAnsweredOnSpot(const WorkOrder& order);

// A new order of the centre, before anything is known of its matter. A contact's is opened with it, as it arrives.
WorkOrder OrderAt(const Centre& centre, const std::string& channel, const std::string& received_on);

// The acts that name an organisation, which identity is asked for before the transaction.
absl::StatusOr<WorkOrder> RouteWorkOrder(const casework::Backend& backend, rpc::Call& call, const v1::RouteWorkOrderRequest& r);
absl::StatusOr<WorkOrder> DesignateWorkOrder(const casework::Backend& backend, rpc::Call& call,
                                             const v1::DesignateWorkOrderRequest& r);

}  // namespace sifa::hotline
