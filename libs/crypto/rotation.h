// New keys of a keyring whose holders do not get it all at once: replicas to which a file comes at different moments.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace sifa::crypto {

// Adds a data key and a MAC key to the keyring of a directory, with which every holder begins to write at `from`. Until then it only
// has them, so one that gets the file before that time reads what any other writes. REQUIRES: `from` is after the epoch.
absl::Status RotateFrom(const std::string& directory, absl::Time from);

// The number of the newest data key in the directory, whether it is used already or not.
absl::StatusOr<uint32_t> NewestDataKey(const std::string& directory);

}  // namespace sifa::crypto
