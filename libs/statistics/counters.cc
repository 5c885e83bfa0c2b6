#include "libs/statistics/counters.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_join.h"
#include "libs/statistics/place.h"
#include "libs/statistics/schema.h"
#include "libs/statistics/statement.h"

namespace sifa::statistics {
namespace {

constexpr int kKeyColumns = 6;  // before the classes

}  // namespace

int CounterSums::PlaceNumber(const std::string& place) {
  const auto [at, fresh] = place_numbers_.try_emplace(place, static_cast<int>(places_.size()));
  if (fresh) places_.push_back(place);
  return at->second;
}

int CounterSums::ClassesNumber(const Dimensions& dimensions) {
  const auto [at, fresh] =
      classes_numbers_.try_emplace(absl::StrJoin(dimensions, "\x1f"), static_cast<int>(classes_.size()));
  if (fresh) classes_.push_back(dimensions);
  return at->second;
}

void CounterSums::AddCell(const Key& key, const Measures& measures) {
  Measures& sum = cells_[key];
  for (size_t i = 0; i < cube_.measures.size(); ++i) sum[i] += measures[i];
}

void CounterSums::Add(const Contribution& contribution) {
  std::vector<std::pair<int, int>> shapes = {{kTotalShape, ClassesNumber({})}};
  for (size_t i = 0; i < cube_.dimensions.size(); ++i) {
    Dimensions single;
    single[i] = contribution.dimensions[i];
    shapes.emplace_back(SingleShape(static_cast<int>(i)), ClassesNumber(single));
  }
  const int full = ClassesNumber(contribution.dimensions);
  for (const Place& place : PlacesOf(contribution.region, contribution.organisation_path)) {
    const int number = PlaceNumber(place.key);
    for (const PeriodKind kind : {PeriodKind::kMonth, PeriodKind::kDay, PeriodKind::kQuarterHour}) {
      if (kind > cube_.finest) break;
      const int64_t start = contribution.Start(kind);
      for (const auto& [shape, classes] : shapes)
        AddCell({shape, kind, start, number, classes}, contribution.measures);
      if (KeepsCombinations(kind, place.detail)) AddCell({kFullShape, kind, start, number, full}, contribution.measures);
    }
  }
}

std::vector<CounterSums::Cell> CounterSums::Sorted() const {
  std::vector<Cell> cells;
  cells.reserve(cells_.size());
  for (const auto& [key, measures] : cells_) {
    if (measures != Measures{}) cells.emplace_back(key, &measures);
  }
  std::sort(cells.begin(), cells.end(), [&](const Cell& a, const Cell& b) {
    const auto& [x, y] = std::tie(a.first, b.first);
    return std::tie(x.shape, x.kind, x.start, places_[x.place], classes_[x.classes]) <
           std::tie(y.shape, y.kind, y.start, places_[y.place], classes_[y.classes]);
  });
  return cells;
}

absl::Status CounterSums::Write(mysql::Connection& connection, int64_t generation) const {
  std::vector<mysql::Value> values;
  values.reserve(cells_.size() * (kKeyColumns + cube_.dimensions.size() + cube_.measures.size()));
  for (const auto& [key, measures] : Sorted()) {
    values.insert(values.end(), {generation, cube_.id, key.shape, static_cast<int>(key.kind), key.start, places_[key.place]});
    for (size_t i = 0; i < cube_.dimensions.size(); ++i) values.push_back(classes_[key.classes][i]);
    for (size_t i = 0; i < cube_.measures.size(); ++i) values.push_back((*measures)[i]);
  }
  std::vector<std::string> adds;
  for (size_t i = 0; i < cube_.measures.size(); ++i)
    adds.push_back(absl::StrCat("m", i, " = COALESCE(m", i, ", 0) + VALUES(m", i, ")"));
  return mysql::InsertRows(
      connection,
      absl::StrCat("INSERT INTO statistics_counter (generation, cube_number, shape, period_kind, period_start, place",
                   CellColumns(cube_), ") VALUES"),
      kKeyColumns + static_cast<int>(cube_.dimensions.size() + cube_.measures.size()), values,
      absl::StrCat("ON DUPLICATE KEY UPDATE ", absl::StrJoin(adds, ", ")));
}

}  // namespace sifa::statistics
