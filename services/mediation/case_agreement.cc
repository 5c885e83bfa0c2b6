// The acts of a case about its agreement: drafted, signed, reached, written down, revised.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/mediation/case_acts.h"
#include "services/mediation/committee.h"

namespace sifa::mediation {

using casework::Act;

namespace {

constexpr char kOral[] = "1";  // agreement_form
constexpr char kWritten[] = "2";
constexpr char kSucceeded[] = "1";  // mediation_result

absl::Status TakeAgreement(const v1::Agreement& agreement, const std::string& form, Case* c) {
  const google::protobuf::RepeatedPtrField<v1::Signature> signatures = agreement.signatures();
  *c->mutable_agreement() = agreement;
  c->mutable_agreement()->clear_signatures();
  c->mutable_agreement()->set_form(form);
  return AddSignatures(signatures, "agreement.signatures", c);
}

// Where nobody has told the day: what is signed was agreed on by then, whoever signed first (人民调解法 §29 has no order).
void DeriveDayAgreed(v1::Agreement* agreement) {
  std::string first = agreement->oral_first() ? agreement->agreed_on() : "";
  const auto consider = [&](const std::string& day) {
    if (!day.empty() && (first.empty() || day < first)) first = day;
  };
  for (const auto& signature : agreement->signatures()) consider(signature.signed_on());
  consider(agreement->mediator_signed_on());
  consider(agreement->sealed_on());
  if (!first.empty()) agreement->set_agreed_on(first);
}

void SetDayAgreed(const Act& act, v1::Agreement* agreement) {
  agreement->set_agreed_on_derived(agreement->agreed_on().empty());
  if (agreement->agreed_on_derived()) agreement->set_agreed_on(act.occurred_on());
}

std::string InWords(absl::CivilDay day) { return absl::StrCat(day.year(), "年", day.month(), "月", day.day(), "日"); }

// 人民调解法 §29 and 特邀调解规定 §24 both fit a people's committee that mediates what a court delegated to it.
std::string EffectWarning(const Case& c) {
  const absl::CivilDay effective = EffectiveDay(c), complete = CompleteDay(c);
  if (effective == complete) return "";
  return absl::StrCat(
      "委派调解的协议自双方当事人签名之日（", InWords(effective),
      "）起生效（《最高人民法院关于人民法院特邀调解的规定》第24条）；依《人民调解法》第29条则为调解员签名、盖章齐备之日（",
      InWords(complete), "）。申请司法确认的期限从较早的日期起算");
}

// What is signed stays as it was signed: a wrong day is put right by a correction.
absl::Status CheckSignsAnew(const Case& c, const v1::SignAgreementRequest& r) {
  if (r.signatures().empty() && r.mediator_signed_on().empty() && r.sealed_on().empty()) {
    return InvalidField("signatures", "NOTHING_SIGNED", "应当填写当事人签名、调解员签名或者盖章中的至少一项");
  }
  const auto& present = c.agreement().signatures();
  for (int i = 0; i < r.signatures_size(); ++i) {
    if (std::none_of(present.begin(), present.end(), [&](const auto& s) { return s.party() == r.signatures(i).party(); })) continue;
    return InvalidField(absl::StrCat("signatures[", i, "].party"), "SIGNED_BY_PARTY", "该当事人已经签署；日期有误的，应当申请更正");
  }
  if (!r.mediator_signed_on().empty() && !c.agreement().mediator_signed_on().empty()) {
    return InvalidField("mediator_signed_on", "SIGNED_BY_MEDIATOR", "调解员已经签名；日期有误的，应当申请更正");
  }
  if (!r.sealed_on().empty() && !c.agreement().sealed_on().empty()) {
    return InvalidField("sealed_on", "SEALED_ALREADY", "协议书已经盖章；日期有误的，应当申请更正");
  }
  return absl::OkStatus();
}

// Who was removed since the agreement does not mediate it anew; where he was in charge, the office appoints another.
void KeepServing(const Committee& committee, Case* c) {
  if (!c->mediators().empty() && !Serves(committee, c->mediators(0))) c->clear_assignee();
  auto* mediators = c->mutable_mediators();
  mediators->erase(std::remove_if(mediators->begin(), mediators->end(), [&](const std::string& id) { return !Serves(committee, id); }),
                   mediators->end());
}

}  // namespace

absl::Status AddSignatures(const google::protobuf::RepeatedPtrField<v1::Signature>& signatures, absl::string_view at, Case* c) {
  auto* present = c->mutable_agreement()->mutable_signatures();
  for (int i = 0; i < signatures.size(); ++i) {
    const int party = signatures[i].party();
    const std::string field = absl::StrCat(at, "[", i, "].party");
    if (party >= c->particulars().parties_size()) return InvalidField(field, "PARTY_UNKNOWN", "签名人不是本案当事人");
    if (std::any_of(present->begin(), present->end(), [&](const auto& s) { return s.party() == party; })) {
      return InvalidField(field, "SIGNED_TWICE", "同一当事人重复签署；每位当事人只填写一次签名");
    }
    *present->Add() = signatures[i];
  }
  return absl::OkStatus();
}

// An agreement is reached before a mediator who was not removed by that day.
static absl::Status RequireInCharge(const Act& act, const Case& c) {
  ASSIGN_OR_RETURN(const Committee committee, act.Load<Committee>(c.committee()));
  return RequireServing(committee, c.mediators(0), act.occurred_on(), "occurred_on");
}

void SettleEffect(Case* c) {
  auto* agreement = c->mutable_agreement();
  if (IsImported(*c)) {  // of its signatures only what was put right since is known, and nothing of what a court may still do
    agreement->set_effective_on(std::max(agreement->agreed_on(), FormatDay(EffectiveDay(*c))));
    c->set_concluded_on(agreement->effective_on());
    return;
  }
  c->set_confirmable(MayBeConfirmed(*c));
  if (agreement->agreed_on_derived()) DeriveDayAgreed(agreement);
  // An oral one is effective when agreed (人民调解法 §30), a written one with the last signature (§29).
  const bool signed_by_all = agreement->form() == kWritten && !agreement->signatures().empty();
  agreement->set_effective_on(signed_by_all ? FormatDay(EffectiveDay(*c)) : agreement->agreed_on());
  agreement->set_effect_warning(signed_by_all ? EffectWarning(*c) : "");
  c->set_concluded_on(agreement->oral_first() ? agreement->agreed_on() : agreement->effective_on());
}

absl::Status DraftAgreement(Case& c, const v1::DraftAgreementRequest& r) { return TakeAgreement(r.agreement(), kWritten, &c); }

absl::Status SignAgreement(Case& c, const v1::SignAgreementRequest& r) {
  RETURN_IF_ERROR(CheckSignsAnew(c, r));
  if (!r.mediator_signed_on().empty()) c.mutable_agreement()->set_mediator_signed_on(r.mediator_signed_on());
  if (!r.sealed_on().empty()) c.mutable_agreement()->set_sealed_on(r.sealed_on());
  return AddSignatures(r.signatures(), "signatures", &c);
}

absl::Status AgreeCase(Case& c, const v1::AgreeCaseRequest& r, const Act& act) {
  RETURN_IF_ERROR(RequireInCharge(act, c));
  if (r.has_agreement()) RETURN_IF_ERROR(TakeAgreement(r.agreement(), kWritten, &c));
  auto* agreement = c.mutable_agreement();
  SetDayAgreed(act, agreement);
  c.set_result(kSucceeded);
  SettleEffect(&c);
  return absl::OkStatus();
}

absl::Status AgreeCaseOrally(Case& c, const v1::AgreeCaseOrallyRequest& r, const Act& act) {
  RETURN_IF_ERROR(RequireInCharge(act, c));
  RETURN_IF_ERROR(TakeAgreement(r.agreement(), kOral, &c));
  auto* agreement = c.mutable_agreement();
  SetDayAgreed(act, agreement);
  c.set_result(kSucceeded);
  SettleEffect(&c);
  return absl::OkStatus();
}

absl::Status WriteDownAgreement(Case& c, const v1::WriteDownAgreementRequest& r) {
  const v1::Agreement oral = c.agreement();
  RETURN_IF_ERROR(TakeAgreement(r.agreement(), kWritten, &c));
  c.mutable_agreement()->set_agreed_on(oral.agreed_on());
  c.mutable_agreement()->set_agreed_on_derived(oral.agreed_on_derived());
  c.mutable_agreement()->set_oral_first(true);
  SettleEffect(&c);
  return absl::OkStatus();
}

// The agreement that the court did not confirm stays in the history.
absl::Status ReviseAgreement(Case& c, const v1::CaseActRequest&, const Act& act) {
  ASSIGN_OR_RETURN(const Committee committee, act.Load<Committee>(c.committee()));
  KeepServing(committee, &c);
  c.clear_agreement();
  c.clear_confirmable();
  c.clear_confirmation_applied_on();
  c.clear_confirmation_result();
  c.clear_confirmation_result_on();
  c.clear_confirmation();
  c.clear_concluded_on();
  c.clear_result();
  c.clear_extended_until();
  return absl::OkStatus();
}

}  // namespace sifa::mediation
