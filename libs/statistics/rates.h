// Rates whose parts stand in several cubes (Cube::rates), each with all that it is made of.
#pragma once

#include <string>
#include <vector>

#include "libs/statistics/query.h"

namespace sifa::statistics {

// A figure that is part of a rate: "在矫人员：在矫人数，2025-12-31".
struct RatePart {
  const Cube* cube = nullptr;
  int measure = 0;
  Period period;  // of a stock its last day
};

struct RateColumn {
  const Rate* rate = nullptr;
  std::vector<RatePart> numerator, denominator;
};

struct RateValue {
  std::vector<int64_t> numerator, denominator;  // by the parts of its column
  std::string value;                            // "1.35"; "—" without a base
};

struct RateRow {
  std::vector<std::string> keys;  // by group
  std::vector<RateValue> values;  // by column
};

struct RateTable {
  std::vector<RateColumn> columns;
  std::vector<std::vector<std::pair<std::string, std::string>>> labels;  // by group: the keys with their names
  std::vector<RateRow> rows;                                             // by their keys; without groups none
  RateRow totals;
  std::string place;
  int64_t position = 0;
};

// All rates of all cubes, for the place, the period, the filters and the groups of the query, whose cube does not matter. Errors
// as of RunQuery: it is grouped and filtered by what all cubes of the rates have, and not by time.
absl::StatusOr<RateTable> RunRates(Snapshot& snapshot, const Cubes& cubes, const Reference& reference, const Query& query);

// How it was made: "再犯罪人数 3 ÷ （在矫人数（2025-12-31） 220 + 接收人数 43） × 100".
std::string FormulaOf(const RateColumn& column, const RateValue& value);

}  // namespace sifa::statistics
