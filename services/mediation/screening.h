// ScreeningService: rounds of screening, the disputes that they find, and what is prevented.
#pragma once

#include "services/mediation/case.h"
#include "services/mediation/screening_procedure.h"

namespace sifa::mediation {

using ScreeningCasework = casework::Casework<Screening, kScreeningProcedure>;

// What a screening is found by.
casework::Index IndexOfScreening(const casework::Message& message);

class ScreeningService {
 public:
  ScreeningService(ScreeningCasework& screenings, CaseCasework& cases, CommitteeCasework& committees, const RegionTable& regions);
  void Register(rpc::DescribedService& service);

  absl::StatusOr<Screening> Record(rpc::Call& call, const v1::RecordScreeningRequest& r);
  absl::StatusOr<Screening> Get(rpc::Call& call, const v1::GetScreeningRequest& r);
  absl::StatusOr<v1::ListScreeningsResponse> List(rpc::Call& call, const v1::ListScreeningsRequest& r);
  absl::StatusOr<Screening> Prevent(rpc::Call& call, const v1::PreventDisputeRequest& r);
  absl::StatusOr<Screening> Settle(rpc::Call& call, const v1::SettleScreeningRequest& r);
  absl::StatusOr<Screening> OpenCase(rpc::Call& call, const v1::OpenScreenedCaseRequest& r);
  absl::StatusOr<Screening> Escalate(rpc::Call& call, const v1::EscalateScreeningRequest& r);
  absl::StatusOr<casework::v1::AvailableActions> Actions(rpc::Call& call, const v1::GetScreeningRequest& r);
  absl::StatusOr<casework::v1::History> History(rpc::Call& call, const casework::v1::GetHistoryRequest& r);

 private:
  absl::StatusOr<Screening> NewScreening(const rpc::Call& call, const v1::RecordScreeningRequest& r,
                                         casework::Neighbours& neighbours) const;

  ScreeningCasework& screenings_;
  CaseCasework& cases_;
  CommitteeCasework& committees_;
  const RegionTable& regions_;
};

}  // namespace sifa::mediation
