// Where a contribution counts: in every division and every organisation above it. Divisions place and count;
// a second tree of organisations is kept beside them, since development zones have offices and no code (law
// §1.1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "libs/core/region.h"
#include "libs/statistics/period.h"

namespace sifa::statistics {

// How finely the counters of a place are kept: totals, and one class of each dimension at a time. Below a village and an office
// there are none.
enum class Detail {
  kNone,
  kMonths,   // by month only, of villages: of a day there would be as many as contributions
  kPeriods,  // by every period of the cube
  kFull,     // and by month each combination of classes
};
Detail DetailOf(RegionLevel level);
constexpr bool KeepsPeriods(PeriodKind kind, Detail detail) {
  return detail >= (kind == PeriodKind::kMonth ? Detail::kMonths : Detail::kPeriods);
}
constexpr bool KeepsCombinations(PeriodKind kind, Detail detail) { return kind == PeriodKind::kMonth && detail == Detail::kFull; }
Detail DetailAtDepth(int depth);

// The key of a place in the counters: its level before its prefix, so that the children of a place at one
// level lie side by side. "4330783001", "d/33/3307/330783/330783001/".
std::string PlaceKey(RegionCode region);
inline constexpr absl::string_view kVillages = "5";  // those of villages begin so
std::string PlaceKey(absl::string_view organisation_path);
// What the keys of all places of a level within another begin with.
std::string PlacesWithin(RegionCode region, RegionLevel level);
std::string PlacesBelow(absl::string_view organisation_path);  // one step down

struct Place {
  std::string key;
  Detail detail;
};
// The places that keep counters for a contribution. An empty region counts in no division.
std::vector<Place> PlacesOf(RegionCode region, absl::string_view organisation_path);

// Of "/33/3307/" 2; 0 for anything that does not begin and end with a slash.
int DepthOf(absl::string_view organisation_path);
// The first `depth` steps of a path.
absl::string_view AncestorAt(absl::string_view organisation_path, int depth);
// The division above (or of) a region at a level; nothing where it has none there.
std::optional<RegionCode> RegionAt(RegionCode region, RegionLevel level);
// The division whose code is the organisation's id: "/33/3307/330783/" is the bureau of 330783. Nothing for
// offices that have no code of their own.
std::optional<RegionCode> RegionOfPath(absl::string_view organisation_path);

}  // namespace sifa::statistics
