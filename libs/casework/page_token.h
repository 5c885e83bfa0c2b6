// The page_token of a list: the place after which the next page begins, and a digest of the query, so that it cannot be used
// with another one.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace sifa::casework {

std::string PageToken(const std::string& last, const std::string& digest);
// BadPageToken where it is none, or of another query.
absl::StatusOr<std::string> ReadPageToken(const std::string& token, const std::string& digest);
absl::Status BadPageToken();  // INVALID_ARGUMENT "PAGE_TOKEN_INVALID"

}  // namespace sifa::casework
