// The answer to a query, in numbers; the texts of reports (keys' names, ratios, changes) are made of it where they are printed.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "libs/statistics/cube.h"
#include "libs/statistics/keys.h"
#include "libs/statistics/period.h"
#include "libs/statistics/population.h"
#include "libs/statistics/ratios.h"

namespace sifa::statistics {

struct ResultRow {
  CellKey key{};  // by Result::keys; of the totals nothing
  Measures measures{};
  std::unique_ptr<Measures> last_year, period_before;  // 同比, 环比: what is compared with; null where not asked for
  const Census* people = nullptr;                      // residents of the row's place, where known
  int64_t share_base = 0;                              // what its share is a share of
};

struct Result {
  const Cube* cube = nullptr;
  Period period;
  absl::CivilDay divisions_on;
  std::optional<Period> last_year, period_before;  // what the comparisons compare with
  std::optional<int> decimals;                     // of all ratios; by default each one's own
  size_t groups = 0;
  KeySets keys;                 // by group
  std::vector<ResultRow> rows;  // by the texts of their keys; without groups none
  ResultRow totals;
  std::array<bool, kMostMeasures> withheld{};  // by measure: it is not told (Query::smallest), and is 0 in all rows
  bool shares = false;   // 占比 among the classes that the query groups by, at equal other keys
  int64_t position = 0;  // of the journal, up to which is counted

  const std::string& Key(const ResultRow& row, size_t group) const { return keys[group][row.key[group]]; }
  // Of the row at any of its times, by number among the cube's ratios.
  RatioValue RatioOf(const ResultRow& row, const Measures& measures, size_t ratio) const;
  RatioValue ShareOf(const ResultRow& row) const;
  Change ChangeOf(const ResultRow& row, const Measures& previous, size_t measure) const;
  // How the totals' ratios and share were made. A table says it once: in each row it would be most of the answer.
  Explanation ExplainRatio(size_t ratio) const;
  Explanation ExplainShare() const;
};

}  // namespace sifa::statistics
