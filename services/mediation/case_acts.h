// What the acts of a case do to it: the functions of the rows in case_procedure.cc, named as the methods of CaseService.
#pragma once

#include "services/mediation/case.h"
#include "sifa/mediation/v1/case_service.pb.h"

namespace sifa::mediation {

absl::StatusOr<Case> NewCase(const v1::ApplyCaseRequest&, const casework::Act&);
absl::Status AcceptCase(Case&, const v1::AcceptCaseRequest&, const casework::Act&);
absl::Status RejectCase(Case&, const v1::RejectCaseRequest&);
absl::Status AssignCase(Case&, const v1::AssignCaseRequest&, const casework::Act&);
absl::Status EditCase(Case&, const v1::EditCaseRequest&, const casework::Act&);
absl::Status InviteToCase(Case&, const v1::InviteToCaseRequest&);
absl::Status RecordSession(Case&, const v1::RecordSessionRequest&, const casework::Act&);
absl::Status ReportCaseRisk(Case&, const v1::ReportCaseRiskRequest&);
absl::Status ExtendCase(Case&, const v1::ExtendCaseRequest&);
absl::Status FailCase(Case&, const v1::EndCaseRequest&, const casework::Act&);
absl::Status WithdrawCase(Case&, const v1::EndCaseRequest&, const casework::Act&);
absl::Status ConfirmPerformance(Case&, const v1::CaseActRequest&, const casework::Act&);
absl::Status RevisitCase(Case&, const v1::RevisitCaseRequest&);
absl::Status AddCasePaper(Case&, const v1::AddCasePaperRequest&, const casework::Act&);
absl::Status ArchiveCase(Case&, const v1::CaseActRequest&, const casework::Act&);
absl::Status DraftAgreement(Case&, const v1::DraftAgreementRequest&);
absl::Status SignAgreement(Case&, const v1::SignAgreementRequest&);
absl::Status AgreeCase(Case&, const v1::AgreeCaseRequest&, const casework::Act&);
absl::Status AgreeCaseOrally(Case&, const v1::AgreeCaseOrallyRequest&, const casework::Act&);
absl::Status WriteDownAgreement(Case&, const v1::WriteDownAgreementRequest&);
absl::Status ReviseAgreement(Case&, const v1::CaseActRequest&, const casework::Act&);
absl::Status Complain(Case&, const v1::ComplainRequest&, const casework::Act&);
absl::Status DecideComplaint(Case&, const v1::DecideComplaintRequest&, const casework::Act&);

}  // namespace sifa::mediation
