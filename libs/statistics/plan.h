// A query made ready: names resolved, codes expanded, everything checked.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "libs/statistics/divisions.h"
#include "libs/statistics/query.h"

namespace sifa::statistics {

struct Group {
  enum Kind { kDimension, kQuarterHour, kDay, kMonth, kYear, kRegion, kOrganisation } kind;
  int dimension = 0;
  // The code that this one is summed under; null: its own.
  std::function<std::string(const std::string&)> roll_up;
  RegionLevel level = RegionLevel::kProvince;
};

struct Plan {
  const Cube* cube = nullptr;
  Period period;
  RegionCode region;  // empty: by organisation
  absl::CivilDay divisions_on;
  Divisions divisions;  // of that day
  std::string organisation_path;
  bool exact = false;
  std::vector<std::string> named;  // Query::named
  std::array<std::vector<std::string>, kMostDimensions> filters;  // allowed codes; empty: all
  std::vector<Group> groups;
  int64_t as_of = 0;  // 0: now
  int64_t base = 0;   // of ReadCells: the kept position (counter_snapshot.h) whose counters are read; 0: those of now
  std::optional<int> decimals;
  absl::CivilDay since;  // of a stock: the first day on which anything is counted

  // The days to be summed for the figures of a period.
  Period Summed(const Period& asked) const;
  const Group* Find(Group::Kind kind) const;
  bool by_region() const { return !region.IsEmpty(); }
};

absl::StatusOr<Plan> MakePlan(const Snapshot& snapshot, const Cubes& cubes, const Reference& reference,
                              const Query& query);

// The key of rows by time, from the start (period.h) of a period that lies in it: "2026", "2026-01", "2026-01-31",
// "2026-01-31 08:45".
std::string TimeKey(Group::Kind kind, int64_t start);

// The keys of a group in a complete table (Query::complete); nothing where no list of them is known.
std::vector<std::string> AllKeys(const Plan& plan, const Group& group, const Reference& reference);

}  // namespace sifa::statistics
