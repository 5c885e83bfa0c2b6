#include "services/mediation/confirmation.h"

#include "libs/core/status.h"

namespace sifa::mediation {
namespace {

absl::CivilDay ActDay(const rpc::Call& call, const std::string& occurred_on) {
  absl::CivilDay day = call.today();
  if (!occurred_on.empty()) ParseDay(occurred_on, &day);  // its form has been validated
  return day;
}

}  // namespace

ConfirmationService::ConfirmationService(ConfirmationCasework& confirmations, CaseCasework& cases)
    : confirmations_(confirmations), cases_(cases) {}

void ConfirmationService::Register(rpc::DescribedService& service) {
  service.On("ApplyConfirmation", this, &ConfirmationService::Apply);
  service.On("GetConfirmation", this, &ConfirmationService::Get);
  service.On("ListConfirmations", this, &ConfirmationService::List);
  service.On("AcceptConfirmation", this, &ConfirmationService::Accept);
  service.On("RefuseConfirmation", this, &ConfirmationService::Refuse);
  service.On("ConfirmAgreement", this, &ConfirmationService::Confirm);
  service.On("DismissConfirmation", this, &ConfirmationService::Dismiss);
  service.On("WithdrawConfirmation", this, &ConfirmationService::Withdraw);
  service.On("EnforceAgreement", this, &ConfirmationService::Enforce);
  service.On("GetConfirmationHistory", this, &ConfirmationService::History);
}

absl::Status ConfirmationService::OnCase(rpc::Call& call, int act, const std::string& case_id, absl::CivilDay day,
                                         const std::function<absl::Status(Case&)>& change, mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const Id id, ParseId(case_id));
  ASSIGN_OR_RETURN(auto stored, cases_.backend().store.Load(connection, cases_.type(), id, true));
  if (!stored) return NotFound(cases_.type().label);
  const casework::ActInput input{.object = id, .act_day = day, .action = cases_.NameOf(act)};
  return cases_.ActInTransaction(casework::Actor::Of(call), act, input, &*stored, connection, change).status();
}

absl::StatusOr<Confirmation> ConfirmationService::Apply(rpc::Call& call, const v1::ApplyConfirmationRequest& r) {
  const absl::CivilDay day = ActDay(call, r.occurred_on());
  ASSIGN_OR_RETURN(const casework::Answer answer, casework::GetObject(cases_.backend(), cases_.type(), call, r.case_id()));
  const Case& c = static_cast<const Case&>(*answer);
  Confirmation initial;
  initial.set_organisation(c.organisation());
  initial.set_organisation_path(c.organisation_path());
  initial.set_region(c.region());
  initial.set_parent(c.id());
  initial.set_court(r.court());
  initial.set_jurisdiction(r.jurisdiction());
  *initial.mutable_applicants() = r.applicants();
  initial.set_party_count(c.particulars().parties_size());
  initial.set_applied_on(FormatDay(day));
  initial.set_perform_by(c.agreement().perform_by());
  return confirmations_.Create(call, Confirmation::APPLY, r, initial, [&](Confirmation&, mysql::Connection& connection) {
    return OnCase(call, Case::APPLY_CONFIRMATION, r.case_id(), day, [&](Case& target) {
      target.set_confirmation_applied_on(FormatDay(day));
      target.set_confirmation_result("APPLIED");
      return absl::OkStatus();
    }, connection);
  });
}

absl::StatusOr<Confirmation> ConfirmationService::Get(rpc::Call& call, const v1::GetConfirmationRequest& r) {
  return confirmations_.Get(call, r.id());
}

absl::StatusOr<v1::ListConfirmationsResponse> ConfirmationService::List(rpc::Call& call, const v1::ListConfirmationsRequest& r) {
  casework::ListQuery query;
  if (!r.case_id().empty()) {
    ASSIGN_OR_RETURN(query.parent, ParseId(r.case_id()));
  }
  v1::ListConfirmationsResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   confirmations_.List(call, std::move(query), r.page_size(), r.page_token(),
                                       [&](const Confirmation& c) { *response.add_confirmations() = c; }));
  return response;
}

absl::StatusOr<Confirmation> ConfirmationService::Record(rpc::Call& call, int act, const v1::RecordConfirmationRequest& r,
                                                         const std::string& result) {
  const absl::CivilDay day = ActDay(call, r.occurred_on());
  return confirmations_.Act(call, act, r, [&](Confirmation& c, mysql::Connection& connection) -> absl::Status {
    if (!r.number().empty()) c.set_number(r.number());
    c.set_ground(r.ground());
    if (act == Confirmation::ACCEPT) c.set_filed_on(FormatDay(day));
    if (act == Confirmation::CONFIRM || act == Confirmation::DISMISS) c.set_ruled_on(FormatDay(day));
    return OnCase(call, Case::RECORD_CONFIRMATION, c.parent(), day, [&](Case& target) {
      target.set_confirmation_result(result);
      return absl::OkStatus();
    }, connection);
  });
}

absl::StatusOr<Confirmation> ConfirmationService::Accept(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::ACCEPT, r, "ACCEPTED");
}
absl::StatusOr<Confirmation> ConfirmationService::Refuse(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::REFUSE, r, "NOT_ACCEPTED");
}
absl::StatusOr<Confirmation> ConfirmationService::Confirm(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::CONFIRM, r, "CONFIRMED");
}
absl::StatusOr<Confirmation> ConfirmationService::Dismiss(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::DISMISS, r, "DISMISSED");
}
absl::StatusOr<Confirmation> ConfirmationService::Withdraw(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::WITHDRAW, r, "WITHDRAWN");
}
absl::StatusOr<Confirmation> ConfirmationService::Enforce(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::ENFORCE, r, "ENFORCED");
}

absl::StatusOr<casework::v1::History> ConfirmationService::History(rpc::Call& call, const casework::v1::GetHistoryRequest& r) {
  return casework::History(confirmations_.backend(), confirmations_.type(), call, r);
}

}  // namespace sifa::mediation
