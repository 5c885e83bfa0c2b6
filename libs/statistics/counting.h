// What an object counts for, by the declarations of its cubes: the counts that casework writes beside each act.
#pragma once

#include <vector>

#include "libs/statistics/cube.h"
#include "sifa/casework/v1/casework.pb.h"

namespace sifa::statistics {

// A function of T as the value of a cube's dimension (or its day), or of a measure:
//   {"type", "纠纷类型", "dispute_type", "", &Text<Case, TypeOf>}
template <class T, auto kFunction>
std::string Text(const Message& object) {
  return kFunction(static_cast<const T&>(object));
}
template <class T, auto kFunction>
int64_t Number(const Message& object) {
  return kFunction(static_cast<const T&>(object));
}

template <class T, auto kFunction>
Whereabouts At(const Message& object) {
  return kFunction(static_cast<const T&>(object));
}

// One count for each cube in which the object counts.
template <class T>
std::vector<casework::v1::Count> CountsOf(const T& object, absl::Span<const Cube* const> cubes) {
  std::vector<casework::v1::Count> counts;
  for (const Cube* cube : cubes) {
    std::string day = cube->day != nullptr ? cube->day(object) : "";
    int quarter_hour = 0;
    if (cube->at != nullptr) {
      if (const auto at = cube->at(object)) {
        const absl::CivilMinute minute(absl::ToCivilSecond(*at, ChinaTime()));
        day = FormatDay(absl::CivilDay(minute));
        quarter_hour = minute.hour() * 4 + minute.minute() / 15;
      }
    }
    if (day.empty() && !cube->stock) continue;
    casework::v1::Count& count = counts.emplace_back();
    count.set_cube(std::string(cube->name));
    count.set_day(std::move(day));
    count.set_quarter_hour(quarter_hour);
    Whereabouts place = cube->place != nullptr ? cube->place(object) : Whereabouts{object.region(), object.organisation_path()};
    count.set_region(std::move(place.region));
    count.set_organisation_path(std::move(place.organisation_path));
    for (const Dimension& dimension : cube->dimensions) count.add_dimensions(dimension.value(object));
    for (const Measure& measure : cube->measures) count.add_measures(measure.value(object));
  }
  return counts;
}

}  // namespace sifa::statistics
