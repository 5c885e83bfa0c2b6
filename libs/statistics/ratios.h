// Ratios, shares and changes as reports print them (law §3.7, §11: half-up at the last printed digit, nothing repaired to
// make a column add up), and the sentence that says how each was made.
#pragma once

#include <optional>
#include <string>

#include "libs/statistics/cube.h"
#include "libs/statistics/population.h"

namespace sifa::statistics {

struct RatioValue {
  absl::string_view name;  // "success", of the cube's declaration; empty of a share
  std::string value;       // "96.9"; "—" without a base
  int64_t numerator = 0;
  int64_t denominator = 0;
};

// How a ratio was made.
struct Explanation {
  std::string label;    // "调解成功率"
  std::string unit;     // "%", "件/万人"
  std::string formula;  // "调解成功件数 842 ÷ 受理件数 869 × 100"
  std::string source;
};

// A ratio with the places of its parts among the measures of its cube.
struct BoundRatio {
  const Ratio* ratio = nullptr;
  size_t numerator = 0;
  std::optional<size_t> denominator;  // nothing: the population
};
BoundRatio Bind(const Cube& cube, const Ratio& ratio);

// `decimals` overrides those of the declaration: reports differ in them. `people` is the population of the
// place, where known; needed only by rates per head.
RatioValue MakeRatio(const BoundRatio& ratio, const Measures& measures, const Census* people, std::optional<int> decimals);
Explanation Explain(const Cube& cube, const Ratio& ratio, const RatioValue& value, const Census* people);

// 占比: of a class in `base`, the same measure over all classes. REQUIRES: cube.share_of is set
RatioValue MakeShare(const Cube& cube, const Measures& measures, const Measures& base,
                     std::optional<int> decimals);
Explanation ExplainShare(const Cube& cube, const RatioValue& value);

// 同比 or 环比 of one measure.
struct Change {
  int64_t previous = 0;
  int64_t difference = 0;  // this − previous
  std::string percent;     // of previous: "-15.5"; "—" where that was 0
};
Change MakeChange(int64_t current, int64_t previous, int decimals);

}  // namespace sifa::statistics
