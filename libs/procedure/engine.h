// Applies an act of a procedure to an object, or says why not. Pure.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "libs/procedure/procedure.h"

namespace sifa::procedure {

// What an applied act was, in words, for the journal.
struct Applied {
  int from = 0;
  int to = 0;
  std::string law;
  std::vector<std::string> clocks;  // "调解期限: 2024-09-02 起，至 2024-10-08"
  std::vector<std::string> papers;
  std::string acting_for;  // account id of the person for whom the actor acted (代理)
};

// The row for an act on an object from a state on a day. FAILED_PRECONDITION "ACTION_NOT_ALLOWED" where the state does not
// allow it, "LAW_NOT_IN_FORCE" where it would and no row holds on that day.
template <class T>
absl::StatusOr<const Row<T>*> FindRow(const Procedure<T>& procedure, int act, const T& object, int state, absl::CivilDay act_day) {
  const Row<T>* of_another_time = nullptr;
  for (const Row<T>& row : procedure.rows) {
    const bool open = row.from.empty() ? state == 0 : row.from.Has(state);  // state 0: the object is being created
    if (row.act != act || !open || (row.when != nullptr && !row.when(object))) continue;
    if (row.law.HoldOn(act_day)) return &row;
    of_another_time = &row;
  }
  if (of_another_time != nullptr) return NotInForce(of_another_time->law, LabelOf(procedure.acts(), act), act_day);
  return Error(absl::StatusCode::kFailedPrecondition, "ACTION_NOT_ALLOWED",
               absl::StrCat("当前状态为“", LabelOf(procedure.states(), state), "”，不能“", LabelOf(procedure.acts(), act), "”"));
}

template <class T>
absl::StatusOr<const Row<T>*> FindRow(const Procedure<T>& procedure, int act, const T& object, absl::CivilDay act_day) {
  return FindRow(procedure, act, object, static_cast<int>(object.state()), act_day);
}

template <class T>
absl::Status CheckAll(const List<const Guard<T>*, 8>& guards, const T& object, const Facts& facts) {
  for (const Guard<T>* guard : guards) {
    if (!guard->holds(object, facts)) {
      const Law& law = guard->law.On(facts.act_day);
      return Refused(guard->reason, guard->Why(object, facts), {law.instrument, law.article});
    }
  }
  return absl::OkStatus();
}

// The period with the figure that a local rule sets, where one does.
inline calendar::Period Adjusted(calendar::Period period, absl::string_view parameter, const Facts& facts) {
  if (parameter.empty() || facts.parameters == nullptr) return period;
  const auto set = facts.parameters->find(std::string(parameter));
  if (set != facts.parameters->end()) period.amount = set->second;
  return period;
}

template <class T>
ClockKind KindOf(const Procedure<T>& procedure, int clock) {
  for (const ClockKind& kind : procedure.clocks) {
    if (kind.clock == clock) return kind;
  }
  return {.clock = clock};
}

// The day of the last act of the object's course; empty where there was none, or the type keeps none.
template <class T>
std::string ActedOn(const T& object) {
  if constexpr (requires { object.acted_on(); }) return object.acted_on();
  return "";
}

template <class T>
absl::CivilDay DoneOn(const Row<T>& row, const Facts& facts, const T& object) {
  return row.done_on != nullptr ? row.done_on(object) : facts.act_day;
}

// Whether the act may follow one of `last_day` (Row::aside says which do). `object` is as the act leaves it.
template <class T>
absl::Status CheckFollows(const Row<T>& row, const Facts& facts, const std::string& last_day, const T& object) {
  const std::string day = FormatDay(DoneOn(row, facts, object));
  if (row.aside || last_day <= day) return absl::OkStatus();
  const Law& law = row.law.On(facts.act_day);
  return Refused("ACT_OUT_OF_ORDER", absl::StrCat("办理日期不能早于前一次办理的日期：", day, "早于", last_day),
                 {law.instrument, law.article});
}

// The state in which the act leaves `object`.
template <class T>
int StateAfter(const Procedure<T>& procedure, const Row<T>& row, const T& object) {
  if (procedure.state_of != nullptr) return procedure.state_of(object);
  const int to = row.fork.when != nullptr && row.fork.when(object) ? row.fork.to : row.to;
  return to == kSameState ? static_cast<int>(object.state()) : to;
}

// Moves what follows from the act: the day of the course, and the clocks.
template <class T>
absl::Status MoveOn(const Procedure<T>& procedure, const Row<T>& row, const Facts& facts, T* object,
                        std::vector<std::string>* words) {
  auto* clocks = object->mutable_clocks();
  const auto kind = [&](int clock) { return NameOf(procedure.clock_kinds(), clock); };
  const auto label = [&](int clock) { return LabelOf(procedure.clock_kinds(), clock); };
  const absl::CivilDay done_on = DoneOn(row, facts, *object);
  const When act{facts.act_day, facts.occurred_at};
  // Of a day that the act records nothing is known but the day, unless it is that of the act itself.
  const When done{done_on, done_on == act.day ? act.at : std::nullopt};
  if constexpr (requires { object->acted_on(); }) {
    if (!row.aside) object->set_acted_on(FormatDay(done_on));
  }
  for (int clock : row.stops) {
    const auto* found = FindClock(clocks, kind(clock));
    if (found == nullptr || found->state() == casework::v1::Clock::STOPPED) continue;
    RETURN_IF_ERROR(StopClock(clocks, kind(clock), done));
    words->push_back(absl::StrCat(label(clock), "：", FormatDay(done_on), " 办结"));
  }
  const std::string today = FormatDay(facts.act_day);
  for (int clock : row.suspends) {
    RETURN_IF_ERROR(SuspendClock(clocks, kind(clock), facts.act_day, LabelOf(procedure.acts(), row.act)));
    words->push_back(absl::StrCat(label(clock), "：", today, " 起中止"));
  }
  for (int clock : row.resumes) {
    RETURN_IF_ERROR(ResumeClock(clocks, kind(clock), facts.act_day, *facts.calendar));
    words->push_back(absl::StrCat(label(clock), "：", today, " 恢复"));
  }
  for (const Extension<T>& extension : row.extends) {
    RETURN_IF_ERROR(ExtendClock(clocks, kind(extension.clock), extension.until(*object)));
    words->push_back(absl::StrCat(label(extension.clock), "：延长至 ", FormatDay(extension.until(*object))));
  }
  for (const Start<T>& start : row.starts) {
    if (start.when != nullptr && !start.when(*object)) continue;
    const When begun =
        start.from == nullptr ? act : When{start.from(*object), start.from_at ? start.from_at(*object) : std::nullopt};
    const absl::CivilDay from = begun.day;
    if (start.until_at != nullptr) {
      StartAgreedClock(clocks, kind(start.clock), label(start.clock), from, start.until_at(*object));
    } else if (start.until != nullptr) {
      StartAgreedClock(clocks, kind(start.clock), label(start.clock), from, start.until(*object));
    } else {
      RETURN_IF_ERROR(StartClock(clocks, kind(start.clock), label(start.clock), Adjusted(start.period, start.parameter, facts),
                                 start.article.ArticleOn(facts.act_day), begun, *facts.calendar));
    }
    auto* started = FindClock(clocks, kind(start.clock));
    started->set_lapses(KindOf(procedure, start.clock).lapses);
    started->set_target(KindOf(procedure, start.clock).target);
    words->push_back(absl::StrCat(label(start.clock), "：", FormatDay(from), " 起，至 ", EndInWords(*started)));
  }
  return absl::OkStatus();
}

// Performs `row` on *object: guards, the caller's `change`, checks, new state, clocks, papers. *object is unspecified on
// error. `state` of T is an enum field; T has repeated clocks and papers (casework.proto).
template <class T>
absl::StatusOr<Applied> Perform(const Procedure<T>& procedure, const Row<T>& row, const Facts& facts,
                                const std::function<absl::Status(T&)>& change, T* object) {
  Applied applied;
  applied.from = static_cast<int>(object->state());
  applied.law = row.law.On(facts.act_day).ToString();
  ASSIGN_OR_RETURN(applied.clocks, SettleClocks(object->mutable_clocks(), *facts.calendar, facts.today));
  RETURN_IF_ERROR(CheckAll(row.guards, *object, facts));
  const std::string last_day = ActedOn(*object);
  if (change) RETURN_IF_ERROR(change(*object));
  RETURN_IF_ERROR(CheckAll(row.checks, *object, facts));
  RETURN_IF_ERROR(CheckFollows(row, facts, last_day, *object));
  applied.to = StateAfter(procedure, row, *object);
  object->set_state(static_cast<decltype(object->state())>(applied.to));
  RETURN_IF_ERROR(MoveOn(procedure, row, facts, object, &applied.clocks));
  for (int paper : row.papers) {
    auto* made = object->add_papers();
    made->set_kind(NameOf(procedure.papers(), paper));
    made->set_label(LabelOf(procedure.papers(), paper));
    made->set_made_on(FormatDay(facts.act_day));
    applied.papers.push_back(made->label());
  }
  return applied;
}

// Every act of the table that people may do by itself, with whether its state and guards allow it now. Permission and level are the caller's to check.
template <class T>
struct Option {
  const Row<T>* row = nullptr;
  absl::Status status;  // OK, or why not
};
template <class T>
std::vector<Option<T>> Options(const Procedure<T>& procedure, const T& object, const Facts& facts) {
  std::vector<Option<T>> options;
  T settled = object;  // as the act itself would find it
  if (facts.calendar != nullptr) SettleClocks(settled.mutable_clocks(), *facts.calendar, facts.today).IgnoreError();
  for (const Row<T>& row : procedure.rows) {
    if (row.level == Level::kSystem || row.indirect || !row.law.HoldOn(facts.act_day)) continue;
    if (!row.from.Has(static_cast<int>(object.state()))) continue;
    if (const auto taken = FindRow(procedure, row.act, object, facts.act_day); !taken.ok() || *taken != &row) continue;
    options.push_back({&row, CheckAll(row.guards, settled, facts)});
  }
  return options;
}

}  // namespace sifa::procedure
