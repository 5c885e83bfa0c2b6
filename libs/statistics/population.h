// Residents by division and year (data/population.csv): denominators of rates per head, each with its source
// (law §12).
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/core/region.h"

namespace sifa::statistics {

struct Census {
  int year = 0;
  int64_t population = 0;
  std::string source;  // "第七次全国人口普查"
};

// Immutable after it is made, so thread-safe.
class Population {
 public:
  Population() = default;
  // CSV with the columns region, year, population, source. Errors as of ReadCsv.
  static absl::StatusOr<Population> Parse(absl::string_view text);
  static absl::StatusOr<Population> Load(const std::string& path);

  // The last count made in or before `year`, else the first one after; nullptr where the division has none.
  const Census* Find(RegionCode region, int year) const;

 private:
  std::map<RegionCode, std::map<int, Census>> by_region_;
};

}  // namespace sifa::statistics
