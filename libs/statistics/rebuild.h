// Recomputes contributions and counters from the first row of the journal, into a generation of their own
// beside the living one, and compares the two cell by cell at one position. The service goes on counting and
// answering meanwhile.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/mysql/mysql.h"
#include "libs/statistics/cube.h"

namespace sifa::statistics {

struct CounterDifference {
  std::string cube;
  std::string where;                         // period, place and class; or the position of a contribution
  std::vector<int64_t> counted, recomputed;  // by measure
};

struct RebuildReport {
  int64_t position = 0;  // compared at
  int64_t counters = 0;  // recomputed cells
  int64_t contributions = 0;
  int64_t difference_count = 0;
  std::vector<CounterDifference> differences;  // the first 100
  bool replaced = false;
};

// With `replace` what was computed takes the living one's place, in one step; otherwise it is dropped after
// comparing. Needs three connections of the pool. ABORTED "REBUILD_RUNNING" while another runs.
absl::StatusOr<RebuildReport> Rebuild(mysql::Pool& pool, const Cubes& cubes, bool replace);

// Before a service counts its first row: by these cubes, so that there is nothing to bring up to date. Changes nothing after it.
absl::Status BeginCounting(mysql::Pool& pool, const Cubes& cubes);

// Rebuilds, where the living figures were not counted by these cubes: a version that adds or changes one counts in it all that
// was recorded before. Once at the start of a process, beside all else; again where it failed or another was at it.
absl::Status BringUpToDate(mysql::Pool& pool, const Cubes& cubes);

}  // namespace sifa::statistics
