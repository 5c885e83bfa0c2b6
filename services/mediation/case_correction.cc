// What may be corrected of a case, and what follows from it on the case and on its confirmations and committee.
#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "libs/casework/past.h"
#include "libs/casework/place.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "services/mediation/case.h"
#include "services/mediation/committee.h"
#include "services/mediation/confirmation.h"
#include "services/mediation/correction.h"

namespace sifa::mediation {
namespace {

// The name or the number is the same: one of them may be put right, not both at once.
bool SamePerson(const v1::Party& a, const v1::Party& b) {
  const auto number = [](const v1::Party& party) { return party.id_number() + party.credit_code() + party.certificate_number(); };
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

bool Signs(const v1::Agreement& agreement, int party) {
  return std::any_of(agreement.signatures().begin(), agreement.signatures().end(),
                     [&](const auto& s) { return s.party() == party; });
}

// As when they sign; and who has signed has.
absl::Status CheckSigners(const Case& before, const Case& c) {
  for (const auto& signature : before.agreement().signatures()) {
    if (Signs(c.agreement(), signature.party())) continue;
    return InvalidField("content.agreement.signatures", "SIGNATURE_FIXED",
                        absl::StrCat("第", signature.party() + 1, "名当事人已经签名，不能删除；未曾签名的，应当撤销该次签署"));
  }
  Case nobody_signed = c;
  nobody_signed.mutable_agreement()->clear_signatures();
  return AddSignatures(c.agreement().signatures(), "content.agreement.signatures", &nobody_signed);
}

// What was decided about a complaint, and thereby became of the mediator (人民调解法 §15), is the decision's own.
absl::Status CheckDecisionsStay(const Case& before, const Case& after) {
  const auto decision = [](const Case& c, int i) {
    const v1::Complaint none, &complaint = i < c.complaints_size() ? c.complaints(i) : none;
    const bool decided = complaint.outcome() != v1::Complaint::OUTCOME_UNSPECIFIED;
    return std::make_tuple(complaint.outcome(), decided ? complaint.mediator() : complaint.findings(), complaint.decided_on());
  };
  for (int i = 0; i < std::max(before.complaints_size(), after.complaints_size()); ++i) {
    if (decision(before, i) == decision(after, i)) continue;
    return InvalidField(absl::StrCat("content.complaints[", i, "]"), "COMPLAINT_DECISION_FIXED",
                        "投诉的处理结果不能直接更正：未处理的应当作出处理，处理有误的应当撤销该次处理");
  }
  return absl::OkStatus();
}

// An agreement is drafted or reached, signed and sealed by acts, whose days are of the case's course (M3): none is made by a
// correction.
absl::Status CheckAgreementMade(const v1::Agreement& before, const v1::Agreement& after) {
  if (before.form().empty() && after.ByteSizeLong() > 0) return NotDone("agreement");
  RETURN_IF_ERROR(CheckWasGiven("agreement.content", before.content(), after.content()));
  RETURN_IF_ERROR(CheckWasGiven("agreement.agreed_on", before.agreed_on(), after.agreed_on()));
  RETURN_IF_ERROR(CheckWasGiven("agreement.mediator_signed_on", before.mediator_signed_on(), after.mediator_signed_on()));
  RETURN_IF_ERROR(CheckWasGiven("agreement.sealed_on", before.sealed_on(), after.sealed_on()));
  for (const auto& signature : after.signatures()) {
    if (!Signs(before, signature.party())) return NotDone("agreement.signatures");
  }
  return absl::OkStatus();
}

// An imported case was accepted and concluded, by an agreement or without (case_import.cc); of an agreement it tells only a part.
absl::Status CheckImported(const Case& before, const Case& after) {
  RETURN_IF_ERROR(CheckWasGiven("accepted_on", before.accepted_on(), after.accepted_on()));
  RETURN_IF_ERROR(CheckWasGiven("concluded_on", before.concluded_on(), after.concluded_on()));
  if (!before.agreement().form().empty()) {
    return CheckWasGiven("agreement.agreed_on", before.agreement().agreed_on(), after.agreement().agreed_on());
  }
  if (after.agreement().ByteSizeLong() > 0) return NotDone("agreement");
  return after.performed_on().empty() ? absl::OkStatus() : NotDone("performed_on");
}

// What acts have said is there to be put right; what none has said is not.
absl::Status CheckActsContent(const Case& before, const Case& after) {
  if (IsImported(before)) return CheckImported(before, after);
  RETURN_IF_ERROR(CheckAgreementMade(before.agreement(), after.agreement()));
  RETURN_IF_ERROR(CheckSameCount("sessions", before.sessions_size(), after.sessions_size()));
  RETURN_IF_ERROR(CheckSameCount("invitations", before.invitations_size(), after.invitations_size()));
  RETURN_IF_ERROR(CheckSameCount("risk_reports", before.risk_reports_size(), after.risk_reports_size()));
  RETURN_IF_ERROR(CheckSameCount("revisits", before.revisits_size(), after.revisits_size()));
  RETURN_IF_ERROR(CheckSameCount("complaints", before.complaints_size(), after.complaints_size()));
  RETURN_IF_ERROR(CheckWasGiven("assigned_on", before.assigned_on(), after.assigned_on()));
  RETURN_IF_ERROR(CheckWasGiven("rejection_reason", before.rejection_reason(), after.rejection_reason()));
  RETURN_IF_ERROR(CheckWasGiven("end_reason", before.end_reason(), after.end_reason()));
  for (int i = 0; i < after.invitations_size(); ++i) {
    if (after.invitations(i).parties_consent()) continue;
    return InvalidField(absl::StrCat("content.invitations[", i, "].parties_consent"), "INVITATION_WITHOUT_CONSENT",
                        "邀请他人参与调解，应当征得当事人同意");
  }
  return absl::OkStatus();
}

// What acts derive from the content of a case.
absl::Status SettleCase(const casework::Backend& backend, const Case& before, Case* c) {
  RETURN_IF_ERROR(casework::KnownRegion(*backend.regions, c->region()).status());
  RETURN_IF_ERROR(CheckParticulars(c->mutable_particulars(), backend.clock.Today()));
  RETURN_IF_ERROR(CheckSignersStay(before, *c));
  RETURN_IF_ERROR(CheckSigners(before, *c));
  for (int i = 0; i < std::min(before.sessions_size(), c->sessions_size()); ++i) {  // who presided is not told anew
    if (c->sessions(i).mediator().empty()) c->mutable_sessions(i)->set_mediator(before.sessions(i).mediator());
  }
  RETURN_IF_ERROR(CheckActsContent(before, *c));
  RETURN_IF_ERROR(CheckDecisionsStay(before, *c));
  if (!c->agreement().effective_on().empty()) {
    const std::string was = before.concluded_on(), asked = c->concluded_on();  // before may be c itself
    if (c->agreement().agreed_on() != before.agreement().agreed_on()) c->mutable_agreement()->clear_agreed_on_derived();
    if (IsImported(*c) && asked != was && c->agreement().agreed_on() == was) c->mutable_agreement()->set_agreed_on(asked);
    SettleEffect(c);
    if (asked != was && asked != c->concluded_on()) {
      return InvalidField("content.concluded_on", "CONCLUSION_FOLLOWS_EFFECT",
                          "办结日期就是协议生效的日期，应当更正签名、盖章日期（口头协议更正达成协议的日期）");
    }
  }
  if (c->agreement().ByteSizeLong() == 0) c->clear_agreement();
  return absl::OkStatus();
}

std::vector<casework::Kin> KinOfCase(const casework::Past& past, const Case& c) {
  std::vector<casework::Kin> kin;
  bool decided = false;
  for (const casework::PastAct& act : past.acts()) {
    decided = decided || act.act == Case::DECIDE_COMPLAINT;
    if (act.act == Case::APPLY_CONFIRMATION && !act.part_of.object().empty())
      kin.push_back({"Confirmation", act.part_of.object()});
  }
  if (decided) kin.push_back({"Committee", c.committee()});
  return kin;
}

// A complaint was decided on the day of the act that did.
absl::Status DateDecisions(const casework::Past& past, Case* c) {
  for (const casework::PastAct& act : past.acts()) {
    if (!act.in_force() || act.act != Case::DECIDE_COMPLAINT) continue;
    const casework::PastAct* before = past.AtVersion(act.version - 1);
    if (before == nullptr) continue;
    const auto &open = static_cast<const Case&>(*before->image).complaints(),
               &decided = static_cast<const Case&>(*act.image).complaints();
    for (int i = 0; i < std::min({open.size(), decided.size(), c->complaints_size()}); ++i) {
      if (open[i].outcome() == decided[i].outcome()) continue;
      const std::string day = FormatDay(past.DayOf(act));
      if (day < c->complaints(i).made_on()) return InvalidField("act_day", "ACT_OUT_OF_ORDER", "处理投诉的日期不能早于投诉日期");
      c->mutable_complaints(i)->set_decided_on(day);
    }
  }
  return absl::OkStatus();
}

// The latest confirmation of the present agreement, and none of before.
absl::Status MirrorConfirmation(const casework::Past& past, const casework::Look& look, Case* c) {
  const auto asked = [](const casework::PastAct& act) { return act.act == Case::APPLY_CONFIRMATION; };
  if (std::none_of(past.acts().begin(), past.acts().end(), asked)) return absl::OkStatus();  // an import keeps what it brought
  const std::vector<std::string> confirmations = OfPresentAgreement(past);
  if (confirmations.empty()) {
    c->clear_confirmation_applied_on();
    c->clear_confirmation_result();
    c->clear_confirmation_result_on();
    c->clear_confirmation();
  } else if (!confirmations.back().empty()) {
    ASSIGN_OR_RETURN(const casework::Reading reading, look({"Confirmation", confirmations.back()}));
    const auto& confirmation = static_cast<const Confirmation&>(*reading.object);
    ShowOnCase(confirmation, confirmation.state(), confirmation.acted_on(), c);
  }
  return absl::OkStatus();
}

// Who presided or is complained of works, or worked, with the committee; as the acts require that name them.
absl::Status CheckMediators(const Committee& committee, const Case& before, const Case& after) {
  std::set<std::string> known(before.conflicted().begin(), before.conflicted().end());
  for (const auto& member : committee.members()) known.insert(member.id());
  known.insert(before.mediators().begin(), before.mediators().end());
  for (const auto& session : before.sessions()) known.insert(session.mediator());
  for (const auto& complaint : before.complaints()) known.insert(complaint.mediator());
  const auto require = [&](const std::string& id, const std::string& field) {
    return known.contains(id) ? absl::OkStatus() : InvalidField(field, "MEDIATOR_UNKNOWN", "该调解员不属于承办的调解委员会");
  };
  for (int i = 0; i < after.conflicted_size(); ++i) {
    RETURN_IF_ERROR(require(after.conflicted(i), absl::StrCat("content.conflicted[", i, "]")));
  }
  const bool at_work = after.state() == Case::ASSIGNED || after.state() == Case::MEDIATING;
  for (const std::string& mediator : after.mediators()) {
    if (!at_work || after.conflict_waived() || !std::count(after.conflicted().begin(), after.conflicted().end(), mediator))
      continue;
    return InvalidField("content.conflicted", "MEDIATOR_CONFLICTED",
                        "承办本案的调解员有利害关系，应当先更换调解员，或者由当事人同意其继续调解");
  }
  for (int i = 0; i < after.sessions_size(); ++i) {
    const std::string field = absl::StrCat("content.sessions[", i, "]");
    const v1::Session none, &session = after.sessions(i), &was = i < before.sessions_size() ? before.sessions(i) : none;
    RETURN_IF_ERROR(require(session.mediator(), field + ".mediator"));
    if (session.held_on() == was.held_on() && session.mediator() == was.mediator()) continue;
    RETURN_IF_ERROR(RequireServing(committee, session.mediator(), session.held_on(), field + ".held_on"));
  }
  for (const std::string& mediator : after.mediators()) {
    if (after.assigned_on() == before.assigned_on()) break;
    RETURN_IF_ERROR(RequireServing(committee, mediator, after.assigned_on(), "content.assigned_on"));
  }
  for (int i = 0; i < after.complaints_size(); ++i) {
    RETURN_IF_ERROR(require(after.complaints(i).mediator(), absl::StrCat("content.complaints[", i, "].mediator")));
  }
  return absl::OkStatus();
}

absl::Status Mirror(const casework::Past& past, const casework::Look& look, Case* after) {
  RETURN_IF_ERROR(DateDecisions(past, after));
  return MirrorConfirmation(past, look, after);
}

absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay today, const Case& before, const Case& after) {
  if (after.state() == Case::VOIDED) return absl::OkStatus();
  if (after.region() != before.region()) RETURN_IF_ERROR(CheckDivision(neighbours, after.committee(), after.region(), today));
  ASSIGN_OR_RETURN(const Committee committee, neighbours.Load<Committee>(after.committee()));
  return CheckMediators(committee, before, after);
}

}  // namespace

std::vector<std::string> OfPresentAgreement(const casework::Past& past) {
  std::vector<std::string> confirmations;
  for (const casework::PastAct& act : past.acts()) {
    if (!act.in_force()) continue;
    if (act.act == Case::REVISE_AGREEMENT) confirmations.clear();
    if (act.act == Case::APPLY_CONFIRMATION) confirmations.push_back(act.part_of.object());
  }
  return confirmations;
}

const casework::Amendments<Case> kCaseAmendments = {
    .amendable =
        {
            {"region"},
            {"particulars"},
            {"applied_on", true, Case::APPLY},
            {"accepted_on", true, Case::ACCEPT},
            {"assigned_on", true},
            {"mediator_choice"},
            {"conflicted"},
            {"conflict_waived"},
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
        },
    .settle = SettleCase,
    .mirrored = {"confirmation_applied_on", "confirmation_result", "confirmation_result_on", "confirmation"},
    .mirror = Mirror,
    .kin = KinOfCase,
    .admit = Admit,
};

}  // namespace sifa::mediation
