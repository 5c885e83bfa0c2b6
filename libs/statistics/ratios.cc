#include "libs/statistics/ratios.h"

#include "absl/strings/str_cat.h"
#include "libs/core/rounding.h"

namespace sifa::statistics {
namespace {

std::string Times(int64_t scale) { return scale == 1 ? "" : absl::StrCat(" × ", scale); }

}  // namespace

RatioValue MakeRatio(const Cube& cube, const Ratio& ratio, const Measures& measures,
                     const std::optional<Census>& people, std::optional<int> decimals) {
  const int numerator = MeasureIndex(cube, ratio.numerator);
  RatioValue made;
  made.name = std::string(ratio.name);
  made.label = std::string(ratio.label);
  made.unit = std::string(ratio.unit);
  made.source = std::string(ratio.source);
  made.numerator = measures[numerator];
  std::string base;
  if (ratio.denominator == kPopulation) {
    made.denominator = people ? people->population : 0;
    base = people ? absl::StrCat("常住人口 ", people->population, "（", people->source, "，", people->year,
                                 "年）")
                  : "常住人口（无数据）";
  } else {
    const int denominator = MeasureIndex(cube, ratio.denominator);
    made.denominator = measures[denominator];
    base = absl::StrCat(cube.measures[denominator].label, " ", made.denominator);
  }
  made.value = RatioText(made.numerator, made.denominator, ratio.scale, decimals.value_or(ratio.decimals));
  made.formula =
      absl::StrCat(cube.measures[numerator].label, " ", made.numerator, " ÷ ", base, Times(ratio.scale));
  return made;
}

RatioValue MakeShare(const Cube& cube, const Measures& measures, const Measures& base,
                     std::optional<int> decimals) {
  const int index = MeasureIndex(cube, cube.share_of);
  RatioValue made;
  made.label = "占比";
  made.unit = "%";
  made.numerator = measures[index];
  made.denominator = base[index];
  made.value = RatioText(made.numerator, made.denominator, 100, decimals.value_or(cube.decimals));
  const auto label = cube.measures[index].label;
  made.formula =
      absl::StrCat("本类", label, " ", made.numerator, " ÷ 全部", label, " ", made.denominator, " × 100");
  return made;
}

Change MakeChange(int64_t current, int64_t previous, int decimals) {
  return {previous, current - previous, RatioText(current - previous, previous, 100, decimals)};
}

}  // namespace sifa::statistics
