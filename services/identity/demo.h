// The demonstration: Zhejiang → Jinhua → Dongyang with its townships and villages as organisations, and an
// account for each role. For an empty database under a demonstration clock only.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/identity/seed.h"

namespace sifa::identity {

absl::Status SeedDemonstration(Seeder& seeder, const RegionTable& regions, const std::string& accounts_file);

}  // namespace sifa::identity
