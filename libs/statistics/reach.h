// Whose figures a caller may see. `scopes` are organisation paths as casework::ScopesOf gives them: with all
// below, or with "=" before the path that organisation alone.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/statistics/query.h"

namespace sifa::statistics {

// Checks the place of a query, fills in the caller's own organisation where it names none and there is one
// only, and sets `exact` where the grant is for that organisation alone. By organisation: a scope covers it.
// By division: a scope with all below is of the office of that division or of one above it, that is, its path
// ends in the division's code, or in one within which all lies that the division became; offices without a code (development
// zones) see by organisation only. PERMISSION_DENIED "STATISTICS_OUT_OF_REACH". Without a table of regions, by the codes alone.
absl::Status BoundToReach(const std::vector<std::string>& scopes, const RegionTable* regions, Query* query);

// True where a scope covers the organisation.
bool ReachesOrganisation(const std::vector<std::string>& scopes, absl::string_view organisation_path);

}  // namespace sifa::statistics
