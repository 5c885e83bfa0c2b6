// CorrectionService: corrections of mediation's records, asked for and decided.
#pragma once

#include "absl/status/statusor.h"
#include "libs/casework/casework.h"
#include "libs/casework/corrections.h"
#include "libs/core/region_table.h"
#include "libs/rpc/described_service.h"
#include "services/mediation/confirmation.h"
#include "sifa/mediation/v1/correction.pb.h"

namespace sifa::mediation {

using casework::v1::Correction;

extern const procedure::Procedure<Correction> kCorrectionProcedure;
using CorrectionCasework = casework::Casework<Correction, kCorrectionProcedure>;

// What of an object may be amended. All references outlive the result.
casework::Correctable CorrectableCase(const casework::ObjectType& type, const RegionTable& regions);
casework::Correctable CorrectableConfirmation(ConfirmationCasework& confirmations, CaseCasework& cases);
casework::Correctable CorrectableCommittee(const casework::ObjectType& type, const RegionTable& regions);

class CorrectionService {
 public:
  CorrectionService(CorrectionCasework& corrections, const casework::Corrections& desk)
      : corrections_(corrections), desk_(desk) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<Correction> Request(rpc::Call& call, const v1::RequestCorrectionRequest& r);
  absl::StatusOr<Correction> Get(rpc::Call& call, const v1::GetCorrectionRequest& r);
  absl::StatusOr<v1::ListCorrectionsResponse> List(rpc::Call& call, const v1::ListCorrectionsRequest& r);
  absl::StatusOr<casework::v1::CorrectionEffect> Effect(rpc::Call& call, const v1::GetCorrectionRequest& r);
  absl::StatusOr<Correction> Approve(rpc::Call& call, const v1::ApproveCorrectionRequest& r);
  absl::StatusOr<Correction> Reject(rpc::Call& call, const v1::EndCorrectionRequest& r);
  absl::StatusOr<Correction> Cancel(rpc::Call& call, const v1::EndCorrectionRequest& r);
  absl::StatusOr<casework::v1::History> History(rpc::Call& call, const casework::v1::GetHistoryRequest& r);

 private:
  absl::StatusOr<Correction> End(rpc::Call& call, int act, const v1::EndCorrectionRequest& r);

  CorrectionCasework& corrections_;
  const casework::Corrections& desk_;
};

}  // namespace sifa::mediation
