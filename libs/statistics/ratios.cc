#include "libs/statistics/ratios.h"

#include "absl/strings/str_cat.h"
#include "libs/core/rounding.h"

namespace sifa::statistics {
namespace {

std::string Times(int64_t scale) { return scale == 1 ? "" : absl::StrCat(" × ", scale); }

}  // namespace

RatioValue MakeRatio(const Cube& cube, const Ratio& ratio, const Measures& measures, const Census* people,
                     std::optional<int> decimals) {
  RatioValue made;
  made.numerator = measures[MeasureIndex(cube, ratio.numerator)];
  if (ratio.denominator != kPopulation) {
    made.denominator = measures[MeasureIndex(cube, ratio.denominator)];
  } else if (people != nullptr) {
    made.denominator = people->population;
  }
  made.value = RatioText(made.numerator, made.denominator, ratio.scale, decimals.value_or(ratio.decimals));
  return made;
}

Explanation Explain(const Cube& cube, const Ratio& ratio, const RatioValue& value, const Census* people) {
  std::string base = "常住人口（无数据）";
  if (ratio.denominator != kPopulation) {
    base = absl::StrCat(cube.measures[MeasureIndex(cube, ratio.denominator)].label, " ", value.denominator);
  } else if (people != nullptr) {
    base = absl::StrCat("常住人口 ", people->population, "（", people->source, "，", people->year, "年）");
  }
  const auto label = cube.measures[MeasureIndex(cube, ratio.numerator)].label;
  return {std::string(ratio.label), std::string(ratio.unit),
          absl::StrCat(label, " ", value.numerator, " ÷ ", base, Times(ratio.scale)), std::string(ratio.source)};
}

RatioValue MakeShare(const Cube& cube, const Measures& measures, int64_t base, std::optional<int> decimals) {
  const int64_t part = measures[MeasureIndex(cube, cube.share_of)];
  return {RatioText(part, base, 100, decimals.value_or(cube.decimals)), part, base};
}

Explanation ExplainShare(const Cube& cube, const RatioValue& value) {
  const auto label = cube.measures[MeasureIndex(cube, cube.share_of)].label;
  return {"占比", "%", absl::StrCat("本类", label, " ", value.numerator, " ÷ 全部", label, " ", value.denominator, " × 100"), ""};
}

Change MakeChange(int64_t current, int64_t previous, int decimals) {
  return {previous, current - previous, RatioText(current - previous, previous, 100, decimals)};
}

}  // namespace sifa::statistics
