// The periods of figures: what is asked about, and what counters are kept by.
#pragma once

#include <cstdint>

#include "absl/time/civil_time.h"

namespace sifa::statistics {

struct Period {
  absl::CivilDay from, to;  // both included
};

// By what counters are kept, from the coarsest. The numbers stand in the tables.
enum class PeriodKind { kMonth = 1, kDay = 2, kQuarterHour = 3 };

inline constexpr int kQuarterHours = 96;  // of a day

// The start of a period in China time, as tables and keys have it: of the quarter-hour of 8:45 on 31 January 202601310845.
inline int64_t MonthStart(absl::CivilDay day) { return (day.year() * 100 + day.month()) * 1000000 + 10000; }
inline int64_t DayStart(absl::CivilDay day) { return ((day.year() * 100 + day.month()) * 100 + day.day()) * 10000; }
inline int64_t QuarterHourStart(absl::CivilDay day, int quarter) { return DayStart(day) + quarter / 4 * 100 + quarter % 4 * 15; }
inline int64_t StartOf(PeriodKind kind, absl::CivilDay day, int quarter) {
  if (kind == PeriodKind::kMonth) return MonthStart(day);
  return kind == PeriodKind::kDay ? DayStart(day) : QuarterHourStart(day, quarter);
}

// Without what the kind does not have: 202601, 20260131.
inline int64_t ShortStart(PeriodKind kind, int64_t start) {
  if (kind == PeriodKind::kMonth) return start / 1000000;
  return kind == PeriodKind::kDay ? start / 10000 : start;
}

}  // namespace sifa::statistics
