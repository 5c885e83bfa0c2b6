// The search terms of objects after an upgrade that finds them by others.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "libs/casework/store.h"

namespace sifa::casework {

// Writes the terms of all objects of these types anew where they are of another revision than kTermRevision, a few hundred a
// transaction; begins again where it was cut off. Safe to run in several processes at once.
absl::Status RefreshTerms(mysql::Pool& pool, const Store& store, const std::vector<const ObjectType*>& types);

}  // namespace sifa::casework
