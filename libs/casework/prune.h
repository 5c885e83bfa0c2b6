// What casework keeps for a time only.
#pragma once

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"

namespace sifa::casework {

// Forgets requests older than 90 days (design §7): a request_id may then be used again. In batches, so that
// no lock is held long. The number forgotten.
absl::StatusOr<int64_t> PruneRequests(const Backend& backend);

}  // namespace sifa::casework
