// Ratios, shares and changes as reports print them (law §3.7, §11: half-up at the last printed digit, nothing repaired to
// make a column add up), and the sentence that says how each was made.
#pragma once

#include <optional>
#include <string>

#include "libs/statistics/cube.h"
#include "libs/statistics/population.h"

namespace sifa::statistics {

struct RatioValue {
  std::string value;  // "96.9"; "—" without a base
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

// `decimals` overrides those of the declaration: reports differ in them. `people` is the population of the
// place, where known; needed only by rates per head.
RatioValue MakeRatio(const Cube& cube, const Ratio& ratio, const Measures& measures, const Census* people,
                     std::optional<int> decimals);
Explanation Explain(const Cube& cube, const Ratio& ratio, const RatioValue& value, const Census* people);

// 占比: of a class in `base`, the sum of its measure over all classes. REQUIRES: cube.share_of is set
RatioValue MakeShare(const Cube& cube, const Measures& measures, int64_t base, std::optional<int> decimals);
Explanation ExplainShare(const Cube& cube, const RatioValue& value);

// 同比 or 环比 of one measure.
struct Change {
  int64_t previous = 0;
  int64_t difference = 0;  // this − previous
  std::string percent;     // of previous: "-15.5"; "—" where that was 0
};
Change MakeChange(int64_t current, int64_t previous, int decimals);

}  // namespace sifa::statistics
