// What a sealed act changed in the figures: after minus before, as rows.
#pragma once

#include <vector>

#include "absl/time/civil_time.h"
#include "libs/core/region.h"
#include "libs/journal/journal.h"
#include "libs/statistics/cube.h"
#include "sifa/casework/v1/casework.pb.h"

namespace sifa::statistics {

struct Contribution {
  const Cube* cube = nullptr;
  absl::CivilDay day;
  int quarter_hour = 0;  // of the day; of cubes that are counted by quarter-hours
  RegionCode region;  // empty where the object is in no division
  std::string organisation_path;
  Dimensions dimensions;
  Measures measures{};

  int month() const { return static_cast<int>(day.year()) * 100 + day.month(); }
  int64_t Start(PeriodKind kind) const { return StartOf(kind, day, quarter_hour); }
};

// Empty where the act changed no figure. A count that cannot be attributed (a cube that is no longer declared,
// no real date, more or longer values than the cube has) is left out and logged: one bad row must not stop the
// figures of all others. What was counted by other cubes than these is counted anew; as its
// row says, where the journal cannot be read.
absl::StatusOr<std::vector<Contribution>> ContributionsOf(mysql::Connection& connection, const Cubes& cubes, const journal::Row& row);

}  // namespace sifa::statistics
