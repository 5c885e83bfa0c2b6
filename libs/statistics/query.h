// Questions to the figures: a place, a period, classes, and how to break them down. Answers come in
// milliseconds at every level from the counters; days, past positions and rare combinations are summed from
// the contributions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "libs/core/code_table.h"
#include "libs/core/region_table.h"
#include "libs/statistics/result.h"
#include "libs/statistics/snapshot.h"

namespace sifa::statistics {

// A dimension, or what the code table sums its codes under: "type", "type:group", "type:parent".
struct Filter {
  std::string dimension;
  std::vector<std::string> values;  // any of them
};

struct Query {
  std::string cube;
  absl::CivilDay from, to;  // both included
  // Exactly one of the two: a division and all within it, or an organisation and all below it.
  std::string region;
  std::string organisation_path;
  bool exact = false;  // of the organisation: without those below it
  // Of sealed measures: one of which a figure lies between nothing and this, and each where a filter leaves others over, is not
  // told. 0: all are.
  int64_t smallest = 0;
  // Of a drill-down: scopes (reach.h) outside of which records count and are not named; empty: all are named.
  std::vector<std::string> named;
  // The day whose divisions the figures are told in, those compared with too (divisions.h); by default the last of the
  // period; where the division asked for came later, the first day on which it stood without the ones that became it. A division
  // that does not stand on it, and a question by organisation, get what was recorded.
  std::optional<absl::CivilDay> divisions_on;
  std::vector<Filter> filters;
  // Dimensions as in Filter; "month", "year", "day", and of cubes so counted "quarter_hour"; "region" (one step down) or "region:3" (1 province … 5
  // village); "organisation" (one step down). What lies at the place itself and not at that level keeps the
  // place's own key, so that rows always add up to the totals.
  std::vector<std::string> group_by;
  int64_t as_of = 0;          // a journal position: the figures as they were known then; 0: now
  bool year_on_year = false;  // 同比
  bool month_on_month = false;  // 环比: the period of as many months before; month by month where grouped by month
  std::optional<int> decimals;  // of all ratios, where the report asks for its own
  // Also rows of which there is nothing, as printed forms have them: every month of the period, every class of the code
  // table, every division of the level. Of organisations those that have something.
  bool complete = false;
};

// What names and rates need beside the database; all may be null, and outlive the queries.
struct Reference {
  const CodeTables* codes = nullptr;
  const RegionTable* regions = nullptr;
  const Population* population = nullptr;
  std::function<std::string(const std::string& path)> organisation_name;  // empty where it is not known
};

class Remembered;

// INVALID_ARGUMENT names the field at fault: CUBE_UNKNOWN, PERIOD_INVALID, PLACE_MISSING,
// REGION_CODE_MALFORMED, DIMENSION_UNKNOWN, GROUP_INVALID, DECIMALS_INVALID; POSITION_AHEAD for a position
// not yet counted; RESULT_TOO_LARGE beyond 20,000 rows.
// `remembered` (remembered.h), where it is not null, spares reading again what was read before.
absl::StatusOr<Result> RunQuery(Snapshot& snapshot, const Cubes& cubes, const Reference& reference, const Query& query,
                                Remembered* remembered = nullptr);

// The period a year before, so many months before, and as many months before as it is long (上期). Whole months stay whole, also
// those that an office begins on another day than the first.
Period YearBefore(const Period& period);
Period MonthsBefore(const Period& period, int months);
Period PeriodBefore(const Period& period);

}  // namespace sifa::statistics
