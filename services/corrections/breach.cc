#include "services/corrections/breach.h"

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

constexpr procedure::Law kCcl28 = Ccl("28");
constexpr char kControl[] = "01";  // 管制
constexpr int kSlightDays = 10;

const Guard<Breach> kInTerm = {.rule = "违规",
                               .reason = "BREACH_OUTSIDE_TERM",
                               .text = "违规日期不能早于社区矫正决定生效的日期，也不能晚于发起调查的日期",
                               .law = kCcl28,
                               .holds =
                                   [](const Breach& breach, const Facts& facts) {
                                     const auto* s = facts.One<Subject>();
                                     return s != nullptr && breach.happened_on() >= s->decision().effective_on() &&
                                            breach.happened_on() <= FormatDay(facts.act_day);
                                   },
                               .of_others = true};
const Guard<Breach> kHeard = {"违规", "PERSON_NOT_HEARD", "认定违规前，应当听取社区矫正对象的陈述和申辩", kCcl28,
                              [](const Breach& breach, const Facts&) { return !breach.heard_on().empty(); }};
const Guard<Breach> kProven = {"违规", "EVIDENCE_MISSING", "认定违规应当有证据", kCcl28,
                               [](const Breach& breach, const Facts&) { return !breach.evidence().empty(); }};
// 禁止令 goes with 管制 and 缓刑 only (刑法 §38, §72).
const Guard<Breach> kUnderBan = {
    "违规", "NO_COURT_BAN", "禁止令只适用于管制、缓刑的对象", Cl("72"), [](const Breach& breach, const Facts&) {
      const bool of_ban = breach.kind() == Breach::BAN_SLIGHT || breach.kind() == Breach::BAN_SERIOUS;
      return !of_ban || breach.person().category() == kControl || breach.person().category() == kProbation;
    }};
const Guard<Breach> kRechecked = {"违规", "NO_RECHECK_DUTY", "提交病情复查情况是暂予监外执行对象的义务", Ccm("35"),
                                  [](const Breach& breach, const Facts&) {
                                    return breach.kind() != Breach::NO_RECHECK || breach.person().category() == kOutsidePrison;
                                  }};
// The days decide which of the three it is (law §2.5 R21); "one month" is the corresponding day.
const Guard<Breach> kDaysFit = {"违规", "DAYS_OF_ANOTHER_KIND", "脱离监管的天数与所选情形不符：十日以内、超过十日、超过一个月",
                                Ccm("34"), [](const Breach& breach, const Facts& facts) {
                                  const int days = breach.days_absent();
                                  if (!IsAbsence(breach.kind())) return days == 0;
                                  const absl::CivilDay in_order = DayIn(breach.happened_on()) - 1;
                                  const bool over_month =
                                      in_order + days > MonthsAfter(procedure::Circumstances(facts), in_order, 1);
                                  if (breach.kind() == Breach::ABSENT_OVER_MONTH) return over_month;
                                  if (breach.kind() == Breach::ABSENT_OVER_TEN_DAYS) return days > kSlightDays && !over_month;
                                  return days > 0 && days <= kSlightDays;
                                }};

absl::StatusOr<Breach> NewBreach(const v1::OpenBreachRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(auto breach, NewRecord<Breach>(r.subject(), act));
  breach.set_happened_on(r.happened_on());
  breach.set_facts(r.facts());
  return breach;
}

absl::Status Investigate(Breach& breach, const v1::InvestigateBreachRequest& r, const Act& act) {
  if (r.heard_on().empty() != r.statement().empty()) {
    return InvalidField("statement", "FIELD_REQUIRED", "听取陈述的日期和本人陈述应当一并填写");
  }
  if (r.heard_on() > act.occurred_on()) return InvalidField("heard_on", "FIELD_DATE", "听取陈述的日期不能晚于办理日期");
  if (!r.facts().empty()) breach.set_facts(r.facts());
  breach.mutable_evidence()->MergeFrom(r.evidence());
  if (r.heard_on().empty()) return absl::OkStatus();
  breach.set_heard_on(r.heard_on());
  breach.set_statement(r.statement());
  return absl::OkStatus();
}

absl::Status Establish(Breach& breach, const v1::EstablishBreachRequest& r, const Act& act) {
  breach.set_kind(r.kind());
  breach.set_days_absent(r.days_absent());
  breach.set_established_on(act.occurred_on());
  ASSIGN_OR_RETURN(const Subject s, act.LoadUnchecked<Subject>(breach.subject()));
  ASSIGN_OR_RETURN(const auto proposals, ProposeForBreach(s, breach, act));
  breach.mutable_proposals()->Assign(proposals.begin(), proposals.end());
  return absl::OkStatus();
}

absl::Status Dismiss(Breach& breach, const v1::DismissBreachRequest& r, const Act& act) {
  breach.set_dismissed_on(act.occurred_on());
  breach.set_dismiss_reason(r.reason());
  return absl::OkStatus();
}

const Row<Breach> kRows[] = {
    {.act = Breach::OPEN,
     .from = {Breach::STATE_UNSPECIFIED},
     .to = Breach::INVESTIGATING,
     .create = Create<NewBreach>,
     .checks = {&kInCorrection<Breach>, &kInTerm},
     .law = kCcl28},
    {.act = Breach::BEGIN,
     .from = {Breach::STATE_UNSPECIFIED},
     .to = Breach::INVESTIGATING,
     .indirect = true,
     .checks = {&kInTerm},
     .law = kCcl28},
    {.act = Breach::INVESTIGATE,
     .from = {Breach::INVESTIGATING},
     .apply = Apply<Investigate>,
     .papers = {Breach::INQUIRY},
     .law = kCcl28},
    {.act = Breach::ESTABLISH,
     .from = {Breach::INVESTIGATING},
     .to = Breach::ESTABLISHED,
     .level = Level::kCounty,
     .guards = {&kHeard, &kProven},
     .apply = Apply<Establish>,
     .checks = {&kUnderBan, &kRechecked, &kDaysFit},
     .papers = {Breach::FINDING},
     .law = kCcl28},
    {.act = Breach::DISMISS,
     .from = {Breach::INVESTIGATING},
     .to = Breach::DISMISSED,
     .level = Level::kCounty,
     .apply = Apply<Dismiss>,
     .law = kCcl28},
    {.act = Breach::LAPSE,
     .from = {Breach::INVESTIGATING},
     .to = Breach::LAPSED,
     .indirect = true,
     .aside = true,
     .law = Ccl("45")},
};

casework::Index IndexOf(const Breach& breach) { return IndexOfRecord(breach, breach.happened_on()); }

std::optional<casework::Numbering> NumberingOf(const Breach& breach, absl::CivilDay act_day) {
  return CountyNumbering(breach, act_day, "矫违");
}

}  // namespace

absl::StatusOr<std::string> OpenBreach(const Subject& s, const Proposal& proposal, const Act& act) {
  auto breach = RecordOf<Breach>(s);
  breach.set_happened_on(proposal.happened_on());
  breach.set_facts(proposal.facts());
  breach.set_source_type(proposal.source_type());
  breach.set_source(proposal.source());
  ASSIGN_OR_RETURN(const Breach opened, act.Open<Breach>(Breach::BEGIN, std::move(breach)));
  return opened.id();
}

const procedure::Procedure<Breach> kBreachProcedure = {
    .name = "违规调查",
    .rows = kRows,
    .clocks = {},
    .terminal = {Breach::ESTABLISHED, Breach::DISMISSED, Breach::LAPSED, Breach::VOIDED},
    .states = Breach::State_descriptor,
    .acts = Breach::Act_descriptor,
    .clock_kinds = Breach::Limit_descriptor,
    .papers = Breach::Document_descriptor,
};

const casework::Definition<Breach> kBreach = {
    .procedure = &kBreachProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kBreachesCube},
    .list = casework::ListOf<NarrowRecords<v1::ListBreachesRequest>>,
    .has_files = true,
    .amendments = &kBreachAmendments,
    .references = {OfSubject(Breach::LAPSE)},
    .looks_at = {"Sanction", "PolicePenalty"},
    .further = ForPerson<Breach>,
    .sealed = OfMinor<Breach>,
};

}  // namespace sifa::corrections
