#include "services/corrections/duty.h"

#include "absl/strings/str_cat.h"
#include "services/corrections/proposal.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcm24 = Ccm("24");

absl::CivilDay SubmitBy(const Duty& duty) { return DayIn(duty.submit_by()); }

const Guard<Duty> kTimeToResubmit = {
    "报告", "RESUBMIT_IN_THE_PAST", "重报期限不能早于退回的日期", kCcm24,
    [](const Duty& duty, const Facts& facts) { return duty.submit_by() >= FormatDay(facts.act_day); }};

// A missed report is looked into, and never punished by itself (law §2.4). Of who is on medical parole it may later be what 警告
// and 收监 rest on (§2.5 R11(4), R15(5)).
Suggestion Missing(const Duty& duty) {
  const char* criterion = duty.kind() == Duty::RECHECK
                              ? "保外就医，不按规定提交病情复查情况；无正当理由且经教育仍不改正的，适用实施办法第35条、第49条"
                              : "不按规定时间报告";
  return {
      Proposal::INVESTIGATE,
      "Duty",
      duty.id(),
      criterion,
      kCcm24,
      absl::StrCat(procedure::LabelOf(Duty::Kind_descriptor(), duty.kind()), "应当在", duty.submit_by(), "前提交，逾期未提交"),
      duty.submit_by()};
}

absl::Status Submit(Duty& duty, const v1::SubmitDutyRequest& r, const Act& act) {
  if (act.occurred_on() > duty.submit_by()) {
    duty.set_late(true);
  } else if (duty.state() == Duty::MISSED) {
    duty.clear_missed_on();
    RETURN_IF_ERROR(WithdrawProposals(duty.id(), act));
  }
  duty.set_means(r.means());
  duty.set_content(r.content());
  duty.set_submitted_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Accept(Duty& duty, const v1::AcceptDutyRequest&, const Act& act) {
  duty.set_accepted_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status SendBack(Duty& duty, const v1::SendBackDutyRequest& r) {
  duty.set_send_back_reason(r.reason());
  duty.set_submit_by(r.resubmit_by());
  return absl::OkStatus();
}

absl::Status Excuse(Duty& duty, const v1::ExcuseDutyRequest& r, const Act& act) {
  if (duty.state() == Duty::MISSED) RETURN_IF_ERROR(WithdrawProposals(duty.id(), act));
  duty.set_excused_on(act.occurred_on());
  duty.set_excuse_reason(r.reason());
  duty.set_excuse_proof(r.proof());
  return absl::OkStatus();
}

absl::Status Miss(Duty& duty, const Act& act) {
  duty.set_missed_on(act.occurred_on());
  ASSIGN_OR_RETURN(const Subject s, act.LoadUnchecked<Subject>(duty.subject()));
  return Propose(s, Missing(duty), act);
}

// The heightening that asked for it has ended.
absl::Status Relieve(Duty& duty, const Act& act) {
  duty.set_excused_on(act.occurred_on());
  return absl::OkStatus();
}

constexpr procedure::States kAwaited = {Duty::DUE, Duty::SENT_BACK};
constexpr procedure::States kOwed = {Duty::DUE, Duty::SENT_BACK, Duty::MISSED};

const Row<Duty> kRows[] = {
    {.act = Duty::OPEN,
     .from = {Duty::STATE_UNSPECIFIED},
     .to = Duty::DUE,
     .indirect = true,
     .aside = true,
     .starts = {{.clock = Duty::SUBMIT_BY, .article = "24", .until = SubmitBy}},
     .law = kCcm24},
    {.act = Duty::SUBMIT,
     .from = kOwed,
     .to = Duty::SUBMITTED,
     .guards = {&kInCorrection<Duty>},
     .apply = Apply<Submit>,
     .stops = {Duty::SUBMIT_BY},
     .law = kCcm24},
    {.act = Duty::ACCEPT, .from = {Duty::SUBMITTED}, .to = Duty::ACCEPTED, .apply = Apply<Accept>, .law = kCcm24},
    {.act = Duty::SEND_BACK,
     .from = {Duty::SUBMITTED},
     .to = Duty::SENT_BACK,
     .apply = Apply<SendBack>,
     .checks = {&kTimeToResubmit},
     .starts = {{.clock = Duty::SUBMIT_BY, .article = "24", .until = SubmitBy}},
     .law = kCcm24},
    {.act = Duty::EXCUSE,
     .from = kOwed,
     .to = Duty::EXCUSED,
     .guards = {&kInCorrection<Duty>},
     .apply = Apply<Excuse>,
     .stops = {Duty::SUBMIT_BY},
     .law = kCcm24},
    {.act = Duty::MISS,
     .from = kAwaited,
     .to = Duty::MISSED,
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<Miss>,
     .stops = {Duty::SUBMIT_BY},
     .law = kCcm24},
    {.act = Duty::PUT_OFF,
     .from = kOwed,
     .to = Duty::DUE,
     .indirect = true,
     .aside = true,
     .starts = {{.clock = Duty::SUBMIT_BY, .article = "24", .until = SubmitBy}},
     .law = kCcm24},
    {.act = Duty::RELIEVE,
     .from = kAwaited,
     .to = Duty::EXCUSED,
     .indirect = true,
     .aside = true,
     .apply = Apply<Relieve>,
     .stops = {Duty::SUBMIT_BY},
     .law = Ccl("24")},
    {.act = Duty::LAPSE,
     .from = {Duty::DUE, Duty::SUBMITTED, Duty::SENT_BACK},
     .to = Duty::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {Duty::SUBMIT_BY},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = Duty::SUBMIT_BY, .warn_days = 3, .then = Duty::MISS}};

casework::Index IndexOf(const Duty& duty) { return IndexOfRecord(duty, duty.due_on()); }

}  // namespace

absl::Status PutOff(const Duty& duty, const std::string& until, const Act& act) {
  if (duty.state() == Duty::MISSED) RETURN_IF_ERROR(WithdrawProposals(duty.id(), act));
  return act
      .ActOn<Duty>(Duty::PUT_OFF, duty.id(),
                   [&](Duty& put_off) {
                     put_off.set_due_on(until);
                     put_off.set_submit_by(until);
                     put_off.clear_missed_on();
                     return absl::OkStatus();
                   })
      .status();
}

const procedure::Procedure<Duty> kDutyProcedure = {
    .name = "报告义务",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Duty::ACCEPTED, Duty::MISSED, Duty::EXCUSED, Duty::LAPSED, Duty::VOIDED},
    .states = Duty::State_descriptor,
    .acts = Duty::Act_descriptor,
    .clock_kinds = Duty::Limit_descriptor,
    .papers = Duty::Document_descriptor,
};

const casework::Definition<Duty> kDuty = {
    .procedure = &kDutyProcedure,
    .index = IndexOf,
    .cubes = {&kDutiesCube},
    .list = casework::ListOf<NarrowRecords<v1::ListDutiesRequest>>,
    .has_files = true,
    .references = {OfSubject(Duty::LAPSE),
                   {.field = "heightening",
                    .to = "Heightening",
                    .reason = "HEIGHTENING_HAS_REPORTS",
                    .sentence = "该重点时段已启动报告，不能作废"}},
    .further = ForPerson<Duty, Duty::SUBMIT>,
    .sealed = OfMinor<Duty>,
};

}  // namespace sifa::corrections
