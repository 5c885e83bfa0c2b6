#include "libs/casework/stretch.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/core/status.h"

namespace sifa::casework {

absl::StatusOr<Sparsest> FindSparsest(mysql::Connection& connection, const std::vector<Way>& ways, const Id& before,
                                      const Id& from, int64_t few) {
  std::vector<std::string> parts;
  std::vector<mysql::Value> values;
  for (size_t i = 0; i < ways.size(); ++i) {
    for (const Stretch& stretch : ways[i]) {
      values.insert(values.end(), stretch.values.begin(), stretch.values.end());
      if (!before.IsZero()) values.push_back(before);
      parts.push_back(absl::StrCat("(SELECT ", i, ", ", stretch.id, " FROM ", stretch.table, " WHERE ", stretch.condition,
                                   before.IsZero() ? "" : absl::StrCat(" AND ", stretch.id, " < ?"), " ORDER BY ", stretch.id,
                                   " DESC LIMIT 1 OFFSET ", few, ")"));
    }
  }
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrJoin(parts, " UNION ALL "), values));
  std::vector<Id> ends(ways.size());
  for (const auto& row : rows) {
    if (row.AsId(1) >= from) ends[row.Int(0)] = std::max(ends[row.Int(0)], row.AsId(1));
  }
  const auto best = std::min_element(ends.begin(), ends.end());
  return Sparsest{static_cast<size_t>(best - ends.begin()), *best};
}

}  // namespace sifa::casework
