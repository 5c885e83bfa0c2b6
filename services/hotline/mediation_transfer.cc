#include "services/hotline/mediation_transfer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/casework.h"
#include "libs/core/status.h"
#include "libs/procedure/procedure.h"

namespace sifa::hotline {
namespace {

using mediation::v1::Case;

constexpr char kOnApplication[] = "2";  // case_source 依申请调解
constexpr char kByWord[] = "1";         // application_form 口头申请
constexpr int kMostAtOnce = 200;

// The journal row of the transfer that waits, by the letter that it made.
std::string KeyOf(const WorkOrder& order) {
  const auto& papers = order.papers();
  const auto letter = std::find_if(papers.rbegin(), papers.rend(), [](const auto& paper) {
    return paper.kind() == WorkOrder::Document_Name(WorkOrder::TRANSFER_LETTER);
  });
  return letter == papers.rend() ? "" : letter->journal_id();
}

// Whether nobody has decided: it is tried again. Everything else is what mediation, or identity, answers to the person.
bool IsUndecided(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return false;
    default:
      return !status.ok();
  }
}

// Another process was first.
absl::Status UnlessDoneBefore(const absl::Status& status) {
  return ReasonOf(status) == "ACTION_NOT_ALLOWED" || ReasonOf(status) == "TRANSFER_MOVED_ON" ? absl::OkStatus() : status;
}

bool IsRefused(const std::string& state) {
  return state == Case::State_Name(Case::REJECTED) || state == Case::State_Name(Case::VOIDED);
}
bool IsBeforeItsEnd(const std::string& state) {
  return state == Case::State_Name(Case::APPLIED) || state == Case::State_Name(Case::ACCEPTED) ||
         state == Case::State_Name(Case::ASSIGNED) || state == Case::State_Name(Case::MEDIATING);
}

void AddRefusal(WorkOrder& order, const std::string& on, absl::string_view reason, absl::string_view message) {
  auto* refusal = order.add_refusals();
  refusal->set_on(on);
  refusal->set_reason(std::string(reason));
  refusal->set_message(std::string(message));
}

// The orders in a state; of those that are handled the ones at mediation.
absl::StatusOr<std::vector<WorkOrder>> OrdersIn(const casework::Backend& backend, WorkOrder::State state) {
  casework::ListQuery query;
  query.scopes = {"/"};
  query.states = {state};
  query.limit = kMostAtOnce;
  if (state == WorkOrder::HANDLING) query.terms = {{"target", kToMediation}};
  std::vector<WorkOrder> orders;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    orders.clear();
    ASSIGN_OR_RETURN(const auto stored, backend.store.List(connection, backend.objects->Of<WorkOrder>(), query));
    for (const auto& one : stored) orders.push_back(static_cast<const WorkOrder&>(*one.object));
    return absl::OkStatus();
  }));
  return orders;
}

}  // namespace

mediation::v1::ApplyCaseRequest ApplicationOf(const WorkOrder& order) {
  mediation::v1::ApplyCaseRequest request;
  request.set_request_id(KeyOf(order));
  request.set_occurred_on(order.transfer().on());
  request.set_committee(order.transfer().committee());
  request.set_region(order.matter().place());
  auto* particulars = request.mutable_particulars();
  particulars->set_type(order.transfer().dispute_type());
  particulars->set_source(kOnApplication);
  particulars->set_application_form(kByWord);
  particulars->set_facts(order.matter().facts());
  particulars->set_claims(order.transfer().claims());
  auto* applicant = particulars->add_parties();
  applicant->set_name(order.caller().name());
  applicant->set_phone(order.caller().phone());
  applicant->set_side(1);
  for (const auto& respondent : order.transfer().respondents()) {
    auto* party = particulars->add_parties();
    party->set_name(respondent.name());
    party->set_phone(respondent.phone());
    party->set_side(2);
  }
  return request;
}

absl::Status MediationTransfer::ApplyAll() const {
  ASSIGN_OR_RETURN(const auto orders, OrdersIn(backend_, WorkOrder::TRANSFERRING));
  absl::Status first;
  for (const WorkOrder& order : orders) {
    const absl::Status status = Apply(order);
    if (absl::IsUnavailable(status)) return status;  // nor could the others be asked for
    first.Update(status);
  }
  return first;
}

absl::Status MediationTransfer::Apply(const WorkOrder& order) const {
  const casework::Casework<WorkOrder> casework(backend_);
  ASSIGN_OR_RETURN(const Id id, ParseId(order.id()));
  const auto made = mediation_.apply(order.transfer().by(), ApplicationOf(order));
  if (IsUndecided(made.status())) return made.status();
  // Transferred anew since: this answer was to an earlier transfer.
  const auto still = [key = KeyOf(order)](const WorkOrder& o) {
    return KeyOf(o) == key ? absl::OkStatus()
                           : Error(absl::StatusCode::kFailedPrecondition, "TRANSFER_MOVED_ON", "该移送已有后续办理");
  };
  if (!made.ok()) {
    return UnlessDoneBefore(casework
                                .ActAsSystem(WorkOrder::REFUSE_TRANSFER, id,
                                             [&](WorkOrder& o, const casework::Act& act) {
                                               AddRefusal(o, act.occurred_on(), ReasonOf(made.status()), made.status().message());
                                               return still(o);
                                             })
                                .status());
  }
  return UnlessDoneBefore(casework
                              .ActAsSystem(WorkOrder::RECORD_CASE, id,
                                           [&](WorkOrder& o) {
                                             o.set_case_id(made->id());
                                             o.set_case_number(made->number());
                                             o.set_case_state(Case::State_Name(made->state()));
                                             o.set_case_state_label(procedure::LabelOf(Case::State_descriptor(), made->state()));
                                             o.set_case_code(made->progress_code());
                                             o.set_target(kToMediation);
                                             o.set_target_office(made->organisation());
                                             o.set_target_path(made->organisation_path());
                                             o.set_routed_on(o.transfer().on());
                                             return still(o);
                                           })
                              .status());
}

absl::Status MediationTransfer::FollowAll() const {
  ASSIGN_OR_RETURN(const auto orders, OrdersIn(backend_, WorkOrder::HANDLING));
  absl::Status first;
  for (const WorkOrder& order : orders) {
    if (order.case_code().empty()) continue;  // routed to a committee otherwise
    const absl::Status status = Follow(order);
    if (absl::IsUnavailable(status)) return status;
    first.Update(status);
  }
  return first;
}

absl::Status MediationTransfer::Follow(const WorkOrder& order) const {
  ASSIGN_OR_RETURN(const auto progress, mediation_.progress(order.case_code()));
  if (progress.state() == order.case_state() && progress.number() == order.case_number()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Id id, ParseId(order.id()));
  const WorkOrder::Act act = IsRefused(progress.state())        ? WorkOrder::REFUSE_TRANSFER
                             : IsBeforeItsEnd(progress.state()) ? WorkOrder::FOLLOW_CASE
                                                                : WorkOrder::CONCLUDE_CASE;
  const auto change = [&](WorkOrder& o, const casework::Act& running) {
    o.set_case_state(progress.state());
    o.set_case_state_label(progress.state_label());
    o.set_case_number(progress.number());
    if (act == WorkOrder::REFUSE_TRANSFER) {
      AddRefusal(o, running.occurred_on(), progress.state(), progress.state_label());
      o.clear_target();
      o.clear_target_office();
      o.clear_target_path();
      o.clear_case_code();
    }
    if (act == WorkOrder::CONCLUDE_CASE) {
      o.set_reply(absl::StrCat("人民调解案件", progress.number(), "：", progress.state_label()));
      o.set_replied_on(running.occurred_on());
    }
    return absl::OkStatus();
  };
  return UnlessDoneBefore(casework::Casework<WorkOrder>(backend_).ActAsSystem(act, id, change).status());
}

}  // namespace sifa::hotline
