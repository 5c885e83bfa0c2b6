// One look at the figures: all that is read through a snapshot is of one position, however far the follower
// moves on.
#pragma once

#include <functional>

#include "libs/mysql/mysql.h"

namespace sifa::statistics {

struct Snapshot {
  mysql::Connection& connection;
  int64_t generation = 0;
  int64_t position = 0;  // up to which the journal is counted
};

absl::Status WithSnapshot(mysql::Pool& pool, const std::function<absl::Status(Snapshot&)>& body);

}  // namespace sifa::statistics
