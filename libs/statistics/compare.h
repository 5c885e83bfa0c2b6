// Two generations of the figures side by side.
#pragma once

#include <functional>

#include "libs/statistics/rebuild.h"

namespace sifa::statistics {

// Adds to the report what differs. `between` runs between slices, to keep a lease; its error ends the
// comparison.
absl::Status CompareGenerations(mysql::Connection& connection, const Cubes& cubes, int64_t counted,
                                int64_t recomputed, const std::function<absl::Status()>& between,
                                RebuildReport* report);

}  // namespace sifa::statistics
