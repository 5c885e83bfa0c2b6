#include "libs/statistics/counter_snapshot.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/statistics/cube.h"
#include "libs/statistics/period.h"
#include "libs/statistics/place.h"

namespace sifa::statistics {
namespace {

constexpr int64_t kPart = 8;  // the more there is, the further apart

std::string Columns() {
  std::string columns = "generation, cube_number, shape, period_kind, period_start, place";
  for (size_t i = 0; i < kMostDimensions; ++i) absl::StrAppend(&columns, ", d", i);
  for (size_t i = 0; i < kMostMeasures; ++i) absl::StrAppend(&columns, ", m", i);
  return columns;
}

}  // namespace

absl::Status KeepSnapshot(mysql::Connection& connection, int64_t generation, int64_t position, int64_t apart) {
  if (position < apart) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT COALESCE(MAX(position), 0) FROM statistics_snapshot WHERE generation = ?",
                                                     {generation}));
  const int64_t last = rows[0].Int(0);
  if (position - last < std::max(apart, last / kPart)) return absl::OkStatus();
  static const std::string kCopy =
      absl::StrCat("INSERT INTO statistics_snapshot_counter (position, ", Columns(), ") SELECT ?, ", Columns(),
                   " FROM statistics_counter WHERE generation = ? AND period_kind = ? AND LEFT(place, 1) <> ?");
  RETURN_IF_ERROR(
      connection.Execute(kCopy, {position, generation, static_cast<int64_t>(PeriodKind::kMonth), kVillages}).status());
  return connection.Execute("INSERT INTO statistics_snapshot (generation, position) VALUES (?, ?)", {generation, position}).status();
}

absl::StatusOr<int64_t> NearestKept(const Snapshot& snapshot, int64_t as_of) {
  int64_t nearest = snapshot.position;
  for (const char* sql : {"SELECT MAX(position) FROM statistics_snapshot WHERE generation = ? AND position <= ?",
                          "SELECT MIN(position) FROM statistics_snapshot WHERE generation = ? AND position >= ?"}) {
    ASSIGN_OR_RETURN(const auto rows, snapshot.connection.Query(sql, {snapshot.generation, as_of}));
    if (!rows[0].IsNull(0) && std::abs(rows[0].Int(0) - as_of) < std::abs(nearest - as_of)) nearest = rows[0].Int(0);
  }
  return nearest;
}

}  // namespace sifa::statistics
