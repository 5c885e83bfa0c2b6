#include "services/mediation/correction.h"

#include <algorithm>

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
absl::Status SettleCase(const RegionTable& regions, absl::CivilDay today, const Case& before, Case* c) {
  RETURN_IF_ERROR(CheckRegion(regions, c->region()));
  RETURN_IF_ERROR(CheckParticulars(c->mutable_particulars(), today));
  RETURN_IF_ERROR(CheckSignersStay(before, *c));
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
  correctable.follow = [&](const casework::Act& act, const casework::Message& after) -> absl::Status {
    const auto& c = static_cast<const Case&>(after);
    ASSIGN_OR_RETURN(const Case before, act.Load(cases, c.id()));
    if (c.region() == before.region()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Committee committee, act.Load(committees, c.committee()));
    ASSIGN_OR_RETURN(const RegionCode region, RegionCode::Parse(c.region()));
    return RequireOwnDivision(regions, region, committee, act.facts().today);
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
    return RecordOnCase(cases, act, Case::RECORD_CONFIRMATION, c, c.state(), c.acted_on());
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
  correctable.follow = [&screenings](const casework::Act& act, const casework::Message& after) {
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
