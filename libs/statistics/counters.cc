#include "libs/statistics/counters.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/core/status.h"
#include "libs/mysql/portions.h"
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
      if (!KeepsPeriods(kind, place.detail)) continue;
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

std::string CounterSums::Describe(PeriodKind kind, int64_t start, const std::string& place, const Dimensions& classes) const {
  std::string where = absl::StrCat(ShortStart(kind, start), " ", place.empty() ? "" : place.substr(1));
  for (size_t i = 0; i < cube_.dimensions.size(); ++i) {
    if (!classes[i].empty()) absl::StrAppend(&where, " ", cube_.dimensions[i].name, "=", classes[i]);
  }
  return where;
}

absl::Status CounterSums::Compare(mysql::Connection& connection, int64_t generation,
                                  absl::FunctionRef<void(const std::string& where)> tell) const {
  absl::flat_hash_map<Key, Measures> left = cells_;
  mysql::KeyedSelect select{.columns = absl::StrCat("shape, period_kind, period_start, place", CellColumns(cube_)),
                            .from = "statistics_counter",
                            .key = {"shape", "period_kind", "period_start", "place"},
                            .where = "generation = ? AND cube_number = ?",
                            .parameters = {generation, cube_.id}};
  for (size_t i = 0; i < cube_.dimensions.size(); ++i) select.key.push_back(absl::StrCat("d", i));
  RETURN_IF_ERROR(mysql::EachInPortions(connection, select, [&](const mysql::Row& row) {
    Dimensions classes;
    for (size_t i = 0; i < cube_.dimensions.size(); ++i) classes[i] = row.Bytes(4 + static_cast<int>(i));
    const Measures stored = ReadMeasures(cube_, row, 4 + static_cast<int>(cube_.dimensions.size()));
    const auto kind = static_cast<PeriodKind>(row.Int(1));
    const auto place = place_numbers_.find(row.Bytes(3));
    const auto number = classes_numbers_.find(absl::StrJoin(classes, "\x1f"));
    Measures right{};
    if (place != place_numbers_.end() && number != classes_numbers_.end()) {
      const auto cell = left.find(Key{static_cast<int>(row.Int(0)), kind, row.Int(2), place->second, number->second});
      if (cell != left.end()) {
        right = cell->second;
        left.erase(cell);
      }
    }
    if (stored != right) tell(Describe(kind, row.Int(2), row.Bytes(3), classes));
    return absl::OkStatus();
  }));
  for (const auto& [key, measures] : left) {
    if (measures != Measures{}) tell(Describe(key.kind, key.start, places_[key.place], classes_[key.classes]));
  }
  return absl::OkStatus();
}

}  // namespace sifa::statistics
