// Searches by personal data (telephone, number, name). Such a search tells something of the people whom it finds, masked or not: it
// needs the right to read their data and a purpose, is limited, and is journalled as a reading.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/rpc/call.h"

namespace sifa::casework {

// The organisations in which the caller may search: those of `scopes` (ScopesOf) in which he may read personal data. Refuses with
// PURPOSE_REQUIRED, PERSONAL_DATA_REFUSED where these are none, SEARCH_LIMIT_REACHED.
absl::StatusOr<std::vector<std::string>> AdmitSearch(const Backend& backend, const ObjectType& type, rpc::Call& call,
                                                     const std::vector<std::string>& scopes);

// Who searched by which fields, why and how many were found; what was looked for is only in the request, encrypted.
absl::Status JournalSearch(const Backend& backend, const ObjectType& type, rpc::Call& call, size_t hits);

}  // namespace sifa::casework
