// Room on the disks that a process depends on: a database ends where its disk is full, so it is warned of before.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace sifa::telemetry {

// RESOURCE_EXHAUSTED "DISK_LOW" where the disk of one of the directories has less free than the reserve, with what is left.
// Keeps the gauge sifa_disk_free_bytes{directory}. A directory that cannot be looked at is UNAVAILABLE "DISK_UNKNOWN".
absl::Status CheckDisks(const std::vector<std::string>& directories, int64_t reserve_bytes);

}  // namespace sifa::telemetry
