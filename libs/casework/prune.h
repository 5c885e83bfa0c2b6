// What casework keeps for a time only.
#pragma once

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"

namespace sifa::casework {

// The caller of imported lines, whoever sends them: their key is the object's own number, and they are recognised for good.
inline constexpr char kImportCaller[] = "import";
inline constexpr char kImportAct[] = "IMPORT";  // the name of the act in every procedure
// The others are kept that long.
inline const absl::Duration kRequestsKept = absl::Hours(24 * 90);

// Forgets requests older than 90 days (design §7): a request_id may then be used again. In batches, so that
// no lock is held long. The number forgotten.
absl::StatusOr<int64_t> PruneRequests(const Backend& backend);

}  // namespace sifa::casework
