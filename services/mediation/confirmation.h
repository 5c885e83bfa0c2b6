// ConfirmationService: judicial confirmation of an agreement. Each of its acts is also written on the case, in one
// transaction.
#pragma once

#include "services/mediation/case.h"
#include "services/mediation/confirmation_procedure.h"

namespace sifa::mediation {

using ConfirmationCasework = casework::Casework<Confirmation, kConfirmationProcedure>;

class ConfirmationService {
 public:
  ConfirmationService(ConfirmationCasework& confirmations, CaseCasework& cases);
  void Register(rpc::DescribedService& service);

  absl::StatusOr<Confirmation> Apply(rpc::Call& call, const v1::ApplyConfirmationRequest& r);
  absl::StatusOr<Confirmation> Get(rpc::Call& call, const v1::GetConfirmationRequest& r);
  absl::StatusOr<v1::ListConfirmationsResponse> List(rpc::Call& call, const v1::ListConfirmationsRequest& r);
  absl::StatusOr<Confirmation> Accept(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<Confirmation> Refuse(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<Confirmation> Confirm(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<Confirmation> Dismiss(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<Confirmation> Withdraw(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<Confirmation> Enforce(rpc::Call& call, const v1::RecordConfirmationRequest& r);
  absl::StatusOr<casework::v1::History> History(rpc::Call& call, const casework::v1::GetHistoryRequest& r);

 private:
  // Performs `act` and writes `result` on the case.
  absl::StatusOr<Confirmation> Record(rpc::Call& call, int act, const v1::RecordConfirmationRequest& r, const std::string& result);
  absl::Status OnCase(rpc::Call& call, int act, const std::string& case_id, absl::CivilDay day,
                      const std::function<absl::Status(Case&)>& change, mysql::Connection& connection);

  ConfirmationCasework& confirmations_;
  CaseCasework& cases_;
};

}  // namespace sifa::mediation
