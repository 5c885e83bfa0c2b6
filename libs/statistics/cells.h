// Reads the cells of a plan: from counters where these hold them, else from the contributions. Both give the
// same figures.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "libs/statistics/plan.h"
#include "libs/statistics/statement.h"

namespace sifa::statistics {

inline constexpr size_t kMostGroups = 8;  // of QueryRequest.group_by

// The keys of a cell by the plan's groups, each by its number among the keys of its group. Tables have thousands of cells of
// few keys: numbers are compared and copied where texts would be built and taken apart.
using CellKey = std::array<uint32_t, kMostGroups>;

// The keys that one group has in a table.
class KeySet {
 public:
  uint32_t NumberOf(absl::string_view key);
  const std::string& operator[](uint32_t number) const { return *keys_[number]; }
  uint32_t size() const { return static_cast<uint32_t>(keys_.size()); }
  // For each key its place in the order of their texts.
  std::vector<uint32_t> Ranks() const;

 private:
  absl::node_hash_map<std::string, uint32_t> numbers_;
  std::vector<const std::string*> keys_;  // live in numbers_
};
using KeySets = std::array<KeySet, kMostGroups>;

// Cells of zeros are left out.
using Cells = absl::flat_hash_map<CellKey, Measures>;

// Adds new keys to `keys`.
absl::StatusOr<Cells> ReadCells(Snapshot& snapshot, const Plan& plan, const Period& period, KeySets* keys);

// A period as the calendar cuts it: whole months, and the rests inside one month each.
struct Months {
  std::vector<int64_t> whole;  // 202601
  std::vector<Period> ragged;
};
Months SplitMonths(const Period& period);
std::vector<int64_t> MonthsTouched(const Period& period);

// Which contributions: those known at the plan's position (all, where that is now), or those that came after
// it.
enum class Known { kThen, kSince };
// "FROM statistics_contribution" with the index to use, and the conditions of a plan's place, period and
// classes.
absl::string_view ContributionTable(const Plan& plan, Known known = Known::kThen);
void AddContributionConditions(const Snapshot& snapshot, const Plan& plan, const Period& period,
                               Statement* statement, Known known = Known::kThen);

}  // namespace sifa::statistics
