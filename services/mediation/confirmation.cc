#include "services/mediation/confirmation.h"

#include "libs/core/status.h"
#include "libs/procedure/clocks.h"

namespace sifa::mediation {

using casework::Act;

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
static absl::Status RecordOnCase(const Act& act, int kind, const Confirmation& confirmation, Confirmation::State state) {
  ASSIGN_OR_RETURN(const Case before, act.LoadUnchecked<Case>(confirmation.parent()));
  if (kind != Case::APPLY_CONFIRMATION && !Shows(before, confirmation)) return absl::OkStatus();
  return act
      .ActOn<Case>(kind, confirmation.parent(),
                   [&](Case& c) {
                     ShowOnCase(confirmation, state, act.occurred_on(), &c);
                     return absl::OkStatus();
                   })
      .status();
}

static absl::Status Record(Confirmation& c, const v1::RecordConfirmationRequest& r, Confirmation::State state, const Act& act) {
  if (!r.number().empty()) c.set_number(r.number());
  return RecordOnCase(act, Case::RECORD_CONFIRMATION, c, state);
}

// The court's answer where it has no ground to tell.
static absl::Status RecordWithoutGround(Confirmation& c, const v1::RecordConfirmationRequest& r, Confirmation::State state,
                                        const Act& act) {
  if (r.ground() == Confirmation::GROUND_UNSPECIFIED) return Record(c, r, state, act);
  return InvalidField("ground", "FIELD_NOT_APPLICABLE", "法院不予受理或者驳回申请的，才填写理由");
}

// The confirmation of an agreement as it stands. Its case takes part in the act.
absl::StatusOr<Confirmation> NewConfirmation(const v1::ApplyConfirmationRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Case c, act.Load<Case>(r.case_id(), casework::Lock::kExclusive));
  Confirmation made;
  made.set_organisation(c.organisation());
  made.set_organisation_path(c.organisation_path());
  made.set_region(c.region());
  made.set_parent(c.id());
  made.set_court(r.court());
  made.set_jurisdiction(r.jurisdiction());
  *made.mutable_applicants() = r.applicants();
  made.set_by_agents(r.by_agents());
  made.set_applied_on(act.occurred_on());
  ShowAgreement(c, &made);
  return made;
}

absl::Status ApplyConfirmation(Confirmation& made, const v1::ApplyConfirmationRequest& r, const Act& act) {
  for (const int document : r.enclosed()) {
    auto* paper = made.add_papers();
    paper->set_kind(procedure::NameOf(Confirmation::Document_descriptor(), document));
    paper->set_label(procedure::LabelOf(Confirmation::Document_descriptor(), document));
    paper->set_made_on(made.applied_on());
  }
  return RecordOnCase(act, Case::APPLY_CONFIRMATION, made, Confirmation::APPLIED);
}

absl::Status AcceptConfirmation(Confirmation& c, const v1::RecordConfirmationRequest& r, const Act& act) {
  c.set_filed_on(act.occurred_on());
  return RecordWithoutGround(c, r, Confirmation::ACCEPTED, act);
}

absl::Status RefuseConfirmation(Confirmation& c, const v1::RecordConfirmationRequest& r, const Act& act) {
  c.set_ground(r.ground());
  return Record(c, r, Confirmation::NOT_ACCEPTED, act);
}

absl::Status ExtendConfirmation(Confirmation& c, const v1::ExtendConfirmationRequest& r) {
  c.set_president_approved(r.president_approves());
  c.set_extended_until(r.extended_until());
  return absl::OkStatus();
}

absl::Status ConfirmAgreement(Confirmation& c, const v1::RecordConfirmationRequest& r, const Act& act) {
  c.set_ruled_on(act.occurred_on());
  return RecordWithoutGround(c, r, Confirmation::CONFIRMED, act);
}

absl::Status DismissConfirmation(Confirmation& c, const v1::RecordConfirmationRequest& r, const Act& act) {
  c.set_ground(r.ground());
  c.set_ruled_on(act.occurred_on());
  return Record(c, r, Confirmation::DISMISSED, act);
}

absl::Status WithdrawConfirmation(Confirmation& c, const v1::RecordConfirmationRequest& r, const Act& act) {
  return RecordWithoutGround(c, r, Confirmation::WITHDRAWN, act);
}

absl::Status EnforceAgreement(Confirmation& c, const v1::RecordConfirmationRequest& r, const Act& act) {
  return RecordWithoutGround(c, r, Confirmation::ENFORCED, act);
}

static absl::Status Narrow(const v1::ListConfirmationsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (r.case_id().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(query->parent, ParseId(r.case_id()));
  return absl::OkStatus();
}

const casework::Definition<Confirmation> kConfirmation = {
    .procedure = &kConfirmationProcedure,
    .list = casework::ListOf<Narrow>,
    .amendments = &kConfirmationAmendments,
};

}  // namespace sifa::mediation
