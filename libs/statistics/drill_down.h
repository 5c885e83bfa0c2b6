// The records behind a figure: the objects that add up to a cell, and those that make it another figure than
// it was.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/core/id.h"
#include "libs/statistics/query.h"

namespace sifa::statistics {

// What an object adds to a cell.
struct Share {
  absl::CivilDay day;
  RegionCode region;
  std::string organisation_path;
  std::vector<std::string> dimensions;
  std::vector<int64_t> measures;
  bool operator==(const Share&) const = default;
};

struct CountedObject {
  Id id;
  std::vector<Share> shares;  // one as a rule; more where it counts on several days or in several classes
};
// Where a page ends: objects come by the first month in which they count or have changed, then by id.
struct ObjectPlace {
  int64_t month = 0;  // 202601; 0: before all
  Id id;
  auto operator<=>(const ObjectPlace&) const = default;
};
struct ObjectPage {
  std::vector<CountedObject> objects;
  std::optional<ObjectPlace> next;  // where the next page begins after
  int64_t total = 0;  // of all pages, and those that are not named; of the first page only
  int64_t position = 0;
};
// So many contributions of a place and period are read whole for a page of objects.
inline constexpr int kSmallCell = 4000;
// The objects behind the cell that the query's place, period, filters and as_of describe (group_by does not
// matter). With `measure` only those that add to that one: the 842 of a success rate. Errors as of RunQuery,
// and MEASURE_UNKNOWN.
absl::StatusOr<ObjectPage> DrillDown(Snapshot& snapshot, const Cubes& cubes, const Reference& reference,
                                     const Query& query, absl::string_view measure, const ObjectPlace& after,
                                     int limit, int small_cell = kSmallCell);

struct ChangedObject {
  Id id;
  std::vector<Share> before, after;      // of this cell
  std::vector<std::string> journal_ids;  // the acts that changed it, in order
};
struct ChangePage {
  std::vector<ChangedObject> objects;  // those that came back to what they were are passed over
  std::optional<ObjectPlace> next;     // where the next page begins after
};
// The objects of the cell whose share in it differs between two positions, case by case. `to` 0: now.
absl::StatusOr<ChangePage> ChangesBetween(Snapshot& snapshot, const Cubes& cubes, const Reference& reference, const Query& query,
                                          int64_t from, int64_t to, const ObjectPlace& after, int limit,
                                          int small_cell = kSmallCell);

}  // namespace sifa::statistics
