#include "services/mediation/correction.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "libs/casework/past.h"
#include "libs/core/clock.h"
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

// As when they sign.
absl::Status CheckSigners(const Case& c) {
  Case nobody_signed = c;
  nobody_signed.mutable_agreement()->clear_signatures();
  return AddSignatures(c.agreement().signatures(), "content.agreement.signatures", &nobody_signed);
}

// What was decided about a complaint, and thereby became of the mediator (人民调解法 §15), is the decision's own.
absl::Status CheckDecisionsStay(const Case& before, const Case& after) {
  const auto decision = [](const Case& c, int i) {
    const v1::Complaint none, &complaint = i < c.complaints_size() ? c.complaints(i) : none;
    const bool decided = complaint.outcome() != v1::Complaint::OUTCOME_UNSPECIFIED;
    return std::make_tuple(complaint.outcome(), decided ? complaint.mediator() : "", complaint.decided_on());
  };
  for (int i = 0; i < std::max(before.complaints_size(), after.complaints_size()); ++i) {
    if (decision(before, i) == decision(after, i)) continue;
    return InvalidField(absl::StrCat("content.complaints[", i, "]"), "COMPLAINT_DECISION_FIXED",
                        "投诉的处理结果不能直接更正：未处理的应当作出处理，处理有误的应当撤销该次处理");
  }
  return absl::OkStatus();
}

// What acts derive from the content of a case.
absl::Status SettleCase(const RegionTable& regions, absl::CivilDay today, const Case& before, Case* c) {
  RETURN_IF_ERROR(CheckRegion(regions, c->region()));
  RETURN_IF_ERROR(CheckParticulars(c->mutable_particulars(), today));
  RETURN_IF_ERROR(CheckSignersStay(before, *c));
  RETURN_IF_ERROR(CheckSigners(*c));
  RETURN_IF_ERROR(CheckDecisionsStay(before, *c));
  if (!c->agreement().effective_on().empty()) {
    const std::string was = before.concluded_on(), asked = c->concluded_on();  // before may be c itself
    SettleEffect(c);
    if (asked != was && asked != c->concluded_on()) {
      return InvalidField("content.concluded_on", "CONCLUSION_FOLLOWS_EFFECT",
                          "办结日期就是协议生效的日期，应当更正签名、盖章日期（口头协议更正达成协议的日期）");
    }
  }
  if (c->agreement().ByteSizeLong() == 0) c->clear_agreement();
  return absl::OkStatus();
}

google::protobuf::FieldMask MaskOf(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

// The confirmations that were asked for of a case's present agreement, in order; an empty id where the journal does not name it
// (rows of earlier versions).
std::vector<std::string> OfPresentAgreement(const casework::Past& past) {
  std::vector<std::string> confirmations;
  for (const casework::PastAct& act : past.acts()) {
    if (!act.in_force()) continue;
    if (act.act == Case::REVISE_AGREEMENT) confirmations.clear();
    if (act.act == Case::APPLY_CONFIRMATION) confirmations.push_back(act.part_of.object());
  }
  return confirmations;
}

std::vector<casework::Kin> KinOfCase(const casework::Past& past, const Case& c) {
  std::vector<casework::Kin> kin;
  bool decided = false;
  for (const casework::PastAct& act : past.acts()) {
    decided = decided || act.act == Case::DECIDE_COMPLAINT;
    if (act.act == Case::APPLY_CONFIRMATION && !act.part_of.object().empty()) kin.push_back({"Confirmation", act.part_of.object()});
  }
  if (decided) kin.push_back({"Committee", c.committee()});
  return kin;
}

// The latest confirmation of the present agreement, and none of before.
absl::Status MirrorOnCase(const casework::Past& past, const casework::Look& look, Case* c) {
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

absl::Status MirrorOnConfirmation(const casework::Look& look, Confirmation* confirmation) {
  ASSIGN_OR_RETURN(const casework::Reading reading, look({"Case", confirmation->parent()}));
  const std::vector<std::string> present = OfPresentAgreement(reading.past);
  if (std::find(present.begin(), present.end(), confirmation->id()) != present.end()) {
    ShowAgreement(static_cast<const Case&>(*reading.object), confirmation);
  }
  return absl::OkStatus();
}

// Who was removed upon a complaint is so by the acts in force, until an election.
void MirrorRemovals(const casework::Past& past, Committee* c) {
  std::map<std::string, std::string> removed;  // by member the day
  for (const casework::PastAct& act : past.acts()) {
    if (!act.in_force()) continue;
    if (act.act == Committee::REELECT) removed.clear();
    if (act.act != Committee::REMOVE_MEMBER) continue;
    const casework::PastAct* before = past.AtVersion(act.version - 1);
    std::set<std::string> already;
    if (before != nullptr) {
      for (const auto& member : static_cast<const Committee&>(*before->image).members()) {
        if (!member.removed_on().empty()) already.insert(member.id());
      }
    }
    for (const auto& member : static_cast<const Committee&>(*act.image).members()) {
      if (!member.removed_on().empty() && !already.contains(member.id())) removed[member.id()] = FormatDay(past.DayOf(act));
    }
  }
  for (auto& member : *c->mutable_members()) member.set_removed_on(removed[member.id()]);
}

}  // namespace

const procedure::Procedure<Correction> kCorrectionProcedure = casework::CorrectionProcedure(kRows);

casework::Correctable CorrectableCase(const CaseCasework& cases, const CommitteeCasework& committees, const RegionTable& regions) {
  auto correctable = casework::MakeCorrectable<Case, kCaseProcedure>(cases.type());
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
  correctable.settle = [&regions, &clock = cases.backend().clock](const casework::Message& before, casework::Message* after) {
    return SettleCase(regions, clock.Today(), static_cast<const Case&>(before), static_cast<Case*>(after));
  };
  correctable.mirrored = MaskOf({"confirmation_applied_on", "confirmation_result", "confirmation_result_on", "confirmation"});
  correctable.mirror = [](const casework::Past& past, const casework::Look& look, casework::Message* after) {
    return MirrorOnCase(past, look, static_cast<Case*>(after));
  };
  correctable.kin = [](const casework::Past& past, const casework::Message& after) {
    return KinOfCase(past, static_cast<const Case&>(after));
  };
  correctable.admit = [&](const casework::Act& act, const casework::Message& after) -> absl::Status {
    const auto& c = static_cast<const Case&>(after);
    ASSIGN_OR_RETURN(const Case before, act.Load(cases, c.id()));
    if (c.region() == before.region()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Committee committee, act.Load(committees, c.committee()));
    ASSIGN_OR_RETURN(const RegionCode region, RegionCode::Parse(c.region()));
    return RequireOwnDivision(regions, region, committee, act.facts().today);
  };
  return correctable;
}

casework::Correctable CorrectableConfirmation(const ConfirmationCasework& confirmations) {
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
  correctable.mirrored = MaskOf({"perform_by", "effective_on", "party_count", "inviting_court"});
  correctable.mirror = [](const casework::Past&, const casework::Look& look, casework::Message* after) {
    return MirrorOnConfirmation(look, static_cast<Confirmation*>(after));
  };
  correctable.kin = [](const casework::Past&, const casework::Message& after) {
    return std::vector<casework::Kin>{{"Case", static_cast<const Confirmation&>(after).parent()}};
  };
  return correctable;
}

casework::Correctable CorrectableCommittee(const CommitteeCasework& committees, const CaseCasework& cases, const RegionTable& regions) {
  auto correctable = casework::MakeCorrectable<Committee, kCommitteeProcedure>(committees.type());
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
  correctable.mirrored = MaskOf({"members"});
  correctable.mirror = [](const casework::Past& past, const casework::Look&, casework::Message* after) {
    MirrorRemovals(past, static_cast<Committee*>(after));
    return absl::OkStatus();
  };
  correctable.admit = [&](const casework::Act& act, const casework::Message& after) -> absl::Status {
    const auto& c = static_cast<const Committee&>(after);
    ASSIGN_OR_RETURN(const Committee before, act.Load(committees, c.id()));
    return RequireNoWork(cases.backend(), cases.type(), before, c, act.connection());
  };
  return correctable;
}

namespace {

// The first record of a round stands for the round in the figures, so while others are of it, it stays.
absl::Status RequireLastOfRound(const ScreeningCasework& screenings, const casework::Act& act, const Screening& s) {
  casework::ListQuery query;
  query.scopes = {"=" + s.organisation_path()};
  query.ranges = {{"screened_on", s.screened_on(), s.screened_on()}};
  query.states = {Screening::LEAD, Screening::PREVENTING, Screening::PREVENTED, Screening::CASE_OPENED, Screening::ESCALATED};
  query.limit = 1000;  // what one committee finds on one day
  ASSIGN_OR_RETURN(const auto that_day, screenings.backend().store.List(act.connection(), screenings.type(), query));
  if (std::none_of(that_day.begin(), that_day.end(), [&](const casework::Stored& stored) {
        return static_cast<const Screening&>(*stored.object).round() == s.id();
      })) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kFailedPrecondition, "ROUND_HAS_RECORDS", "同一次排查尚有续记的纠纷线索，应当先作废续记的记录");
}

}  // namespace

casework::Correctable CorrectableScreening(const ScreeningCasework& screenings, const RegionTable& regions) {
  auto correctable = casework::MakeCorrectable<Screening, kScreeningProcedure>(screenings.type());
  correctable.admit = [&screenings](const casework::Act& act, const casework::Message& after) {
    const auto& s = static_cast<const Screening&>(after);
    return s.state() == Screening::VOIDED ? RequireLastOfRound(screenings, act, s) : absl::OkStatus();
  };
  correctable.amendable = {
      {"region"},
      {"lead"},
      {"preventions"},
      {"danger"},
      {"people"},
      {"outcome"},
      {"screened_on", true, Screening::SCREEN},
      {"screened_on", true, Screening::FIND},
      {"concluded_on", true, Screening::SETTLE},
      {"concluded_on", true, Screening::OPEN_CASE},
      {"concluded_on", true, Screening::ESCALATE},
  };
  correctable.settle = [&regions](const casework::Message&, casework::Message* after) {
    return CheckRegion(regions, static_cast<const Screening*>(after)->region());
  };
  return correctable;
}

}  // namespace sifa::mediation
