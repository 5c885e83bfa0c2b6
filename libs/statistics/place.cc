#include "libs/statistics/place.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace sifa::statistics {
namespace {

constexpr int kBureauDepth = 3;  // /33/3307/330783/
constexpr int kOfficeDepth = 4;  // /33/3307/330783/330783001/

char LevelMark(RegionLevel level) { return static_cast<char>('0' + static_cast<int>(level)); }
char DepthMark(int depth) { return static_cast<char>('a' + std::min(depth, 26) - 1); }

}  // namespace

Detail DetailOf(RegionLevel level) {
  if (level <= RegionLevel::kCounty) return Detail::kFull;
  return level == RegionLevel::kTownship ? Detail::kPeriods : Detail::kMonths;
}

Detail DetailAtDepth(int depth) {
  if (depth <= 0 || depth > kOfficeDepth) return Detail::kNone;
  return depth <= kBureauDepth ? Detail::kFull : Detail::kPeriods;
}

std::string PlaceKey(RegionCode region) {
  return absl::StrCat(std::string(1, LevelMark(region.level())), region.Prefix());
}

std::string PlaceKey(absl::string_view organisation_path) {
  return absl::StrCat(std::string(1, DepthMark(DepthOf(organisation_path))), organisation_path);
}

std::string PlacesWithin(RegionCode region, RegionLevel level) {
  return absl::StrCat(std::string(1, LevelMark(level)), region.Prefix());
}

std::string PlacesBelow(absl::string_view organisation_path) {
  return absl::StrCat(std::string(1, DepthMark(DepthOf(organisation_path) + 1)), organisation_path);
}

std::vector<Place> PlacesOf(RegionCode region, absl::string_view organisation_path) {
  std::vector<Place> places;
  const auto add_region = [&](RegionCode code) { places.push_back({PlaceKey(code), DetailOf(code.level())}); };
  if (!region.IsEmpty()) {
    add_region(region);
    for (const RegionCode above : region.Ancestors()) add_region(above);
  }
  for (int depth = DepthOf(organisation_path); depth > 0; --depth) {
    const Detail detail = DetailAtDepth(depth);
    if (detail != Detail::kNone) places.push_back({PlaceKey(AncestorAt(organisation_path, depth)), detail});
  }
  return places;
}

int DepthOf(absl::string_view path) {
  if (path.size() < 2 || path.front() != '/' || path.back() != '/') return 0;
  return static_cast<int>(std::count(path.begin(), path.end(), '/')) - 1;
}

absl::string_view AncestorAt(absl::string_view path, int depth) {
  size_t end = 0;
  for (int step = 0; step < depth && end != absl::string_view::npos; ++step) end = path.find('/', end + 1);
  return end == absl::string_view::npos ? path : path.substr(0, end + 1);
}

std::optional<RegionCode> RegionAt(RegionCode region, RegionLevel level) {
  if (region.IsEmpty()) return std::nullopt;
  for (std::optional<RegionCode> here = region; here; here = here->Parent()) {
    if (here->level() == level) return here;
  }
  return std::nullopt;
}

std::optional<RegionCode> RegionOfPath(absl::string_view path) {
  if (DepthOf(path) == 0) return std::nullopt;
  path.remove_suffix(1);
  const auto region = RegionCode::ParsePrefix(path.substr(path.rfind('/') + 1));
  return region.ok() ? std::optional(*region) : std::nullopt;
}

}  // namespace sifa::statistics
