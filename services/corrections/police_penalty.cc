#include "services/corrections/police_penalty.h"

#include <algorithm>

#include "libs/core/status.h"
#include "services/corrections/measures.h"
#include "services/corrections/proposal.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcm36 = Ccm("36");
// 治安管理处罚法: §60(4) until 2025, since the revision §72 (law §2.5 R12).
constexpr procedure::Laws kPsl = {{"治安管理处罚法", "60", "2006-03-01", "2025-12-31"}, {"治安管理处罚法", "72", "2026-01-01"}};

const std::string& GroundIn(const PolicePenalty& penalty) {
  return penalty.breach().empty() ? penalty.search() : penalty.breach();
}
absl::CivilDay DetainedTo(const PolicePenalty& penalty) { return DayIn(penalty.detained_to()); }

const Guard<PolicePenalty> kNotOnParole = {
    "治安处罚", "PAROLE_NO_POLICE_PENALTY", "假释的对象违反监督管理规定，不适用治安管理处罚，应当依法提请撤销假释", kPsl,
    [](const PolicePenalty& penalty, const Facts&) { return penalty.person().category() != kParole; }};
const Guard<PolicePenalty> kOnce = {.rule = "治安处罚",
                                    .reason = "POLICE_ALREADY_ASKED",
                                    .text = "该违规已经提请治安管理处罚，不能重复提请",
                                    .law = kCcm36,
                                    .holds =
                                        [](const PolicePenalty& penalty, const Facts& facts) {
                                          const auto others = facts.All<PolicePenalty>();
                                          return std::none_of(others.begin(), others.end(), [&](const PolicePenalty* other) {
                                            return GroundIn(*other) == GroundIn(penalty) &&
                                                   other->state() != PolicePenalty::WITHDRAWN &&
                                                   other->state() != PolicePenalty::VOIDED;
                                          });
                                        },
                                    .of_others = true};

absl::StatusOr<PolicePenalty> NewPenalty(const v1::ProposePolicePenaltyRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(auto penalty, NewRecord<PolicePenalty>(r.subject(), act));
  penalty.set_breach(r.breach());
  penalty.set_search(r.search());
  penalty.set_proposed_on(act.occurred_on());
  if (!r.breach().empty()) {
    ASSIGN_OR_RETURN(const Breach breach, act.Load<Breach>(r.breach()));
    penalty.set_facts(GroundOf(breach).facts);
  } else if (!r.search().empty()) {
    ASSIGN_OR_RETURN(const Search search, act.Load<Search>(r.search()));
    penalty.set_facts(GroundOf(search).facts);
  }
  return penalty;
}

absl::Status Submit(PolicePenalty& penalty, const v1::SubmitPolicePenaltyRequest& r, const Act& act) {
  penalty.set_police(r.police());
  penalty.set_submitted_on(act.occurred_on());
  return WithdrawAnswers(GroundIn(penalty), act);
}

absl::Status Withdraw(PolicePenalty& penalty, const v1::WithdrawPolicePenaltyRequest& r) {
  penalty.set_withdrawal_reason(r.reason());
  return absl::OkStatus();
}

absl::Status RecordDecision(PolicePenalty& penalty, const v1::RecordPolicePenaltyDecisionRequest& r, const Act& act) {
  penalty.set_decided_on(act.occurred_on());
  penalty.set_decision_number(r.decision_number());
  penalty.set_fine_fen(r.fine_fen());
  return absl::OkStatus();
}

absl::Status RecordDetention(PolicePenalty& penalty, const v1::RecordPoliceDetentionRequest& r, const Act& act) {
  penalty.set_decided_on(act.occurred_on());
  penalty.set_decision_number(r.decision_number());
  penalty.set_detention_days(r.detention_days());
  penalty.set_detained_from(r.detained_from());
  penalty.set_detained_to(r.detained_to());
  penalty.set_fine_fen(r.fine_fen());
  return DaysFit(penalty) ? absl::OkStatus() : InvalidField("detained_to", "DETENTION_DAYS", "拘留的起止日期与拘留天数不符");
}

constexpr procedure::States kOpen = {PolicePenalty::PROPOSED, PolicePenalty::SUBMITTED, PolicePenalty::DETAINED};

const Row<PolicePenalty> kRows[] = {
    {.act = PolicePenalty::PROPOSE,
     .from = {PolicePenalty::STATE_UNSPECIFIED},
     .to = PolicePenalty::PROPOSED,
     .create = Create<NewPenalty>,
     .checks = {&kInCorrection<PolicePenalty>, &kNotOnParole, &kGrounded<PolicePenalty>, &kOnce},
     .law = kCcm36},
    {.act = PolicePenalty::BEGIN,
     .from = {PolicePenalty::STATE_UNSPECIFIED},
     .to = PolicePenalty::PROPOSED,
     .indirect = true,
     .checks = {&kNotOnParole, &kGrounded<PolicePenalty>, &kOnce},
     .law = kCcm36},
    {.act = PolicePenalty::SUBMIT,
     .from = {PolicePenalty::PROPOSED},
     .to = PolicePenalty::SUBMITTED,
     .level = Level::kCounty,
     .apply = Apply<Submit>,
     .papers = {PolicePenalty::ADVICE},
     .law = kCcm36},
    {.act = PolicePenalty::WITHDRAW,
     .from = {PolicePenalty::PROPOSED},
     .to = PolicePenalty::WITHDRAWN,
     .level = Level::kCounty,
     .apply = Apply<Withdraw>,
     .law = kCcm36},
    {.act = PolicePenalty::RECORD_DECISION,
     .from = {PolicePenalty::SUBMITTED},
     .to = PolicePenalty::DECIDED,
     .apply = Apply<RecordDecision>,
     .papers = {PolicePenalty::DECISION},
     .law = kCcm36},
    {.act = PolicePenalty::RECORD_DETENTION,
     .from = {PolicePenalty::SUBMITTED},
     .to = PolicePenalty::DETAINED,
     .apply = Apply<RecordDetention>,
     .starts = {{.clock = PolicePenalty::DETENTION, .article = kPsl, .until = DetainedTo}},
     .papers = {PolicePenalty::DECISION},
     .law = kCcm36},
    {.act = PolicePenalty::END_DETENTION,
     .from = {PolicePenalty::DETAINED},
     .to = PolicePenalty::DECIDED,
     .level = Level::kSystem,
     .stops = {PolicePenalty::DETENTION},
     .law = kCcm36},
    // A further breach led to a proposal that rests on this one (实施办法 §46, §49).
    {.act = PolicePenalty::COUNT,
     .from = {PolicePenalty::DETAINED, PolicePenalty::DECIDED},
     .indirect = true,
     .aside = true,
     .law = Ccm("46")},
    {.act = PolicePenalty::LAPSE,
     .from = kOpen,
     .to = PolicePenalty::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {PolicePenalty::DETENTION},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {
    {.clock = PolicePenalty::DETENTION, .warn_days = 1, .then = PolicePenalty::END_DETENTION}};

casework::Index IndexOf(const PolicePenalty& penalty) { return IndexOfRecord(penalty, penalty.proposed_on()); }

std::optional<casework::Numbering> NumberingOf(const PolicePenalty& penalty, absl::CivilDay act_day) {
  if (penalty.submitted_on().empty()) return std::nullopt;
  return CountyNumbering(penalty, act_day, "矫治");
}

}  // namespace

absl::StatusOr<std::string> OpenPolicePenalty(const Subject& s, const Proposal& proposal, const Act& act) {
  auto penalty = RecordOf<PolicePenalty>(s);
  if (proposal.source_type() == "Breach") penalty.set_breach(proposal.source());
  if (proposal.source_type() == "Search") penalty.set_search(proposal.source());
  penalty.set_facts(proposal.facts());
  penalty.set_proposed_on(act.occurred_on());
  ASSIGN_OR_RETURN(const PolicePenalty opened, act.Open<PolicePenalty>(PolicePenalty::BEGIN, std::move(penalty)));
  return opened.id();
}

bool DaysFit(const PolicePenalty& penalty) {
  const auto nights = DayIn(penalty.detained_to()) - DayIn(penalty.detained_from());
  return nights == penalty.detention_days() || nights == penalty.detention_days() - 1;
}

bool GivenBefore(const PolicePenalty& penalty, const std::string& day) {
  const bool punished = penalty.fine_fen() > 0 || penalty.detention_days() > 0;
  const bool recorded = penalty.state() == PolicePenalty::DETAINED || penalty.state() == PolicePenalty::DECIDED;
  return recorded && punished && penalty.decided_on() < day;
}

const procedure::Procedure<PolicePenalty> kPolicePenaltyProcedure = {
    .name = "提请治安管理处罚",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {PolicePenalty::DECIDED, PolicePenalty::WITHDRAWN, PolicePenalty::LAPSED, PolicePenalty::VOIDED},
    .states = PolicePenalty::State_descriptor,
    .acts = PolicePenalty::Act_descriptor,
    .clock_kinds = PolicePenalty::Limit_descriptor,
    .papers = PolicePenalty::Document_descriptor,
};

const casework::Definition<PolicePenalty> kPolicePenalty = {
    .procedure = &kPolicePenaltyProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListPolicePenaltiesRequest>>,
    .has_files = true,
    .amendments = &kPolicePenaltyAmendments,
    .references = {OfSubject(PolicePenalty::LAPSE),
                   {.field = "breach",
                    .to = "Breach",
                    .reason = "BREACH_HAS_POLICE_PENALTY",
                    .sentence = "该违规已据以提请治安管理处罚，不能作废"},
                   {.field = "search",
                    .to = "Search",
                    .reason = "SEARCH_HAS_POLICE_PENALTY",
                    .sentence = "该次查找已据以提请治安管理处罚，不能作废"}},
    .looks_at = {"PolicePenalty", "Breach", "Search"},
    .further = ForPerson<PolicePenalty>,
    .sealed = OfMinor<PolicePenalty>,
};

}  // namespace sifa::corrections
