// A statutory period (期间) from the day of its event to its last day, with the reasons (为什么是这一天).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/calendar/calendar.h"

namespace sifa::calendar {

enum class Unit {
  kHour,        // 小时
  kDay,         // 日: working or calendar days, as the instrument says for that number
  kWorkingDay,  // 工作日, where the text itself says so
  kMonth,       // 月
  kYear,        // 年
  kTerm,        // 刑期, 考验期: its first day counts and it ends on the day before
};
// "WORKING_DAY"
absl::string_view UnitName(Unit unit);

// Literal, so that tables of procedures can be constexpr. REQUIRES: `instrument` outlives the period.
struct Period {
  absl::string_view instrument;  // key of instruments.h
  int amount = 0;                // of every unit but TERM
  Unit unit = Unit::kDay;
  int years = 0, months = 0, days = 0;  // of a TERM
};

constexpr Period Hours(absl::string_view instrument, int amount) { return {instrument, amount, Unit::kHour}; }
constexpr Period Days(absl::string_view instrument, int amount) { return {instrument, amount, Unit::kDay}; }
constexpr Period WorkingDays(absl::string_view instrument, int amount) {
  return {instrument, amount, Unit::kWorkingDay};
}
constexpr Period Months(absl::string_view instrument, int amount) {
  return {instrument, amount, Unit::kMonth};
}
constexpr Period Years(absl::string_view instrument, int amount) { return {instrument, amount, Unit::kYear}; }
constexpr Period Term(int years, int months, int days, absl::string_view instrument = "CL") {
  return {instrument, 0, Unit::kTerm, years, months, days};
}

// Days that do not count (中止, 鉴定, 公告): both ends belong to it.
struct Excluded {
  absl::CivilDay from;
  absl::CivilDay to;
  std::string reason;  // "听证期间"
};

struct Options {
  bool in_custody = false;  // 在押: the limit ends on its calendar day (CPL §105); of limits that the CPL counts
  // A measure that binds a person (电子定位, 外出) ends on its day: rolling it over would lengthen it.
  bool is_measure = false;
  // The notice that settles its last day is not out: it ends on the earliest day that it can.
  bool provisional = false;
  // The office counts the days of instruments that leave it open (LAL, LAP, ESR) as working days.
  bool open_days_are_working = false;
  std::vector<Excluded> excluded;  // not of HOUR and TERM
};

enum class StepKind {
  kRule,        // which unit applies, and why
  kNotCounted,  // the day or hour of the event
  kFirstDay,    // of a term, which counts
  kWeekend,     // skipped
  kHoliday,     // skipped
  kMakeup,      // a weekend day that counts, or on which a period ends without rolling over
  kExcluded,    // taken out of the period
  kMonthEnd,    // 月末规则
  kDayBefore,   // of a term
  kRolledOver,  // 顺延
  kNotRolled,   // ends on a day off nevertheless
  kDue,
};
// "ROLLED_OVER"
absl::string_view StepKindName(StepKind kind);

// One step of the trace. Like days that follow each other are one step, from `date` to `until`.
struct Step {
  absl::CivilDay date;
  absl::CivilDay until;
  StepKind kind;
  std::string text;  // plain Chinese
};

struct Deadline {
  absl::CivilDay due;  // the last day on which the act is in time
  absl::Time due_at;   // the act is in time before this instant: the end of `due`, or of the last hour
  Unit unit_applied = Unit::kDay;  // DAY: calendar days; WORKING_DAY: DAY so resolved, or explicit
  std::vector<Step> steps;
  std::string rule_version;  // "APL@2021-07-15 calendar@1f2e3d4c"
};

// Pure. The version of the instrument is that in force on the day of the event. Errors: INSTRUMENT_UNKNOWN,
// INSTRUMENT_NOT_IN_FORCE, PERIOD_MALFORMED (nothing or too much to count; hours from a day), FIELD_NOT_APPLICABLE (custody),
// CALENDAR_YEAR_UNKNOWN (only where the kind of a day matters: not for a term, for custody or for hours).
absl::StatusOr<Deadline> Compute(const Calendar& calendar, const Period& period, absl::CivilDay event,
                                 const Options& options = {});
// As above from an instant; the one way for hours, which are clock hours and never roll over.
absl::StatusOr<Deadline> Compute(const Calendar& calendar, const Period& period, absl::Time event,
                                 const Options& options = {});

// "7个工作日", "1年6个月"
std::string Describe(const Period& period);

}  // namespace sifa::calendar
