// The tables of this service beside those of casework.
#pragma once

#include "absl/types/span.h"
#include "libs/mysql/mysql.h"

namespace sifa::enforcement {

absl::Span<const mysql::Migration> Schema();

}  // namespace sifa::enforcement
