#include "services/mediation/confirmation.h"

#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "services/mediation/laws.h"

namespace sifa::mediation {

void ShowOnCase(const Confirmation& confirmation, Confirmation::State state, const std::string& since, Case* c) {
  c->set_confirmation_applied_on(confirmation.applied_on());
  c->set_confirmation_result(Confirmation::State_Name(state));
  c->set_confirmation_result_on(since);
  c->set_confirmation(confirmation.id());
}

void ShowAgreement(const Case& c, Confirmation* confirmation) {
  confirmation->set_party_count(c.particulars().parties_size());
  confirmation->set_perform_by(c.agreement().perform_by());
  confirmation->set_effective_on(c.agreement().effective_on());
  confirmation->set_inviting_court(c.particulars().diversion().court());
}

// A case shows the latest confirmation of its present agreement; what becomes of an earlier one leaves it as it is.
static bool Shows(const Case& c, const Confirmation& confirmation) {
  if (c.confirmation_applied_on().empty()) return false;
  return c.confirmation().empty() || c.confirmation() == confirmation.id();  // empty: recorded before the field was
}

// The case's half of an act of its confirmation, which leads to `state`.
static absl::Status RecordOnCase(const CaseCasework& cases, const casework::Act& act, int kind, const Confirmation& confirmation,
                                 Confirmation::State state, const std::string& since) {
  ASSIGN_OR_RETURN(const Case before, act.Load(cases, confirmation.parent()));
  if (kind != Case::APPLY_CONFIRMATION && !Shows(before, confirmation)) return absl::OkStatus();
  return act.ActOn(cases, kind, confirmation.parent(), [&](Case& c) {
    ShowOnCase(confirmation, state, since, &c);
    return absl::OkStatus();
  }).status();
}

ConfirmationService::ConfirmationService(ConfirmationCasework& confirmations, CaseCasework& cases)
    : confirmations_(confirmations), cases_(cases) {}

void ConfirmationService::Register(rpc::DescribedService& service) {
  service.On("ApplyConfirmation", this, &ConfirmationService::Apply);
  service.On("GetConfirmation", this, &ConfirmationService::Get);
  service.On("ListConfirmations", this, &ConfirmationService::List);
  service.On("AcceptConfirmation", this, &ConfirmationService::Accept);
  service.On("RefuseConfirmation", this, &ConfirmationService::Refuse);
  service.On("ExtendConfirmation", this, &ConfirmationService::Extend);
  service.On("ConfirmAgreement", this, &ConfirmationService::Confirm);
  service.On("DismissConfirmation", this, &ConfirmationService::Dismiss);
  service.On("WithdrawConfirmation", this, &ConfirmationService::Withdraw);
  service.On("EnforceAgreement", this, &ConfirmationService::Enforce);
  service.On("ListConfirmationActions", this, &ConfirmationService::Actions);
  service.On("ExplainConfirmationClock", this, &ConfirmationService::ExplainClock);
  service.On("GetConfirmationHistory", this, &ConfirmationService::History);
}

absl::StatusOr<Confirmation> ConfirmationService::NewConfirmation(const rpc::Call& call, const v1::ApplyConfirmationRequest& r,
                                                                  casework::Neighbours& neighbours) const {
  ASSIGN_OR_RETURN(const Case c, neighbours.Load(cases_, r.case_id(), casework::Lock::kExclusive));  // it takes part in the act
  if (!casework::Actor::Of(call).Reaches(c.organisation_path())) return NotFound(cases_.type().label);
  Confirmation initial;
  initial.set_organisation(c.organisation());
  initial.set_organisation_path(c.organisation_path());
  initial.set_region(c.region());
  initial.set_parent(c.id());
  initial.set_court(r.court());
  initial.set_jurisdiction(r.jurisdiction());
  *initial.mutable_applicants() = r.applicants();
  initial.set_by_agents(r.by_agents());
  ShowAgreement(c, &initial);
  return initial;
}

absl::StatusOr<Confirmation> ConfirmationService::Apply(rpc::Call& call, const v1::ApplyConfirmationRequest& r) {
  const auto prepare = [&](casework::Neighbours& neighbours) { return NewConfirmation(call, r, neighbours); };
  return confirmations_.Create(call, Confirmation::APPLY, r, prepare, [&](Confirmation& made, const casework::Act& act) {
    made.set_applied_on(act.occurred_on());
    for (const int document : r.enclosed()) {
      auto* paper = made.add_papers();
      paper->set_kind(procedure::NameOf(Confirmation::Document_descriptor(), document));
      paper->set_label(procedure::LabelOf(Confirmation::Document_descriptor(), document));
      paper->set_made_on(made.applied_on());
    }
    return RecordOnCase(cases_, act, Case::APPLY_CONFIRMATION, made, Confirmation::APPLIED, made.applied_on());
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

absl::StatusOr<Confirmation> ConfirmationService::Record(rpc::Call& call, int kind, Confirmation::State state,
                                                         const v1::RecordConfirmationRequest& r) {
  const bool refuses = kind == Confirmation::REFUSE || kind == Confirmation::DISMISS;
  if (r.ground() != Confirmation::GROUND_UNSPECIFIED && !refuses) {
    return InvalidField("ground", "FIELD_NOT_APPLICABLE", "法院不予受理或者驳回申请的，才填写理由");
  }
  return confirmations_.Act(call, kind, r, [&](Confirmation& c, const casework::Act& act) {
    if (!r.number().empty()) c.set_number(r.number());
    if (r.ground() != Confirmation::GROUND_UNSPECIFIED) c.set_ground(r.ground());
    if (kind == Confirmation::ACCEPT) c.set_filed_on(act.occurred_on());
    if (kind == Confirmation::CONFIRM || kind == Confirmation::DISMISS) c.set_ruled_on(act.occurred_on());
    return RecordOnCase(cases_, act, Case::RECORD_CONFIRMATION, c, state, act.occurred_on());
  });
}

absl::StatusOr<Confirmation> ConfirmationService::Accept(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::ACCEPT, Confirmation::ACCEPTED, r);
}
absl::StatusOr<Confirmation> ConfirmationService::Refuse(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::REFUSE, Confirmation::NOT_ACCEPTED, r);
}
absl::StatusOr<Confirmation> ConfirmationService::Confirm(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::CONFIRM, Confirmation::CONFIRMED, r);
}
absl::StatusOr<Confirmation> ConfirmationService::Dismiss(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::DISMISS, Confirmation::DISMISSED, r);
}
absl::StatusOr<Confirmation> ConfirmationService::Withdraw(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::WITHDRAW, Confirmation::WITHDRAWN, r);
}
absl::StatusOr<Confirmation> ConfirmationService::Enforce(rpc::Call& call, const v1::RecordConfirmationRequest& r) {
  return Record(call, Confirmation::ENFORCE, Confirmation::ENFORCED, r);
}

absl::StatusOr<Confirmation> ConfirmationService::Extend(rpc::Call& call, const v1::ExtendConfirmationRequest& r) {
  if (!r.president_approves()) {
    return Refused("EXTENSION_NOT_APPROVED", "延长审查期限应当由本院院长批准", {kCvl, "187"});
  }
  return confirmations_.Act(call, Confirmation::EXTEND, r, [&](Confirmation& c) {
    c.set_extended_until(r.extended_until());
    return absl::OkStatus();
  });
}

absl::StatusOr<casework::v1::AvailableActions> ConfirmationService::Actions(rpc::Call& call, const v1::GetConfirmationRequest& r) {
  return confirmations_.Actions(call, r.id());
}

absl::StatusOr<casework::v1::ClockExplanation> ConfirmationService::ExplainClock(rpc::Call& call, const casework::v1::ExplainClockRequest& r) {
  return confirmations_.ExplainClock(call, r);
}

absl::StatusOr<casework::v1::History> ConfirmationService::History(rpc::Call& call, const casework::v1::GetHistoryRequest& r) {
  return casework::History(confirmations_.backend(), confirmations_.type(), call, r);
}

}  // namespace sifa::mediation
