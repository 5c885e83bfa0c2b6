// 司法确认: from the joint application to the court's ruling (law §3.4).
#pragma once

#include "services/mediation/case.h"
#include "sifa/mediation/v1/confirmation.pb.h"

namespace sifa::mediation {

using v1::Confirmation;

extern const procedure::Procedure<Confirmation> kConfirmationProcedure;
extern const casework::Amendments<Confirmation> kConfirmationAmendments;
extern const casework::Definition<Confirmation> kConfirmation;

// The functions of the rows in confirmation_procedure.cc.
absl::StatusOr<Confirmation> NewConfirmation(const v1::ApplyConfirmationRequest&, const casework::Act&);
absl::Status ApplyConfirmation(Confirmation&, const v1::ApplyConfirmationRequest&, const casework::Act&);
absl::Status AcceptConfirmation(Confirmation&, const v1::RecordConfirmationRequest&, const casework::Act&);
absl::Status RefuseConfirmation(Confirmation&, const v1::RecordConfirmationRequest&, const casework::Act&);
absl::Status ExtendConfirmation(Confirmation&, const v1::ExtendConfirmationRequest&);
absl::Status ConfirmAgreement(Confirmation&, const v1::RecordConfirmationRequest&, const casework::Act&);
absl::Status DismissConfirmation(Confirmation&, const v1::RecordConfirmationRequest&, const casework::Act&);
absl::Status WithdrawConfirmation(Confirmation&, const v1::RecordConfirmationRequest&, const casework::Act&);
absl::Status EnforceAgreement(Confirmation&, const v1::RecordConfirmationRequest&, const casework::Act&);

// What a case shows of its confirmation in `state`, reached on the day `since`, and a confirmation of its case's agreement.
void ShowOnCase(const Confirmation& confirmation, Confirmation::State state, const std::string& since, Case* c);
void ShowAgreement(const Case& c, Confirmation* confirmation);

}  // namespace sifa::mediation
