// What of mediation's records may be corrected, and who asks and approves.
#pragma once

#include "libs/casework/casework.h"
#include "libs/casework/correctable.h"
#include "libs/casework/correction_procedure.h"
#include "libs/core/region_table.h"
#include "services/mediation/confirmation.h"
#include "services/mediation/screening.h"

namespace sifa::mediation {

using casework::v1::Correction;

extern const procedure::Procedure<Correction> kCorrectionProcedure;
using CorrectionCasework = casework::Casework<Correction, kCorrectionProcedure>;

// RequireOwnDivision, of the committee with that id.
absl::Status CheckDivision(const RegionTable& regions, casework::Neighbours& neighbours, const CommitteeCasework& committees,
                           const std::string& id, const std::string& text, absl::CivilDay today);

// Items of a list that acts make are put right, not added or dropped; and what an act says is put right where it was said, and not
// taken away: ITEMS_OF_ACTS, ACT_NOT_DONE, FIELD_REQUIRED.
absl::Status CheckSameCount(absl::string_view field, int before, int after);
absl::Status NotDone(absl::string_view field);
absl::Status CheckWasGiven(absl::string_view field, bool before, bool after);
inline absl::Status CheckWasGiven(absl::string_view field, const std::string& before, const std::string& after) {
  return CheckWasGiven(field, !before.empty(), !after.empty());
}

// What of an object may be amended. All references outlive the result.
casework::Correctable CorrectableCase(const CaseCasework& cases, const CommitteeCasework& committees,
                                      const ScreeningCasework& screenings, const RegionTable& regions);
casework::Correctable CorrectableConfirmation(const ConfirmationCasework& confirmations, const CaseCasework& cases);
casework::Correctable CorrectableCommittee(const CommitteeCasework& committees, const CaseCasework& cases,
                                           const ScreeningCasework& screenings, const RegionTable& regions);
casework::Correctable CorrectableScreening(const ScreeningCasework& screenings, const CommitteeCasework& committees,
                                           const RegionTable& regions);

}  // namespace sifa::mediation
