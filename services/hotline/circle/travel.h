// 服务圈: how long it takes to a service point. Minutes follow from the distance as the crow flies and from the more rural of the two
// ends, by the figures of data/hotline/travel.csv (DESIGN; half an hour in town, one hour in villages, half a day in pastures:
// mission 23).
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa::hotline::circle {

// Degrees of WGS-84.
struct Position {
  double latitude = 0;
  double longitude = 0;
};

// Whether a position lies in the rectangle around the country, 3–54° north and 73–136° east.
bool IsInChina(const Position& position);

// GCJ-02 (火星坐标), the shifted coordinates of the country's public maps, brought back: right to within a metre.
Position FromGcj02(const Position& shifted);

// On the sphere of the earth's mean radius (haversine).
double Kilometres(const Position& a, const Position& b);

// From town to pasture: a way is of the class of its more rural end.
enum PlaceClass : size_t { kTown, kVillage, kPasture };
inline constexpr size_t kPlaceClasses = 3;

struct Way {
  double detour = 1;       // of roads, as a multiple of the straight line
  double speed_kmh = 1;
  double access_minutes = 0;  // before and after the way
  int limit_minutes = 0;   // of the circle, by the class of the caller's end
};

class Travel {
 public:
  // CSV "class,detour,speed_kmh,access_minutes,limit_minutes" with TOWN, VILLAGE and PASTURE. INVALID_ARGUMENT "DATA_MALFORMED".
  static absl::StatusOr<Travel> Parse(absl::string_view csv);

  // Rounded up.
  int Minutes(PlaceClass caller, PlaceClass point, double kilometres) const;
  int limit_minutes(PlaceClass caller) const { return ways_[caller].limit_minutes; }

 private:
  std::array<Way, kPlaceClasses> ways_;
};

}  // namespace sifa::hotline::circle
