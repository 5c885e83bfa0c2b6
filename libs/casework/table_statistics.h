// What the server knows of its tables.
#pragma once

#include "absl/status/status.h"
#include "libs/mysql/mysql.h"

namespace sifa::casework {

// Has the server look at the tables that grow: after an import, and now and then. Nothing hangs on it, since statements name the
// indexes that they use; what operators ask by hand is answered sooner.
absl::Status LookAtTables(mysql::Pool& pool);

}  // namespace sifa::casework
