#include "libs/statistics/ratios.h"

#include "absl/strings/str_cat.h"
#include "libs/core/rounding.h"

namespace sifa::statistics {
namespace {

std::string Times(int64_t scale) { return scale == 1 ? "" : absl::StrCat(" × ", scale); }

}  // namespace

BoundRatio Bind(const Cube& cube, const Ratio& ratio) {
  BoundRatio bound{&ratio, static_cast<size_t>(MeasureIndex(cube, ratio.numerator)), std::nullopt};
  if (ratio.denominator != kPopulation) bound.denominator = MeasureIndex(cube, ratio.denominator);
  return bound;
}

RatioValue MakeRatio(const BoundRatio& ratio, const Measures& measures, const Census* people, std::optional<int> decimals) {
  RatioValue made{ratio.ratio->name, "", measures[ratio.numerator]};
  if (ratio.denominator) {
    made.denominator = measures[*ratio.denominator];
  } else if (people != nullptr) {
    made.denominator = people->population;
  }
  made.value = RatioText(made.numerator, made.denominator, ratio.ratio->scale, decimals.value_or(ratio.ratio->decimals));
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

RatioValue MakeShare(const Cube& cube, const Measures& measures, const Measures& base,
                     std::optional<int> decimals) {
  const int index = MeasureIndex(cube, cube.share_of);
  return {"", RatioText(measures[index], base[index], 100, decimals.value_or(cube.decimals)), measures[index], base[index]};
}

Explanation ExplainShare(const Cube& cube, const RatioValue& value) {
  const auto label = cube.measures[MeasureIndex(cube, cube.share_of)].label;
  return {"占比", "%", absl::StrCat("本类", label, " ", value.numerator, " ÷ 全部", label, " ", value.denominator, " × 100"), ""};
}

Change MakeChange(int64_t current, int64_t previous, int decimals) {
  return {previous, current - previous, RatioText(current - previous, previous, 100, decimals)};
}

}  // namespace sifa::statistics
