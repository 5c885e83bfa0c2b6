#include "libs/statistics/result.h"

namespace sifa::statistics {

RatioValue Result::RatioOf(const ResultRow& row, const Measures& measures, size_t ratio) const {
  return MakeRatio(*cube, cube->ratios[ratio], measures, row.people, decimals);
}

RatioValue Result::ShareOf(const ResultRow& row) const {
  return MakeShare(*cube, row.measures, row.share_base, decimals);
}

Change Result::ChangeOf(const ResultRow& row, const Measures& previous, size_t measure) const {
  return MakeChange(row.measures[measure], previous[measure], decimals.value_or(cube->decimals));
}

Explanation Result::ExplainRatio(size_t ratio) const {
  return Explain(*cube, cube->ratios[ratio], RatioOf(totals, totals.measures, ratio), totals.people);
}

Explanation Result::ExplainShare() const { return statistics::ExplainShare(*cube, ShareOf(totals)); }

}  // namespace sifa::statistics
