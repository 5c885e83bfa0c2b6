#include "libs/statistics/population.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/core/csv.h"
#include "libs/core/status.h"

namespace sifa::statistics {

absl::StatusOr<Population> Population::Parse(absl::string_view text) {
  Population made;
  RETURN_IF_ERROR(ReadCsv(text, {"region", "year", "population", "source"}, 3,
                          [&](absl::Span<const absl::string_view> fields) -> absl::Status {
                            ASSIGN_OR_RETURN(const RegionCode region, RegionCode::Parse(fields[0]));
                            Census census;
                            census.source = std::string(fields[3]);
                            if (!absl::SimpleAtoi(fields[1], &census.year) ||
                                !absl::SimpleAtoi(fields[2], &census.population) || census.population <= 0) {
                              return absl::InvalidArgumentError("人口数或年份不是正整数");
                            }
                            made.by_region_[region][census.year] = std::move(census);
                            return absl::OkStatus();
                          }));
  return made;
}

absl::StatusOr<Population> Population::Load(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadDataFile(path));
  return Parse(text);
}

const Census* Population::Find(RegionCode region, int year) const {
  const auto found = by_region_.find(region);
  if (found == by_region_.end()) return nullptr;
  auto later = found->second.upper_bound(year);
  if (later != found->second.begin()) --later;
  return &later->second;
}

}  // namespace sifa::statistics
