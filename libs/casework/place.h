// Where a new object stands: the division and the office that a request names in its fields `region` and `office`.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/core/region_table.h"

namespace sifa::casework {

// The division, or the refusal that names the field.
absl::StatusOr<RegionCode> KnownRegion(const RegionTable& regions, const std::string& text);
// The same where the division, and those above it, stood on that day (YYYY-MM-DD): codes change every year (law §1.4).
absl::StatusOr<RegionCode> ValidRegion(const RegionTable& regions, const std::string& text, const std::string& day);
// The same, and one that came later: registers of earlier years are often kept in the codes of today.
absl::StatusOr<RegionCode> ValidOrLaterRegion(const RegionTable& regions, const std::string& text, const std::string& day);

// The path of the office; ORGANISATION_UNKNOWN where there is none of that code.
absl::StatusOr<std::string> OfficePath(const Backend& backend, const std::string& code);

}  // namespace sifa::casework
