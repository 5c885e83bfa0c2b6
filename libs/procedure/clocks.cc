#include "libs/procedure/clocks.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/calendar/instruments.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::procedure {
namespace {

using casework::v1::Clock;

absl::CivilDay DayIn(const std::string& text) {
  absl::CivilDay day;
  ParseDay(text, &day);
  return day;
}

absl::Time TimeIn(const google::protobuf::Timestamp& stamp) {
  return absl::FromUnixSeconds(stamp.seconds()) + absl::Nanoseconds(stamp.nanos());
}

void Set(google::protobuf::Timestamp* stamp, absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  stamp->set_seconds(micros / 1000000);
  stamp->set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
}

bool IsInHours(const Clock& clock) { return clock.period().unit() == calendar::UnitName(calendar::Unit::kHour); }

absl::Status InstantMissing(const Clock& clock) {
  return InvalidField("occurred_at", "INSTANT_MISSING", absl::StrCat("“", clock.label(), "”按小时计算，请填写办理的时刻"));
}

calendar::Unit UnitNamed(const std::string& name) {
  for (auto unit : {calendar::Unit::kHour, calendar::Unit::kDay, calendar::Unit::kWorkingDay, calendar::Unit::kMonth,
                    calendar::Unit::kYear, calendar::Unit::kTerm}) {
    if (name == std::string(calendar::UnitName(unit))) return unit;
  }
  return calendar::Unit::kDay;
}

absl::StatusOr<calendar::Deadline> Compute(const Clock& clock, const calendar::Calendar& calendar, bool provisional) {
  calendar::Period period{clock.period().instrument(), clock.period().amount(), UnitNamed(clock.period().unit())};
  if (period.unit == calendar::Unit::kTerm) period = calendar::Term(clock.period().amount(), 0, 0, clock.period().instrument());
  calendar::Options options;
  options.provisional = provisional;
  for (const auto& excluded : clock.excluded()) {
    if (!excluded.to().empty()) options.excluded.push_back({DayIn(excluded.from()), DayIn(excluded.to()), excluded.reason()});
  }
  if (period.unit == calendar::Unit::kHour) return calendar::Compute(calendar, period, TimeIn(clock.started_at()), options);
  return calendar::Compute(calendar, period, DayIn(clock.started_on()), options);
}

// A limit may end on a day about which no notice is out yet. Its last day without roll-over is then the earliest that
// it can be, so it is kept, and told to be provisional. Working days cannot be counted so, and stay an error.
absl::StatusOr<calendar::Deadline> DeadlineOf(const Clock& clock, const calendar::Calendar& calendar, bool* provisional) {
  auto deadline = Compute(clock, calendar, false);
  *provisional = ReasonOf(deadline.status()) == "CALENDAR_YEAR_UNKNOWN";
  return *provisional ? Compute(clock, calendar, true) : deadline;
}

absl::Status Recompute(Clock* clock, const calendar::Calendar& calendar) {
  bool provisional = false;
  const auto deadline = DeadlineOf(*clock, calendar, &provisional);
  clock->set_provisional(provisional);
  RETURN_IF_ERROR(deadline.status());
  if (deadline->due + kLongestRollOver >= calendar::kForever) {
    return Error(absl::StatusCode::kInvalidArgument, "PERIOD_MALFORMED", "期限届满日在9999年以后，无法表示");
  }
  clock->set_due_on(FormatDay(deadline->due));
  if (IsInHours(*clock)) Set(clock->mutable_due_at(), deadline->due_at);
  clock->set_rule_version(deadline->rule_version);
  return absl::OkStatus();
}

}  // namespace

Clock* FindClock(Clocks* clocks, const std::string& kind) {
  for (Clock& clock : *clocks) {
    if (clock.kind() == kind) return &clock;
  }
  return nullptr;
}

const Clock* FindClock(const Clocks& clocks, const std::string& kind) { return FindClock(const_cast<Clocks*>(&clocks), kind); }

absl::Status StartClock(Clocks* clocks, const std::string& kind, const std::string& label, const calendar::Period& period,
                        absl::string_view article, const When& from, const calendar::Calendar& calendar) {
  Clock* clock = FindClock(clocks, kind);
  if (clock == nullptr) clock = clocks->Add();
  clock->Clear();
  clock->set_kind(kind);
  clock->set_label(label);
  clock->set_state(Clock::RUNNING);
  clock->set_started_on(FormatDay(from.day));
  if (from.at) Set(clock->mutable_started_at(), *from.at);
  clock->mutable_period()->set_instrument(std::string(period.instrument));
  clock->mutable_period()->set_amount(period.unit == calendar::Unit::kTerm ? period.years : period.amount);
  clock->mutable_period()->set_unit(std::string(calendar::UnitName(period.unit)));
  clock->mutable_period()->set_article(std::string(article));
  if (IsInHours(*clock) && !from.at) return InstantMissing(*clock);
  return Recompute(clock, calendar);
}

void StartAgreedClock(Clocks* clocks, const std::string& kind, const std::string& label, absl::CivilDay from, absl::CivilDay until) {
  Clock* clock = FindClock(clocks, kind);
  if (clock == nullptr) clock = clocks->Add();
  clock->Clear();
  clock->set_kind(kind);
  clock->set_label(label);
  clock->set_state(Clock::RUNNING);
  clock->set_started_on(FormatDay(from));
  clock->set_due_on(FormatDay(until));
}

void StartAgreedClock(Clocks* clocks, const std::string& kind, const std::string& label, absl::CivilDay from, absl::Time until) {
  StartAgreedClock(clocks, kind, label, from, DayOf(until));
  Set(FindClock(clocks, kind)->mutable_due_at(), until);
}

absl::Status StopClock(Clocks* clocks, const std::string& kind, const When& when) {
  Clock* clock = FindClock(clocks, kind);
  if (clock == nullptr || clock->state() == Clock::STOPPED) return absl::OkStatus();
  if (DueAt(*clock) && !when.at) return InstantMissing(*clock);
  clock->set_state(Clock::STOPPED);
  clock->set_ended_on(FormatDay(when.day));
  if (when.at) Set(clock->mutable_ended_at(), *when.at);
  return absl::OkStatus();
}

absl::Status SuspendClock(Clocks* clocks, const std::string& kind, absl::CivilDay on, const std::string& reason) {
  Clock* clock = FindClock(clocks, kind);
  if (clock == nullptr || clock->state() != Clock::RUNNING) return absl::OkStatus();
  if (DueAt(*clock)) {
    return Error(absl::StatusCode::kFailedPrecondition, "HOURS_NOT_SUSPENDED",
                 absl::StrCat("“", clock->label(), "”按小时计算，不能中止"));
  }
  clock->set_state(Clock::SUSPENDED);
  auto* excluded = clock->add_excluded();
  excluded->set_from(FormatDay(on));
  excluded->set_reason(reason);
  return absl::OkStatus();
}

absl::Status ResumeClock(Clocks* clocks, const std::string& kind, absl::CivilDay on, const calendar::Calendar& calendar) {
  Clock* clock = FindClock(clocks, kind);
  if (clock == nullptr || clock->state() != Clock::SUSPENDED) return absl::OkStatus();
  clock->set_state(Clock::RUNNING);
  auto* excluded = clock->mutable_excluded(clock->excluded_size() - 1);
  excluded->set_to(FormatDay(on - 1));  // the day of resuming counts again
  if (clock->has_period() && !clock->extended()) return Recompute(clock, calendar);
  clock->set_due_on(FormatDay(DayIn(clock->due_on()) + (on - DayIn(excluded->from()))));
  return absl::OkStatus();
}

absl::Status ExtendClock(Clocks* clocks, const std::string& kind, absl::CivilDay until) {
  Clock* clock = FindClock(clocks, kind);
  if (clock == nullptr || clock->state() == Clock::STOPPED) return absl::OkStatus();
  if (FormatDay(until) <= clock->due_on()) {
    return InvalidField("extended_until", "EXTENSION_NOT_LATER", "延长后的期限应当晚于原期限");
  }
  if (until >= calendar::kForever) return InvalidField("extended_until", "PERIOD_MALFORMED", "延长后的期限过晚，请核对");
  clock->set_due_on(FormatDay(until));
  clock->clear_due_at();  // from now on it ends with that day
  clock->set_extended(true);
  clock->set_provisional(false);
  return absl::OkStatus();
}

bool MayMove(const Clock& clock) {
  const bool computed = clock.has_period() && !clock.extended() && !IsInHours(clock);
  if (!computed || clock.state() == Clock::SUSPENDED) return false;  // a suspended one is computed when it is resumed
  return clock.state() == Clock::RUNNING || clock.provisional() || EndedLate(clock);
}

absl::StatusOr<std::vector<std::string>> SettleClocks(Clocks* clocks, const calendar::Calendar& calendar, absl::CivilDay today) {
  std::vector<std::string> words;
  for (Clock& clock : *clocks) {
    if (!MayMove(clock) || absl::EndsWith(clock.rule_version(), absl::StrCat("calendar@", calendar.version()))) continue;
    Clock now = clock;
    const absl::Status computed = Recompute(&now, calendar);
    if (ReasonOf(computed) == "CALENDAR_YEAR_UNKNOWN") continue;  // working days of a notice that was taken back
    RETURN_IF_ERROR(computed);
    if (now.due_on() == clock.due_on() && now.provisional() == clock.provisional()) continue;
    if (clock.state() == Clock::STOPPED && !clock.provisional() && EndedLate(now)) continue;
    if (now.due_on() != clock.due_on()) {
      now.set_moved_from(clock.due_on());
      now.set_moved_on(FormatDay(today));
    }
    words.push_back(clock.provisional() && !now.provisional()
                        ? absl::StrCat(clock.label(), "：节假日安排已公布，核定至 ", now.due_on())
                        : absl::StrCat(clock.label(), "：节假日安排变更，由 ", clock.due_on(),
                                       now.provisional() ? " 暂改至 " : " 改至 ", now.due_on()));
    clock = std::move(now);
  }
  return words;
}

absl::CivilDay LastDay(const Clock& clock) { return LastDay(DayIn(clock.due_on()), clock.provisional()); }

bool IsPast(const Clock& clock, absl::CivilDay day) { return day > LastDay(clock); }

bool IsPast(const Clock& clock, absl::Time at) {
  const auto due_at = DueAt(clock);
  return due_at ? at >= *due_at : IsPast(clock, DayOf(at));
}

bool EndedLate(const Clock& clock) {
  if (clock.state() != Clock::STOPPED) return false;
  return clock.has_ended_at() ? IsPast(clock, TimeIn(clock.ended_at())) : IsPast(clock, DayIn(clock.ended_on()));
}

std::optional<absl::Time> DueAt(const Clock& clock) {
  return clock.has_due_at() ? std::optional(TimeIn(clock.due_at())) : std::nullopt;
}

std::string EndInWords(const Clock& clock) {
  const auto due_at = DueAt(clock);
  return due_at ? absl::FormatTime("%Y-%m-%d %H:%M", *due_at, ChinaTime()) : clock.due_on();
}

absl::StatusOr<std::vector<std::string>> ExplainClock(const Clock& clock, const calendar::Calendar& calendar) {
  std::vector<std::string> steps;
  if (!clock.has_period()) {
    steps.push_back(absl::StrCat("按约定或决定，至 ", EndInWords(clock), " 届满"));
  } else {
    bool provisional = false;
    ASSIGN_OR_RETURN(const calendar::Deadline deadline, DeadlineOf(clock, calendar, &provisional));
    for (const auto& step : deadline.steps) steps.push_back(step.text);
    // What ended in time by the notices of its day is not judged by later ones.
    if (!clock.extended() && FormatDay(deadline.due) != clock.due_on()) {
      steps.push_back(absl::StrCat("以上按现行的节假日安排推算；本期限已在此前办结，仍按当时的安排（", clock.rule_version(),
                                   "）至 ", clock.due_on(), " 届满"));
    }
    if (!clock.moved_from().empty()) {
      steps.push_back(
          absl::StrCat("节假日安排公布或者变更前，至 ", clock.moved_from(), " 届满；", clock.moved_on(), " 重新核定"));
    }
  }
  if (clock.extended()) steps.push_back(absl::StrCat("经延长，至 ", clock.due_on(), " 届满"));
  return steps;
}

Clock::Colour ColourAt(absl::CivilDay due_on, std::optional<absl::Time> due_at, bool provisional, absl::Time now, int warn_days) {
  if (due_at) return now >= *due_at ? Clock::RED : now >= *due_at - WarningAhead(warn_days) ? Clock::YELLOW : Clock::GREEN;
  const absl::CivilDay today = DayOf(now);
  if (today > LastDay(due_on, provisional)) return Clock::RED;
  return due_on - today <= warn_days ? Clock::YELLOW : Clock::GREEN;
}

Clock::Colour ColourAt(const Clock& clock, absl::Time now, int warn_days) {
  const absl::CivilDay due = DayIn(clock.due_on());
  const auto late = clock.lapses() || clock.target() ? Clock::COLOUR_UNSPECIFIED : Clock::RED;
  if (clock.state() == Clock::STOPPED) {
    return EndedLate(clock)                ? late
           : DayIn(clock.ended_on()) > due ? Clock::YELLOW
                                           : Clock::GREEN;  // yellow: late, as the holidays will have it
  }
  if (clock.state() == Clock::SUSPENDED) return Clock::GREEN;
  const auto colour = ColourAt(due, DueAt(clock), clock.provisional(), now, warn_days);
  return colour == Clock::RED ? late : colour;
}

const Clock* NextDue(const Clocks& clocks, absl::CivilDay today) {
  const Clock* next = nullptr;
  const auto rank = [&](const Clock& clock) {
    return std::tuple(!IsPast(clock, today), absl::string_view(clock.due_on()), DueAt(clock).value_or(absl::InfiniteFuture()));
  };
  for (const Clock& clock : clocks) {
    if (clock.state() != Clock::RUNNING || clock.target() || (clock.lapses() && IsPast(clock, today))) continue;
    if (next == nullptr || rank(clock) < rank(*next)) next = &clock;
  }
  return next;
}

bool HasRunningRight(const Clocks& clocks, absl::CivilDay today) {
  return std::any_of(clocks.begin(), clocks.end(), [&](const Clock& clock) {
    return clock.lapses() && clock.state() == Clock::RUNNING && !IsPast(clock, today);
  });
}

}  // namespace sifa::procedure
