// Where a list may be read along: stretches of indexes, each of one value, in the order of ids.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/core/id.h"
#include "libs/mysql/mysql.h"

namespace sifa::casework {

// The rows of one value.
struct Stretch {
  std::string table;  // with the index to use, under the alias d
  std::string id;     // its column
  std::string condition;
  std::vector<mysql::Value> values;
};
// Stretches whose union has all rows that a condition asks for.
using Way = std::vector<Stretch>;

// A way no longer than that, from the page's beginning on, serves any list.
inline constexpr int kFew = 1000;

struct Sparsest {
  size_t way = 0;
  Id end;  // its `few`-th row; zero where it has not so many
  bool few() const { return end.IsZero(); }
};
// The way along which the rows lie furthest apart, so that the fewest are looked at in vain: the one whose `few`-th row is the
// oldest, or that has not so many. Only rows before `before`, unless that is zero, and not before `from`. It is looked for, since
// what a server has sampled of its tables may be of before an import. REQUIRES: there is a way
absl::StatusOr<Sparsest> FindSparsest(mysql::Connection& connection, const std::vector<Way>& ways, const Id& before,
                                      const Id& from = {}, int64_t few = kFew);

}  // namespace sifa::casework
