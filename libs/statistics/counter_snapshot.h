// What the counters by month were at some past positions, but for those of villages, which are most of all: a past figure is one
// of these, or what is counted now, and the contributions that came between. They lie so close that there are few.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "libs/mysql/mysql.h"
#include "libs/statistics/snapshot.h"

namespace sifa::statistics {

// Keeps one for a generation that is counted up to `position`, where the last one is `apart` records ago, or an eighth of all.
inline constexpr int64_t kSnapshotsApart = 20'000;
absl::Status KeepSnapshot(mysql::Connection& connection, int64_t generation, int64_t position, int64_t apart = kSnapshotsApart);

// The position that is nearest to `as_of` of those that are kept and that of the snapshot itself.
absl::StatusOr<int64_t> NearestKept(const Snapshot& snapshot, int64_t as_of);

}  // namespace sifa::statistics
