#include "services/mediation/correction.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/mediation/case.h"

namespace sifa::mediation {
namespace {

const auto kRows = casework::CorrectionRows("mediation.correction.request", "mediation.correction.approve");

absl::Status CheckRegion(const RegionTable& regions, const std::string& text) {
  ASSIGN_OR_RETURN(const RegionCode region, RegionCode::Parse(text));
  return regions.Require(region).status();
}

// The name or the number is the same: one of them may be put right, not both at once.
bool SamePerson(const v1::Party& a, const v1::Party& b) {
  const auto number = [](const v1::Party& party) {
    return party.id_number() + party.credit_code() + party.certificate_number();
  };
  return a.name() == b.name() || (number(a) == number(b) && !number(a).empty());
}

// Signatures name parties by their place, so whoever has signed keeps it.
absl::Status CheckSignersStay(const Case& before, const Case& after) {
  for (const auto& signature : before.agreement().signatures()) {
    const int party = signature.party();
    if (party < after.particulars().parties_size() &&
        SamePerson(before.particulars().parties(party), after.particulars().parties(party))) {
      continue;
    }
    return InvalidField(absl::StrCat("content.particulars.parties[", party, "]"), "SIGNER_CHANGED",
                        "已在协议上签名的当事人不能删除、更换或者调换位置");
  }
  return absl::OkStatus();
}

// What acts derive from the content of a case.
absl::Status SettleCase(const RegionTable& regions, const Case& before, Case* c) {
  RETURN_IF_ERROR(CheckRegion(regions, c->region()));
  RETURN_IF_ERROR(CheckParticulars(c->mutable_particulars()));
  RETURN_IF_ERROR(CheckSignersStay(before, *c));
  if (!c->agreement().effective_on().empty()) SettleEffect(c);
  if (c->agreement().ByteSizeLong() == 0) c->clear_agreement();
  return absl::OkStatus();
}

}  // namespace

const procedure::Procedure<Correction> kCorrectionProcedure = casework::CorrectionProcedure(kRows);

casework::Correctable CorrectableCase(const casework::ObjectType& type, const RegionTable& regions) {
  auto correctable = casework::MakeCorrectable<Case, kCaseProcedure>(type);
  correctable.amendable = {
      {"region"},
      {"particulars"},
      {"applied_on", true, Case::APPLY},
      {"accepted_on", true, Case::ACCEPT},
      {"assigned_on", true},
      {"mediator_choice"},
      {"conflicted"},
      {"conflict_waived"},
      {"extension_agreed"},
      {"routes_told"},
      {"concluded_on", true, Case::AGREE},
      {"concluded_on", true, Case::AGREE_ORALLY},
      {"concluded_on", true, Case::FAIL},
      {"concluded_on", true, Case::WITHDRAW},
      {"performed_on", true, Case::PERFORM},
      {"archived_on", true, Case::ARCHIVE},
      {"rejection_reason"},
      {"end_reason"},
      {"sessions"},
      {"invitations"},
      {"risk_reports"},
      {"revisits"},
      {"complaints"},
      // Not the agreement as a whole: its form and its first effective day are the acts' own.
      {"agreement.content"},
      {"agreement.amount_fen"},
      {"agreement.perform_by"},
      {"agreement.signatures"},
      {"agreement.mediator_signed_on", true},
      {"agreement.sealed_on", true},
      {"agreement.agreed_on", true},
  };
  correctable.settle = [&regions](const casework::Message& before, casework::Message* after) {
    return SettleCase(regions, static_cast<const Case&>(before), static_cast<Case*>(after));
  };
  return correctable;
}

casework::Correctable CorrectableConfirmation(ConfirmationCasework& confirmations, CaseCasework& cases) {
  auto correctable = casework::MakeCorrectable<Confirmation, kConfirmationProcedure>(confirmations.type());
  correctable.amendable = {
      {"number"},
      {"court"},
      {"jurisdiction"},
      {"ground"},
      {"applied_on", true, Confirmation::APPLY},
      {"filed_on", true, Confirmation::ACCEPT},
      {"ruled_on", true, Confirmation::CONFIRM},
      {"ruled_on", true, Confirmation::DISMISS},
  };
  correctable.follow = [&cases](const casework::Act& act, const casework::Message& after) {
    const auto& c = static_cast<const Confirmation&>(after);
    return RecordOnCase(cases, act, Case::RECORD_CONFIRMATION, c, c.state());
  };
  return correctable;
}

casework::Correctable CorrectableCommittee(const casework::ObjectType& type, const RegionTable& regions) {
  auto correctable = casework::MakeCorrectable<Committee, kCommitteeProcedure>(type);
  correctable.amendable = {
      {"region"},
      {"name"},
      {"type"},
      {"level"},
      {"case_word"},
      {"members"},
      {"mixed_area"},
      {"elected_on", true, Committee::ESTABLISH},
      {"elected_on", true, Committee::REELECT},
  };
  correctable.settle = [&regions](const casework::Message&, casework::Message* after) {
    return CheckRegion(regions, static_cast<const Committee*>(after)->region());
  };
  return correctable;
}

void CorrectionService::Register(rpc::DescribedService& service) {
  service.On("RequestCorrection", this, &CorrectionService::Request);
  service.On("GetCorrection", this, &CorrectionService::Get);
  service.On("ListCorrections", this, &CorrectionService::List);
  service.On("GetCorrectionEffect", this, &CorrectionService::Effect);
  service.On("ApproveCorrection", this, &CorrectionService::Approve);
  service.On("RejectCorrection", this, &CorrectionService::Reject);
  service.On("CancelCorrection", this, &CorrectionService::Cancel);
  service.On("GetCorrectionHistory", this, &CorrectionService::History);
}

absl::StatusOr<Correction> CorrectionService::Request(rpc::Call& call,
                                                      const v1::RequestCorrectionRequest& r) {
  const auto prepare = [&] {
    return desk_.Prepare(call, {r.object_type(), r.object(), r.kind(), r.act(), r.act_day(), r.update_mask(), r.content(), r.reason()});
  };
  return corrections_.Create(call, Correction::REQUEST, r, prepare,
                             [&](Correction& c, const casework::Act& act) { return desk_.Prove(act, &c); });
}

absl::StatusOr<Correction> CorrectionService::Get(rpc::Call& call, const v1::GetCorrectionRequest& r) {
  return corrections_.Get(call, r.id());
}

absl::StatusOr<v1::ListCorrectionsResponse> CorrectionService::List(rpc::Call& call,
                                                                    const v1::ListCorrectionsRequest& r) {
  casework::ListQuery query;
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

absl::StatusOr<casework::v1::CorrectionEffect> CorrectionService::Effect(rpc::Call& call,
                                                                         const v1::GetCorrectionRequest& r) {
  ASSIGN_OR_RETURN(const Correction correction, corrections_.Get(call, r.id()));
  if (correction.state() != Correction::REQUESTED) return correction.effect();
  return desk_.Effect(correction);
}

absl::StatusOr<Correction> CorrectionService::Approve(rpc::Call& call,
                                                      const v1::ApproveCorrectionRequest& r) {
  return corrections_.Act(call, Correction::APPROVE, r, [&](Correction& c, const casework::Act& act) {
    c.set_decision_reason(r.reason());
    return desk_.Apply(call, r.object_etag(), &c, act.connection());
  });
}

absl::StatusOr<Correction> CorrectionService::End(rpc::Call& call, int act,
                                                  const v1::EndCorrectionRequest& r) {
  return corrections_.Act(call, act, r, [&](Correction& c) {
    c.set_decision_reason(r.reason());
    c.set_decided_by(call.claims().sub());
    c.set_decided_by_account(call.claims().account());
    return absl::OkStatus();
  });
}

absl::StatusOr<Correction> CorrectionService::Reject(rpc::Call& call, const v1::EndCorrectionRequest& r) {
  return End(call, Correction::REJECT, r);
}

absl::StatusOr<Correction> CorrectionService::Cancel(rpc::Call& call, const v1::EndCorrectionRequest& r) {
  return End(call, Correction::CANCEL, r);
}

absl::StatusOr<casework::v1::History> CorrectionService::History(rpc::Call& call, const casework::v1::GetHistoryRequest& r) {
  return casework::History(corrections_.backend(), corrections_.type(), call, r);
}

}  // namespace sifa::mediation
