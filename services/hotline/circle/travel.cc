#include "services/hotline/circle/travel.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/status.h"

namespace sifa::hotline::circle {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kEarthKm = 6371.0088;  // mean radius (IUGG)
constexpr absl::string_view kClasses[kPlaceClasses] = {"TOWN", "VILLAGE", "PASTURE"};
constexpr absl::string_view kHeader = "class,detour,speed_kmh,access_minutes,limit_minutes";

double Radians(double degrees) { return degrees * kPi / 180; }

// GCJ-02 shifts each place by sums of sines around 35° north, 105° east, on the ellipsoid of Krasovsky 1940.
Position ToGcj02(const Position& p) {
  constexpr double kAxis = 6378245.0, kEccentricity = 0.00669342162296594323;
  const double x = p.longitude - 105, y = p.latitude - 35, root = std::sqrt(std::abs(x));
  const double ripple = (20 * std::sin(6 * x * kPi) + 20 * std::sin(2 * x * kPi)) * 2 / 3;
  const double north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple +
                       (20 * std::sin(y * kPi) + 40 * std::sin(y * kPi / 3)) * 2 / 3 +
                       (160 * std::sin(y * kPi / 12) + 320 * std::sin(y * kPi / 30)) * 2 / 3;
  const double east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple +
                      (20 * std::sin(x * kPi) + 40 * std::sin(x * kPi / 3)) * 2 / 3 + (150 * std::sin(x * kPi / 12) + 300 * std::sin(x * kPi / 30)) * 2 / 3;
  const double sine = std::sin(Radians(p.latitude)), magic = 1 - kEccentricity * sine * sine;
  return {p.latitude + north * 180 / (kAxis * (1 - kEccentricity) / (magic * std::sqrt(magic)) * kPi),
          p.longitude + east * 180 / (kAxis / std::sqrt(magic) * std::cos(Radians(p.latitude)) * kPi)};
}

absl::Status Malformed(int line) {
  return Error(absl::StatusCode::kInvalidArgument, "DATA_MALFORMED", absl::StrCat("travel.csv, line ", line));
}

}  // namespace

bool IsInChina(const Position& p) { return p.latitude >= 3 && p.latitude <= 54 && p.longitude >= 73 && p.longitude <= 136; }

Position FromGcj02(const Position& shifted) {
  Position guess = shifted;
  for (int i = 0; i < 3; ++i) {  // each round leaves a thousandth of the error
    const Position again = ToGcj02(guess);
    guess.latitude += shifted.latitude - again.latitude;
    guess.longitude += shifted.longitude - again.longitude;
  }
  return guess;
}

double Kilometres(const Position& a, const Position& b) {
  const double north = std::sin(Radians(b.latitude - a.latitude) / 2), east = std::sin(Radians(b.longitude - a.longitude) / 2);
  const double h = north * north + std::cos(Radians(a.latitude)) * std::cos(Radians(b.latitude)) * east * east;
  return 2 * kEarthKm * std::asin(std::min(1.0, std::sqrt(h)));
}

absl::StatusOr<Travel> Travel::Parse(absl::string_view csv) {
  Travel travel;
  size_t known = 0;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(csv, '\n', absl::SkipEmpty())) {
    if (++number == 1) {
      if (line != kHeader) return Malformed(1);
      continue;
    }
    const std::vector<absl::string_view> cells = absl::StrSplit(line, ',');
    const auto place = cells.size() == 5 ? std::find(std::begin(kClasses), std::end(kClasses), cells[0]) : std::end(kClasses);
    if (place == std::end(kClasses)) return Malformed(number);
    Way& way = travel.ways_[static_cast<size_t>(place - std::begin(kClasses))];
    if (!absl::SimpleAtod(cells[1], &way.detour) || !absl::SimpleAtod(cells[2], &way.speed_kmh) ||
        !absl::SimpleAtod(cells[3], &way.access_minutes) || !absl::SimpleAtoi(cells[4], &way.limit_minutes) || way.detour < 1 ||
        way.speed_kmh <= 0 || way.access_minutes < 0 || way.limit_minutes <= 0) {
      return Malformed(number);
    }
    ++known;
  }
  if (known != kPlaceClasses) return Malformed(number + 1);
  return travel;
}

int Travel::Minutes(PlaceClass caller, PlaceClass point, double kilometres) const {
  const Way& way = ways_[std::max(caller, point)];
  return static_cast<int>(std::ceil(way.access_minutes + 60 * kilometres * way.detour / way.speed_kmh));
}

}  // namespace sifa::hotline::circle
