// What an act of before would have counted, had the cubes of today been there: from the objects that the journal keeps.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/journal/journal.h"

namespace sifa::casework {

using CountAnew = std::function<absl::StatusOr<v1::CountChange>(mysql::Connection&, const journal::Row&)>;
// For statistics::Cubes. Backend and types outlive it; nothing is counted of rows that are no acts on objects of these types.
CountAnew CountedAnew(const Backend& backend, std::vector<const ObjectType*> types);

}  // namespace sifa::casework
