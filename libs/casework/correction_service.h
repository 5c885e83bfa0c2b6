// CorrectionService: corrections of a service's records, asked for and decided.
#pragma once

#include "absl/status/statusor.h"
#include "libs/casework/casework.h"
#include "libs/casework/corrections.h"
#include "libs/rpc/described_service.h"
#include "sifa/casework/v1/correction_service.pb.h"

namespace sifa::casework {

class CorrectionService {
 public:
  CorrectionService(const Backend& backend, const Corrections& desk) : corrections_(backend), desk_(desk) {}

  void Register(rpc::DescribedService& service) {
    service.On("RequestCorrection", this, &CorrectionService::Request);
    service.On("GetCorrection", this, &CorrectionService::Get);
    service.On("ListCorrections", this, &CorrectionService::List);
    service.On("GetCorrectionEffect", this, &CorrectionService::Effect);
    service.On("ApproveCorrection", this, &CorrectionService::Approve);
    service.On("RejectCorrection", this, &CorrectionService::Reject);
    service.On("CancelCorrection", this, &CorrectionService::Cancel);
    service.On("ListCorrectionActions", this, &CorrectionService::Actions);
    service.On("GetCorrectionHistory", this, &CorrectionService::History);
  }

  absl::StatusOr<Correction> Request(rpc::Call& call, const v1::RequestCorrectionRequest& r) {
    return corrections_.Create(call, Correction::REQUEST, r, [&] { return desk_.Prepare(call, r); },
                               [&](Correction& c, const Act& act) { return desk_.Prove(act, &c); });
  }

  absl::StatusOr<Correction> Get(rpc::Call& call, const v1::GetCorrectionRequest& r) { return corrections_.Get(call, r.id()); }

  absl::StatusOr<v1::ListCorrectionsResponse> List(rpc::Call& call, const v1::ListCorrectionsRequest& r) {
    ListQuery query;
    query.states.assign(r.states().begin(), r.states().end());
    if (!r.object().empty()) {
      ASSIGN_OR_RETURN(query.parent, ParseId(r.object()));
    }
    v1::ListCorrectionsResponse response;
    ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                     corrections_.List(call, std::move(query), r.page_size(), r.page_token(),
                                       [&](const Correction& c) { *response.add_corrections() = c; }));
    return response;
  }

  absl::StatusOr<v1::CorrectionEffect> Effect(rpc::Call& call, const v1::GetCorrectionRequest& r) {
    ASSIGN_OR_RETURN(const Correction correction, corrections_.Get(call, r.id()));
    if (correction.state() != Correction::REQUESTED) return correction.effect();
    return desk_.Effect(correction);
  }

  absl::StatusOr<Correction> Approve(rpc::Call& call, const v1::ApproveCorrectionRequest& r) {
    return corrections_.Act(call, Correction::APPROVE, r, [&](Correction& c, const Act& act) {
      c.set_decision_reason(r.reason());
      return desk_.Apply(call, r.object_etag(), &c, act.connection());
    });
  }

  absl::StatusOr<Correction> Reject(rpc::Call& call, const v1::EndCorrectionRequest& r) { return End(call, Correction::REJECT, r); }
  absl::StatusOr<Correction> Cancel(rpc::Call& call, const v1::EndCorrectionRequest& r) { return End(call, Correction::CANCEL, r); }

  absl::StatusOr<v1::AvailableActions> Actions(rpc::Call& call, const v1::GetCorrectionRequest& r) {
    return corrections_.Actions(call, r.id());
  }

  absl::StatusOr<v1::History> History(rpc::Call& call, const v1::GetHistoryRequest& r) {
    return casework::History(corrections_.backend(), corrections_.type(), call, r);
  }

 private:
  absl::StatusOr<Correction> End(rpc::Call& call, int act, const v1::EndCorrectionRequest& r) {
    return corrections_.Act(call, act, r, [&](Correction& c) {
      c.set_decision_reason(r.reason());
      c.set_decided_by(call.claims().sub());
      c.set_decided_by_account(call.claims().account());
      return absl::OkStatus();
    });
  }

  const Casework<Correction> corrections_;
  const Corrections& desk_;
};

}  // namespace sifa::casework
