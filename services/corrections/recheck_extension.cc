#include "services/corrections/recheck_extension.h"

#include <algorithm>

#include "services/corrections/duty.h"
#include "services/corrections/record.h"
#include "services/corrections/reporting.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcm24 = Ccm("24");

bool IsOpen(const RecheckExtension& e) {
  return e.state() == RecheckExtension::ASKED || e.state() == RecheckExtension::OPINED;
}

bool IsAwaited(const Duty& duty) { return duty.state() == Duty::DUE || duty.state() == Duty::SENT_BACK; }

// The re-examination of that day, where it is open, or was missed while it was being decided on; null where there is none.
const Duty* OwedOn(const std::string& day, const Facts& facts) {
  for (const Duty* duty : facts.All<Duty>()) {
    if (duty->kind() == Duty::RECHECK && duty->due_on() == day && (IsAwaited(*duty) || duty->state() == Duty::MISSED)) return duty;
  }
  return nullptr;
}

// The day on which his next re-examination is due; empty where none is.
std::string NextRecheckOn(const Facts& facts) {
  std::string next;
  for (const Duty* duty : facts.All<Duty>()) {
    if (duty->kind() == Duty::RECHECK && IsAwaited(*duty)) next = std::max(next, duty->due_on());
  }
  const auto* s = facts.One<Subject>();
  return next.empty() && s != nullptr ? s->next_recheck_on() : next;
}

const Guard<RecheckExtension> kOnMedicalParole = {.rule = "病情复查延期",
                                                  .reason = "NOT_ON_MEDICAL_PAROLE",
                                                  .text = "病情复查适用于暂予监外执行中保外就医的对象",
                                                  .law = kCcm24,
                                                  .holds =
                                                      [](const RecheckExtension&, const Facts& facts) {
                                                        const auto* s = facts.One<Subject>();
                                                        return s != nullptr && IsRechecked(*s) && !NextRecheckOn(facts).empty();
                                                      },
                                                  .of_others = true};
const Guard<RecheckExtension> kOneAtATime = {.rule = "病情复查延期",
                                             .reason = "RECHECK_EXTENSION_OPEN",
                                             .text = "该对象的病情复查延期申请正在办理，不能重复申请",
                                             .law = kCcm24,
                                             .holds =
                                                 [](const RecheckExtension&, const Facts& facts) {
                                                   const auto others = facts.All<RecheckExtension>();
                                                   return std::none_of(others.begin(), others.end(),
                                                                       [](const auto* e) { return IsOpen(*e); });
                                                 },
                                             .of_others = true};
const Guard<RecheckExtension> kLater = {
    "病情复查延期", "RECHECK_NOT_LATER", "延长后的复查期限应当晚于原期限", kCcm24,
    [](const RecheckExtension& e, const Facts&) { return e.until() > e.recheck_on(); }};
// Who decides follows from the day that is put off: once he has been examined there is nothing to put off.
const Guard<RecheckExtension> kStillDue = {.rule = "病情复查延期",
                                           .reason = "RECHECK_MOVED",
                                           .text = "申请延期的病情复查已经提交或者免除，请就下一次复查重新申请",
                                           .law = kCcm24,
                                           .holds =
                                               [](const RecheckExtension& e, const Facts& facts) {
                                                 const auto* s = facts.One<Subject>();
                                                 return OwedOn(e.recheck_on(), facts) != nullptr ||
                                                        (s != nullptr && s->next_recheck_on() == e.recheck_on());
                                               },
                                           .of_others = true};

RecheckExtension::Decider DeciderOf(const RecheckExtension& e, const Act& act) {
  const absl::CivilDay from = DayIn(e.recheck_on()), until = DayIn(e.until());
  if (until < MonthsAfter(act, from, 1)) return RecheckExtension::COUNTY;
  return until < MonthsAfter(act, from, 3) ? RecheckExtension::CITY : RecheckExtension::PROVINCE;
}

absl::StatusOr<RecheckExtension> NewExtension(const v1::AskRecheckExtensionRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(RecheckExtension e, NewRecord<RecheckExtension>(r.subject(), act));
  e.set_until(r.until());
  e.set_grounds(r.grounds());
  return e;
}

absl::Status Ask(RecheckExtension& e, const v1::AskRecheckExtensionRequest&, const Act& act) {
  e.set_recheck_on(NextRecheckOn(act.facts()));
  if (!e.recheck_on().empty()) e.set_decider(DeciderOf(e, act));
  return absl::OkStatus();
}

absl::Status Opine(RecheckExtension& e, const v1::OpineRecheckExtensionRequest& r, const Act& act) {
  e.set_opinion(r.opinion());
  e.set_opined_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Approve(RecheckExtension& e, const v1::ApproveRecheckExtensionRequest&, const Act& act) {
  e.set_decided_on(act.occurred_on());
  const Duty* owed = OwedOn(e.recheck_on(), act.facts());
  if (owed != nullptr) RETURN_IF_ERROR(PutOff(*owed, e.until(), act));
  return act
      .ActOn<Subject>(Subject::PUT_OFF_RECHECK, e.subject(),
                      [&](Subject& s) {
                        PutOffRecheck(s, e.until(), owed != nullptr, act);
                        return absl::OkStatus();
                      })
      .status();
}

absl::Status Refuse(RecheckExtension& e, const v1::RefuseRecheckExtensionRequest& r, const Act& act) {
  e.set_decided_on(act.occurred_on());
  e.set_refusal(r.reason());
  return absl::OkStatus();
}

template <RecheckExtension::Decider kDecider>
bool DecidedBy(const RecheckExtension& e) {
  return e.decider() == kDecider;
}

template <RecheckExtension::Decider kDecider>
constexpr Row<RecheckExtension> ApproveBy(Level level) {
  return {.act = RecheckExtension::APPROVE,
          .from = {RecheckExtension::OPINED},
          .to = RecheckExtension::APPROVED,
          .when = DecidedBy<kDecider>,
          .level = level,
          .guards = {&kStillDue},
          .apply = Apply<Approve>,
          .papers = {RecheckExtension::DECISION},
          .law = kCcm24};
}

template <RecheckExtension::Decider kDecider>
constexpr Row<RecheckExtension> RefuseBy(Level level) {
  return {.act = RecheckExtension::REFUSE,
          .from = {RecheckExtension::OPINED},
          .to = RecheckExtension::REFUSED,
          .when = DecidedBy<kDecider>,
          .level = level,
          .apply = Apply<Refuse>,
          .papers = {RecheckExtension::DECISION},
          .law = kCcm24};
}

const Row<RecheckExtension> kRows[] = {
    {.act = RecheckExtension::ASK,
     .from = {RecheckExtension::STATE_UNSPECIFIED},
     .to = RecheckExtension::ASKED,
     .create = Create<NewExtension>,
     .apply = Apply<Ask>,
     .checks = {&kInCorrection<RecheckExtension>, &kOnMedicalParole, &kOneAtATime, &kLater},
     .papers = {RecheckExtension::APPLICATION},
     .law = kCcm24},
    {.act = RecheckExtension::OPINE,
     .from = {RecheckExtension::ASKED},
     .to = RecheckExtension::OPINED,
     .level = Level::kCounty,
     .apply = Apply<Opine>,
     .law = kCcm24},
    ApproveBy<RecheckExtension::COUNTY>(Level::kCounty),
    ApproveBy<RecheckExtension::CITY>(Level::kCity),
    ApproveBy<RecheckExtension::PROVINCE>(Level::kProvince),
    RefuseBy<RecheckExtension::COUNTY>(Level::kCounty),
    RefuseBy<RecheckExtension::CITY>(Level::kCity),
    RefuseBy<RecheckExtension::PROVINCE>(Level::kProvince),
    {.act = RecheckExtension::LAPSE,
     .from = {RecheckExtension::ASKED, RecheckExtension::OPINED},
     .to = RecheckExtension::LAPSED,
     .indirect = true,
     .aside = true,
     .law = Ccl("45")},
};

casework::Index IndexOf(const RecheckExtension& e) { return IndexOfRecord(e, e.recheck_on()); }

std::optional<casework::Numbering> NumberingOf(const RecheckExtension& e, absl::CivilDay act_day) {
  return CountyNumbering(e, act_day, "矫延");
}

}  // namespace

const procedure::Procedure<RecheckExtension> kRecheckExtensionProcedure = {
    .name = "病情复查延期",
    .rows = kRows,
    .clocks = {},
    .terminal = {RecheckExtension::APPROVED, RecheckExtension::REFUSED, RecheckExtension::LAPSED, RecheckExtension::VOIDED},
    .states = RecheckExtension::State_descriptor,
    .acts = RecheckExtension::Act_descriptor,
    .clock_kinds = RecheckExtension::Limit_descriptor,
    .papers = RecheckExtension::Document_descriptor,
};

const casework::Definition<RecheckExtension> kRecheckExtension = {
    .procedure = &kRecheckExtensionProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListRecheckExtensionsRequest>>,
    .has_files = true,
    .references = {OfSubject(RecheckExtension::LAPSE)},
    .looks_at = {"RecheckExtension", "Duty"},
    .further = ForPerson<RecheckExtension, RecheckExtension::ASK>,
    .sealed = OfMinor<RecheckExtension>,
};

}  // namespace sifa::corrections
