#include "libs/casework/reminder_fixture.h"

#include <algorithm>

namespace sifa::casework {
namespace {

constexpr procedure::Law kLaw = {"信访工作条例", "23"};

absl::CivilDay SendOn(const Reminder& reminder) {
  absl::CivilDay day;
  ParseDay(reminder.send_on(), &day);
  return day;
}

Reminder ReminderOf(const Letter& letter, const std::string& send_on) {
  Reminder reminder;
  reminder.set_organisation(letter.organisation());
  reminder.set_organisation_path(letter.organisation_path());
  reminder.set_region(letter.region());
  reminder.set_letter(letter.id());
  reminder.set_send_on(send_on);
  return reminder;
}

const procedure::Guard<Reminder> kWaits = {
    .rule = "催办",
    .reason = "LETTER_ANSWERED",
    .text = "来信已经答复，不能催办",
    .law = kLaw,
    .holds = [](const Reminder&, const procedure::Facts& facts) {
      const auto* letter = facts.One<Letter>();
      return letter != nullptr && letter->state() == Letter::RECEIVED;
    },
    .of_others = true};
const procedure::Guard<Reminder> kFew = {
    .rule = "催办",
    .reason = "REMINDERS_TOO_MANY",
    .text = "一封来信同时至多设置两次催办",
    .law = kLaw,
    .holds = [](const Reminder&, const procedure::Facts& facts) {
      const auto others = facts.All<Reminder>();
      return std::count_if(others.begin(), others.end(), [](const auto* r) { return r->state() == Reminder::SET; }) < 2;
    },
    .of_others = true};

absl::StatusOr<Reminder> NewReminder(const test::RemindLetterRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Letter letter, act.Load<Letter>(r.letter()));
  Reminder reminder = ReminderOf(letter, r.send_on());
  reminder.set_copied_to(r.copied_to());
  return reminder;
}

absl::Status Send(Reminder& reminder, const Act& act) {
  reminder.add_sent_on(act.occurred_on());
  reminder.set_send_on(FormatDay(SendOn(reminder) + 7));
  return absl::OkStatus();
}

absl::Status Split(Reminder& reminder, const test::SplitReminderRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Letter letter, act.LoadUnchecked<Letter>(reminder.letter()));
  return act.Open<Reminder>(Reminder::FOLLOW, ReminderOf(letter, r.send_on())).status();
}

const procedure::Row<Reminder> kRows[] = {
    {.act = Reminder::REMIND,
     .from = {Reminder::STATE_UNSPECIFIED},
     .to = Reminder::SET,
     .create = Create<NewReminder>,
     .checks = {&kWaits, &kFew},
     .starts = {{.clock = Reminder::SEND_ON, .until = SendOn}},
     .law = kLaw},
    {.act = Reminder::FOLLOW,
     .from = {Reminder::STATE_UNSPECIFIED},
     .to = Reminder::SET,
     .indirect = true,
     .checks = {&kFew},
     .starts = {{.clock = Reminder::SEND_ON, .until = SendOn}},
     .law = kLaw},
    {.act = Reminder::SPLIT, .from = {Reminder::SET}, .apply = Apply<Split>, .law = kLaw},
    {.act = Reminder::SEND,
     .from = {Reminder::SET},
     .level = procedure::Level::kSystem,
     .apply = Apply<Send>,
     .starts = {{.clock = Reminder::SEND_ON, .until = SendOn}},
     .law = kLaw},
    {.act = Reminder::DROP,
     .from = {Reminder::SET},
     .to = Reminder::ENDED,
     .indirect = true,
     .stops = {Reminder::SEND_ON},
     .law = kLaw},
};
const procedure::ClockKind kClocks[] = {{.clock = Reminder::SEND_ON, .warn_days = 0, .then = Reminder::SEND}};

std::vector<Further> FurtherOf(const Reminder& reminder) {
  return reminder.copied_to().empty() ? std::vector<Further>() : std::vector<Further>{{reminder.copied_to(), {Reminder::SPLIT}}};
}

const procedure::Procedure<Reminder> kReminderProcedure = {
    .name = "催办",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Reminder::ENDED, Reminder::VOIDED},
    .states = Reminder::State_descriptor,
    .acts = Reminder::Act_descriptor,
    .clock_kinds = Reminder::Limit_descriptor,
    .papers = Reminder::Document_descriptor,
};

}  // namespace

const Definition<Reminder> kReminder = {
    .procedure = &kReminderProcedure,
    .references = {{.field = "letter", .to = "Letter", .looked_at = true, .ended_by = Reminder::DROP}},
    .looks_at = {"Reminder"},
    .further = FurtherOf,
};

}  // namespace sifa::casework
