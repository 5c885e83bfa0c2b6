#include "libs/statistics/folder.h"

#include <memory>
#include <optional>

#include "libs/core/status.h"
#include "libs/statistics/contribution.h"
#include "libs/statistics/counter_snapshot.h"
#include "libs/statistics/counters.h"
#include "libs/statistics/statement.h"

namespace sifa::statistics {
namespace {

struct Entry {
  int64_t position;
  int ordinal;
  Id object;
  Contribution contribution;
};

absl::Status InsertEntries(mysql::Connection& connection, const Cube& cube, int64_t generation,
                           const std::vector<Entry>& entries) {
  std::vector<mysql::Value> values;
  for (const Entry& entry : entries) {
    const Contribution& c = entry.contribution;
    if (c.cube != &cube) continue;
    values.insert(values.end(), {generation, cube.id, c.month(), static_cast<int64_t>(c.region.packed()),
                                 entry.position, entry.ordinal, c.day, c.quarter_hour, c.organisation_path, entry.object});
    for (size_t i = 0; i < cube.dimensions.size(); ++i) values.push_back(c.dimensions[i]);
    for (size_t i = 0; i < cube.measures.size(); ++i) values.push_back(c.measures[i]);
  }
  if (values.empty()) return absl::OkStatus();
  const std::string columns =
      absl::StrCat("generation, cube_number, month, region, position, ordinal, day, quarter_hour, organisation_path, object_id",
                   CellColumns(cube));
  const int width = 10 + static_cast<int>(cube.dimensions.size() + cube.measures.size());
  return mysql::InsertRows(
      connection, absl::StrCat("INSERT INTO statistics_contribution (", columns, ") VALUES"), width, values);
}

}  // namespace

absl::StatusOr<Generation> LivingGeneration(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT living, definition FROM statistics_generation WHERE id = 1"));
  if (rows.empty()) return Internal("statistics_generation is empty");
  return Generation{rows[0].Int(0), static_cast<uint64_t>(rows[0].Int(1))};
}

absl::Status FoldInto(mysql::Connection& connection, const Cubes& cubes, int64_t generation,
                      const std::vector<journal::Sealed>& rows) {
  std::vector<Entry> entries;
  for (const journal::Sealed& sealed : rows) {
    int ordinal = 0;
    ASSIGN_OR_RETURN(auto contributions, ContributionsOf(connection, cubes, sealed.row));
    for (Contribution& made : contributions) {
      entries.push_back({sealed.position, ordinal++, sealed.row.object_id, std::move(made)});
    }
  }
  for (const Cube* cube : cubes.all()) {
    RETURN_IF_ERROR(InsertEntries(connection, *cube, generation, entries));
    CounterSums sums(*cube);
    for (const Entry& entry : entries) {
      if (entry.contribution.cube == cube) sums.Add(entry.contribution);
    }
    RETURN_IF_ERROR(sums.Write(connection, generation));
  }
  return rows.empty() ? absl::OkStatus() : KeepSnapshot(connection, generation, rows.back().position);
}

journal::Follower::Fold MakeFold(const Cubes& cubes) {
  // Shared, since functions are copied.
  auto found = std::make_shared<std::optional<uint64_t>>();
  return [&cubes, found](mysql::Connection& connection, const std::vector<journal::Sealed>& rows) -> absl::Status {
    ASSIGN_OR_RETURN(const Generation living, LivingGeneration(connection));
    // What was found at the start is counted on until these cubes have been rebuilt. Another later on is that of another
    // version of the service, started since: it follows, and this one would leave out what it does not know.
    if (!*found) *found = living.definition;
    if (living.definition != cubes.definition() && living.definition != **found) {
      return Error(absl::StatusCode::kUnavailable, "STATISTICS_OF_ANOTHER_VERSION", "统计已由另一版本的服务接管");
    }
    return FoldInto(connection, cubes, living.number, rows);
  };
}

}  // namespace sifa::statistics
