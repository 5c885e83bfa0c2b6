// What the acts of a work order do to it; work_order_procedure.cc says when they are done.
#pragma once

#include "services/hotline/work_order.h"

namespace sifa::hotline {

absl::StatusOr<WorkOrder> NewWorkOrder(const v1::CreateWorkOrderRequest& r, const casework::Act& act);
absl::Status Describe(WorkOrder& o, const v1::CreateWorkOrderRequest& r, const casework::Act& act);
absl::Status Record(WorkOrder& o, const v1::RecordWorkOrderRequest& r, const casework::Act& act);
absl::Status LeaveMessage(WorkOrder& o, const casework::Act& act);
absl::Status Answer(WorkOrder& o, const v1::AnswerWorkOrderRequest& r, const casework::Act& act);
absl::Status TransferToMediation(WorkOrder& o, const v1::TransferWorkOrderToMediationRequest& r, const casework::Act& act);
absl::Status Accept(WorkOrder& o, const v1::AcceptWorkOrderRequest& r, const casework::Act& act);
absl::Status Return(WorkOrder& o, const v1::ReturnWorkOrderRequest& r, const casework::Act& act);
absl::Status Handle(WorkOrder& o, const v1::HandleWorkOrderRequest& r, const casework::Act& act);
absl::Status Reply(WorkOrder& o, const v1::ReplyWorkOrderRequest& r, const casework::Act& act);
absl::Status Extend(WorkOrder& o, const v1::ExtendWorkOrderRequest& r, const casework::Act& act);
absl::Status ProposeSupervision(WorkOrder& o, const casework::Act& act);
absl::Status Supervise(WorkOrder& o, const v1::SuperviseWorkOrderRequest& r, const casework::Act& act);
absl::Status AnswerSource(WorkOrder& o, const v1::AnswerWorkOrderSourceRequest& r, const casework::Act& act);
absl::Status Dissatisfy(WorkOrder& o, const casework::Act& act);
absl::Status Visit(WorkOrder& o, const v1::VisitWorkOrderRequest& r, const casework::Act& act);
absl::Status Close(WorkOrder& o, const v1::CloseWorkOrderRequest& r, const casework::Act& act);
absl::Status Reopen(WorkOrder& o, const v1::ReopenWorkOrderRequest& r, const casework::Act& act);
absl::Status Link(WorkOrder& o, const v1::LinkWorkOrderRequest& r, const casework::Act& act);
absl::Status RecordLegalAid(WorkOrder& o, const v1::RecordLegalAidRequest& r, const casework::Act& act);
absl::Status AttachSnippet(WorkOrder& o, const v1::AttachSnippetRequest& r, const casework::Act& act);

// How long an office has (data/parameters.csv); three quarters of it from its acceptance on 督办 is proposed.
inline constexpr calendar::Period kHandlingTime = calendar::WorkingDays("PLS", 5);
inline constexpr char kHandlingDays[] = "hotline.order_handle_days";

}  // namespace sifa::hotline
