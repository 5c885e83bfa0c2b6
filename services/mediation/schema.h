// What mediation brings up beside the tables of journal, casework and statistics.
#pragma once

#include "absl/types/span.h"
#include "libs/mysql/mysql.h"

namespace sifa::mediation {

absl::Span<const mysql::Migration> Schema();

}  // namespace sifa::mediation
