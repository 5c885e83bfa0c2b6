// ConfirmationService: judicial confirmation of an agreement. Each of its acts is also written on the case, in one
// transaction.
#pragma once

#include "services/mediation/case.h"
#include "services/mediation/confirmation_procedure.h"

namespace sifa::mediation {

using ConfirmationCasework = casework::Casework<Confirmation, kConfirmationProcedure>;

// What a case shows of the confirmation that its agreement rests on, which is in that state `since` a day; and a confirmation of
// the agreement.
void ShowOnCase(const Confirmation& confirmation, Confirmation::State state, const std::string& since, Case* c);
void ShowAgreement(const Case& c, Confirmation* confirmation);

class ConfirmationService {
 public:
  ConfirmationService(ConfirmationCasework& confirmations, CaseCasework& cases);
  void Register(rpc::DescribedService& service);

  absl::StatusOr<Confirmation> Apply(rpc::Call& call, const v1::ApplyConfirmationRequest& r);
  absl::StatusOr<Confirmation> Get(rpc::Call& call, const v1::GetConfirmationRequest& r);
  absl::StatusOr<v1::ListConfirmationsResponse> List(rpc::Call& call, const v1::ListConfirmationsRequest& r);
  absl::StatusOr<Confirmation> Accept(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<Confirmation> Refuse(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<Confirmation> Extend(rpc::Call& call, const v1::ExtendConfirmationRequest& r);
  absl::StatusOr<Confirmation> Confirm(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<Confirmation> Dismiss(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<Confirmation> Withdraw(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<Confirmation> Enforce(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<casework::v1::AvailableActions> Actions(rpc::Call& call, const v1::GetConfirmationRequest& r);
  absl::StatusOr<casework::v1::ClockExplanation> ExplainClock(rpc::Call& call, const casework::v1::ExplainClockRequest& r);
  absl::StatusOr<casework::v1::History> History(rpc::Call& call, const casework::v1::GetHistoryRequest& r);

 private:
  // The confirmation as it is applied for, of an agreement as it stands.
  absl::StatusOr<Confirmation> NewConfirmation(const rpc::Call& call, const v1::ApplyConfirmationRequest& r,
                                               casework::Neighbours& neighbours) const;
  // Performs the act `kind`, which leads to `state`, and writes that on the case.
  absl::StatusOr<Confirmation> Record(rpc::Call& call, int kind, Confirmation::State state, const v1::RecordConfirmationRequest& r);

  ConfirmationCasework& confirmations_;
  CaseCasework& cases_;
};

}  // namespace sifa::mediation
