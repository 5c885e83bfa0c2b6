// Recomputes contributions and counters from the first row of the journal, into a generation of their own
// beside the living one, and compares the two cell by cell at one position. The service goes on counting and
// answering meanwhile. A rebuild is a row of `statistics_rebuild`: whoever begins one writes it, a worker carries it
// through, and another goes on from where it stood. One runs at a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/core/clock.h"
#include "libs/core/id.h"
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

struct Rebuild {
  Id id;
  bool replaces = false;    // what is computed takes the living one's place, in one step; otherwise it is dropped after comparing
  std::optional<Id> begun;  // the journal row of its beginning; none where the service began it for its own cubes
  absl::Time started_at;
  std::optional<absl::Time> ended_at;
  int64_t position = 0;  // rows of the journal that are counted
  int64_t of = 0;        // how many there were to count, when it was last at work
  std::string problem;   // why it ended without a report; while it runs, what held it up last
  std::optional<RebuildReport> report;
};

// In the caller's transaction; tells how many rows there are to count. ABORTED "REBUILD_RUNNING" while another runs.
absl::Status BeginRebuild(mysql::Connection& connection, Rebuild* rebuild);

// NOT_FOUND "REBUILD_UNKNOWN".
absl::StatusOr<Rebuild> ReadRebuild(mysql::Connection& connection, const Id& id);
// The latest first.
absl::StatusOr<std::vector<Rebuild>> ListRebuilds(mysql::Connection& connection, int limit);

// Carries the one that runs through to its end, from where it stands; nothing where there is none or another process is at it.
// `ended` runs in the transaction that ends it. `between` runs after every piece of work: its error leaves the rebuild where it
// stands. What cannot be mended by trying again ends it with its problem. Needs three connections of the pool.
using RebuildEnded = std::function<absl::Status(mysql::Connection&, const Rebuild&)>;
absl::Status ContinueRebuild(mysql::Pool& pool, const Cubes& cubes, const Clock& clock, const RebuildEnded& ended = {},
                             const std::function<absl::Status()>& between = {});

// Before a service counts its first row: by these cubes, so that there is nothing to bring up to date. Changes nothing after it.
absl::Status BeginCounting(mysql::Pool& pool, const Cubes& cubes);

// Begins a rebuild, where the living figures were not counted by these cubes: a version that adds or changes one counts in it
// all that was recorded before. True once they are.
absl::StatusOr<bool> BringUpToDate(mysql::Pool& pool, const Cubes& cubes, const Clock& clock);

}  // namespace sifa::statistics
