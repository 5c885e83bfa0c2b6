// Folds sealed journal rows into contributions and counters. Runs in the transaction that also moves the
// follower's position, so each row counts exactly once; adding is commutative, so the order of rows does not
// matter.
#pragma once

#include <vector>

#include "libs/journal/follower.h"
#include "libs/statistics/cube.h"
#include "libs/statistics/schema.h"

namespace sifa::statistics {

// The fold of the follower kFollowerName. The cubes outlive it.
journal::Follower::Fold MakeFold(const Cubes& cubes);

// The generation that queries read now, and the definition of the cubes that it was built for.
struct Generation {
  int64_t number = 0;
  uint64_t definition = 0;
};
absl::StatusOr<Generation> LivingGeneration(mysql::Connection& connection);

// Into one generation. The caller's transaction holds the lock of the position that belongs to it.
absl::Status FoldInto(mysql::Connection& connection, const Cubes& cubes, int64_t generation,
                      const std::vector<journal::Sealed>& rows);

}  // namespace sifa::statistics
