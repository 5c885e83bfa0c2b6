// What a service counts (统计表): a cube is declared once beside the object type that contributes to it, and
// from the declaration come counters, ratios, exports and labels.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "libs/journal/journal.h"
#include "libs/statistics/period.h"
#include "sifa/casework/v1/casework.pb.h"

namespace sifa::statistics {

// The counters' columns. A cube that needs more is two cubes.
inline constexpr size_t kMostDimensions = 8;
inline constexpr size_t kMostMeasures = 16;
inline constexpr size_t kLongestValue = 24;  // bytes of a dimension's value

// The denominator of rates per head (law §3.7 万人化解率): residents of the place that is asked about.
inline constexpr absl::string_view kPopulation = "population";

using google::protobuf::Message;

struct Dimension {
  absl::string_view name;   // "type"
  absl::string_view label;  // "纠纷类型"
  absl::string_view code_table =
      {};  // its values are codes of this table; empty where they speak for themselves
  absl::string_view group_table = {};               // the table that names the groups of those codes
  std::string (*value)(const Message&) = nullptr;  // of an object
};

struct Measure {
  absl::string_view name;   // "accepted"
  absl::string_view label;  // "受理件数"
  absl::string_view unit;   // "件"
  int64_t (*value)(const Message&) = nullptr;  // of an object
  // 封存: of people of whom others do not know, so that a small figure, by which they would be known, is told to no other.
  bool sealed = false;
};

struct Ratio {
  absl::string_view name;   // "success"
  absl::string_view label;  // "调解成功率"
  absl::string_view numerator;
  absl::string_view denominator;  // a measure, or kPopulation
  int64_t scale = 100;            // 100: percent; 10,000: per 10,000 residents; 1: plain
  int decimals = 2;
  absl::string_view unit = "%";
  absl::string_view source;  // "law 3.7: 分母为受理件数"
};

// What a rate divides by, of any cube of the service; of a stock what there is on the day before the period, or on its last day.
struct Base {
  absl::string_view cube, measure;
  bool at_start = false;
};

// A rate of what this cube counts to the sum of what others do (rates.h): of those who were there or came, how many were
// sentenced anew.
struct Rate {
  absl::string_view name;                         // "reoffending"
  absl::string_view label;                        // "矫正期间再犯罪率"
  absl::Span<const absl::string_view> numerator;  // measures of this cube
  absl::Span<const Base> denominator;
  int64_t scale = 100;
  int decimals = 2;
  absl::string_view unit = "%";
  absl::string_view source;  // "law 2.8: 分母为期初在矫人数与本期接收人数之和"
};

// Where an object counts.
struct Whereabouts {
  std::string region;
  std::string organisation_path;
};

// Made constexpr; check with static_assert(IsSound(kCube)). Later additions go to the end of dimensions and
// measures; then statistics are rebuilt from the journal.
struct Cube {
  int id = 0;              // its number in the tables of its service, never reused
  int revision = 1;        // raised where what a day, a dimension or a measure means has changed: all is counted anew
  absl::string_view name;  // "mediation.cases"
  absl::string_view label;
  // The day (YYYY-MM-DD) on which an object counts; empty: it does not count. Not of a stock.
  std::string (*day)(const Message&) = nullptr;
  // Where that is not where the object is now: where he was received who has moved since.
  Whereabouts (*place)(const Message&) = nullptr;
  // Of what is counted by quarter-hours instead: the instant; an object of which only the day is known does not count.
  std::optional<absl::Time> (*at)(const Message&) = nullptr;
  absl::Span<const Dimension> dimensions;
  absl::Span<const Measure> measures;
  absl::Span<const Ratio> ratios = {};
  absl::Span<const Rate> rates = {};
  // The measure to which every object that counts adds one, and to the others of its unit no more than one: the sum of it is how
  // many they are. Empty: there is none.
  absl::string_view each = {};
  absl::string_view share_of = {};  // the measure of which classes have a share (占比); empty: none
  int decimals = 2;                 // of shares, 同比 and 环比
  // Objects count on days still to come (limits, dates of performance): questions end with today.
  bool ahead = false;
  // The finest period by which counters are kept, beside months. Days spare a question about part of a month the look at
  // each record of it.
  PeriodKind finest = PeriodKind::kMonth;
  // 存量: what there is (committees, mediators), not what happened. Each act moves it on its own day, and a question is
  // about the last day of its period.
  bool stock = false;
};

using Dimensions = std::array<std::string, kMostDimensions>;
using Measures = std::array<int64_t, kMostMeasures>;

constexpr int MeasureIndex(const Cube& cube, absl::string_view name) {
  for (size_t i = 0; i < cube.measures.size(); ++i) {
    if (cube.measures[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

constexpr int DimensionIndex(const Cube& cube, absl::string_view name) {
  for (size_t i = 0; i < cube.dimensions.size(); ++i) {
    if (cube.dimensions[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

constexpr bool IsSound(const Cube& cube) {
  if (cube.id <= 0 || cube.name.empty() || cube.measures.empty()) return false;
  if (cube.dimensions.size() > kMostDimensions || cube.measures.size() > kMostMeasures) return false;
  if (!cube.each.empty() && MeasureIndex(cube, cube.each) < 0) return false;
  if (!cube.share_of.empty() && MeasureIndex(cube, cube.share_of) < 0) return false;
  for (const Ratio& ratio : cube.ratios) {
    if (MeasureIndex(cube, ratio.numerator) < 0 || ratio.scale <= 0) return false;
    if (ratio.denominator != kPopulation && MeasureIndex(cube, ratio.denominator) < 0) return false;
    for (const absl::string_view part : {ratio.numerator, ratio.denominator}) {
      if (part != kPopulation && cube.measures[MeasureIndex(cube, part)].sealed) return false;
    }
  }
  for (const Rate& rate : cube.rates) {
    for (const absl::string_view measure : rate.numerator) {
      if (MeasureIndex(cube, measure) < 0) return false;
    }
    if (rate.numerator.empty() || rate.denominator.empty() || rate.scale <= 0) return false;
  }
  // All that an object is counted by, or nothing (cubes whose counts are made otherwise).
  const bool counts = cube.measures[0].value != nullptr;
  for (const Dimension& dimension : cube.dimensions) {
    if ((dimension.value != nullptr) != counts) return false;
  }
  for (const Measure& measure : cube.measures) {
    if ((measure.value != nullptr) != counts) return false;
  }
  if ((cube.at != nullptr) != (counts && cube.finest == PeriodKind::kQuarterHour)) return false;
  if (cube.stock && (cube.ahead || cube.finest == PeriodKind::kQuarterHour)) return false;
  return (cube.day != nullptr) == (counts && !cube.stock && cube.at == nullptr);
}

// What an act counted for by cubes of which its row does not know (casework/recount.h).
using CountAnew = std::function<absl::StatusOr<casework::v1::CountChange>(mysql::Connection&, const journal::Row&)>;

// All cubes of a service. Immutable; the cubes outlive it.
class Cubes {
 public:
  // Without `count_anew` acts count as their rows say.
  explicit Cubes(std::vector<const Cube*> cubes, CountAnew count_anew = nullptr);
  // By what its cubes, their dimensions and measures are called: two versions of a service that declare them alike have one
  // definition.
  uint64_t definition() const { return definition_; }
  const CountAnew& count_anew() const { return count_anew_; }
  const Cube* Find(absl::string_view name) const;  // nullptr where unknown
  // INVALID_ARGUMENT "CUBE_UNKNOWN" names those that there are.
  absl::StatusOr<const Cube*> Require(absl::string_view name) const;
  const std::vector<const Cube*>& all() const { return cubes_; }

 private:
  std::vector<const Cube*> cubes_;
  CountAnew count_anew_;
  uint64_t definition_;
};

}  // namespace sifa::statistics
