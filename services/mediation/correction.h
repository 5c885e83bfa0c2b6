// What corrections of all of mediation's records hold to.
#pragma once

#include "libs/casework/correctable.h"
#include "sifa/mediation/v1/committee.pb.h"

namespace sifa::mediation {

// RequireOwnDivision, of the committee with that id.
absl::Status CheckDivision(casework::Neighbours& neighbours, const std::string& committee, const std::string& region,
                           absl::CivilDay today);

// Items of a list that acts make are put right, not added or dropped; and what an act says is put right where it was said, and not
// taken away: ITEMS_OF_ACTS, ACT_NOT_DONE, FIELD_REQUIRED.
absl::Status CheckSameCount(absl::string_view field, int before, int after);
absl::Status NotDone(absl::string_view field);
absl::Status CheckWasGiven(absl::string_view field, bool before, bool after);
inline absl::Status CheckWasGiven(absl::string_view field, const std::string& before, const std::string& after) {
  return CheckWasGiven(field, !before.empty(), !after.empty());
}

}  // namespace sifa::mediation
