// One look at the database.
#pragma once

#include <functional>

#include "libs/mysql/mysql.h"

namespace sifa::mysql {

// Runs `body`, which only reads: all its statements see the database as it is now, whatever is committed meanwhile. A lost
// connection is not tried again.
absl::Status InSnapshot(Pool& pool, const std::function<absl::Status(Connection&)>& body);

}  // namespace sifa::mysql
