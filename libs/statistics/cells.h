// Reads the cells of a plan: from counters where these hold them, else from the contributions. Both give the
// same figures.
#pragma once

#include <vector>

#include "absl/container/node_hash_map.h"
#include "libs/statistics/keys.h"
#include "libs/statistics/plan.h"
#include "libs/statistics/statement.h"

namespace sifa::statistics {

// Cells of zeros are left out. In nodes: measures are too wide to be moved each time that the table grows.
using Cells = absl::node_hash_map<CellKey, Measures>;

// Adds new keys to `keys`.
absl::StatusOr<Cells> ReadCells(Snapshot& snapshot, const Plan& plan, const Period& period, KeySets* keys);

// Adds to cells that were read at `position` what the same plan has had since.
absl::Status AddSince(Snapshot& snapshot, const Plan& plan, const Period& period, int64_t position, KeySets* keys, Cells* cells);

std::vector<int64_t> MonthsTouched(const Period& period);  // 202601
bool IsWholeMonths(const Period& period);

// Which contributions: those known at the plan's position (all, where that is now), those that came after it, or those between it and
// the position from which the counters are (Plan::base).
enum class Known { kThen, kSince, kBetween };
// "FROM statistics_contribution" with the index to use, and the conditions of a plan's place, period and
// classes.
absl::string_view ContributionTable(const Plan& plan, Known known = Known::kThen);
void AddContributionConditions(const Snapshot& snapshot, const Plan& plan, const Period& period,
                               Statement* statement, Known known = Known::kThen);

}  // namespace sifa::statistics
