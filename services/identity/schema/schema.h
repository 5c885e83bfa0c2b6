// Tables of identity beside those of journal and casework. All but `login` and `session` can be rebuilt or
// forgotten.
#pragma once

#include "absl/types/span.h"
#include "libs/mysql/mysql.h"

namespace sifa::identity {

absl::Span<const mysql::Migration> Schema();

}  // namespace sifa::identity
