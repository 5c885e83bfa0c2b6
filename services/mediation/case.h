// CaseService: one function for each act and reading of a mediation case.
#pragma once

#include "absl/status/statusor.h"
#include "libs/casework/casework.h"
#include "services/mediation/case_procedure.h"
#include "services/mediation/committee.h"
#include "sifa/mediation/v1/case_service.pb.h"

namespace sifa::mediation {

using CaseCasework = casework::Casework<Case, kCaseProcedure>;

// What a case is found by, and how it is numbered: （2026）东吴人调字第1号, each committee and year on its own.
casework::Index IndexOfCase(const casework::Message& message);
std::optional<casework::Numbering> NumberingOfCase(const casework::Message& message, absl::CivilDay act_day);

// Checks identifiers and fills what the service derives from the particulars.
absl::Status CheckParticulars(v1::Particulars* particulars, absl::CivilDay today);
// When an agreement takes effect and so concludes the case, and whether a court may confirm it. REQUIRES of a written one: all
// have signed.
void SettleEffect(Case* c);
// Adds signatures, which stand in the caller's field `at`: of parties only, each once (PARTY_UNKNOWN, SIGNED_TWICE). Earlier ones
// stay.
absl::Status AddSignatures(const google::protobuf::RepeatedPtrField<v1::Signature>& signatures, absl::string_view at, Case* c);

class CaseService {
 public:
  CaseService(CaseCasework& cases, CommitteeCasework& committees, const RegionTable& regions, const CodeTables& codes);
  void Register(rpc::DescribedService& service);

  absl::StatusOr<Case> Apply(rpc::Call& call, const v1::ApplyCaseRequest& r);
  absl::StatusOr<Case> Get(rpc::Call& call, const v1::GetCaseRequest& r);
  absl::StatusOr<v1::ListCasesResponse> List(rpc::Call& call, const v1::ListCasesRequest& r);
  absl::StatusOr<Case> Accept(rpc::Call& call, const v1::AcceptCaseRequest& r);
  absl::StatusOr<Case> Reject(rpc::Call& call, const v1::RejectCaseRequest& r);
  absl::StatusOr<Case> Assign(rpc::Call& call, const v1::AssignCaseRequest& r);
  absl::StatusOr<Case> Edit(rpc::Call& call, const v1::EditCaseRequest& r);
  absl::StatusOr<Case> Invite(rpc::Call& call, const v1::InviteToCaseRequest& r);
  absl::StatusOr<Case> RecordSession(rpc::Call& call, const v1::RecordSessionRequest& r);
  absl::StatusOr<Case> ReportRisk(rpc::Call& call, const v1::ReportCaseRiskRequest& r);
  absl::StatusOr<Case> Extend(rpc::Call& call, const v1::ExtendCaseRequest& r);
  absl::StatusOr<Case> DraftAgreement(rpc::Call& call, const v1::DraftAgreementRequest& r);
  absl::StatusOr<Case> Sign(rpc::Call& call, const v1::SignAgreementRequest& r);
  absl::StatusOr<Case> Agree(rpc::Call& call, const v1::AgreeCaseRequest& r);
  absl::StatusOr<Case> AgreeOrally(rpc::Call& call, const v1::AgreeCaseOrallyRequest& r);
  absl::StatusOr<Case> WriteDown(rpc::Call& call, const v1::WriteDownAgreementRequest& r);
  absl::StatusOr<Case> Fail(rpc::Call& call, const v1::EndCaseRequest& r);
  absl::StatusOr<Case> Withdraw(rpc::Call& call, const v1::EndCaseRequest& r);
  absl::StatusOr<Case> ReviseAgreement(rpc::Call& call, const v1::CaseActRequest& r);
  absl::StatusOr<Case> Supervise(rpc::Call& call, const v1::CaseActRequest& r);
  absl::StatusOr<Case> Perform(rpc::Call& call, const v1::CaseActRequest& r);
  absl::StatusOr<Case> Dispute(rpc::Call& call, const v1::CaseActRequest& r);
  absl::StatusOr<Case> Revisit(rpc::Call& call, const v1::RevisitCaseRequest& r);
  absl::StatusOr<Case> AddPaper(rpc::Call& call, const v1::AddCasePaperRequest& r);
  absl::StatusOr<Case> Archive(rpc::Call& call, const v1::CaseActRequest& r);
  absl::StatusOr<Case> Complain(rpc::Call& call, const v1::ComplainRequest& r);
  absl::StatusOr<Case> DecideComplaint(rpc::Call& call, const v1::DecideComplaintRequest& r);
  absl::StatusOr<casework::v1::AvailableActions> Actions(rpc::Call& call, const v1::GetCaseRequest& r);
  absl::StatusOr<casework::v1::History> History(rpc::Call& call, const casework::v1::GetHistoryRequest& r);
  absl::StatusOr<casework::v1::ClockExplanation> ExplainClock(rpc::Call& call, const casework::v1::ExplainClockRequest& r);
  absl::StatusOr<v1::Progress> GetProgress(rpc::Call& call, const v1::GetProgressRequest& r);

 private:
  // The case as it is applied for, placed with its committee.
  absl::Status RequireInCharge(const casework::Act& act, const Case& c) const;
  absl::StatusOr<Case> NewCase(const rpc::Call& call, const v1::ApplyCaseRequest& r, casework::Neighbours& neighbours) const;
  // Takes a mediator off the committee's list; no effect on a committee that is dissolved.
  absl::Status Remove(const casework::Act& act, const std::string& committee, const std::string& mediator);
  absl::StatusOr<Case> End(rpc::Call& call, int kind, const v1::EndCaseRequest& r);

  CaseCasework& cases_;
  CommitteeCasework& committees_;
  const RegionTable& regions_;
  const CodeTables& codes_;
};

}  // namespace sifa::mediation
