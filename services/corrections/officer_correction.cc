// What may be corrected of a post.
#include <algorithm>

#include "libs/casework/correctable.h"
#include "libs/core/status.h"
#include "services/corrections/officer.h"

namespace sifa::corrections {
namespace {

absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay, const Officer&, const Officer& after) {
  return RequireNoOverlap(neighbours, after);
}

}  // namespace

const casework::Amendments<Officer> kOfficerAmendments = {
    .amendable =
        {
            {"name"},
            {"post"},
            {"certificate"},
            {"from"},
            {"to"},
            {"ended_on", true, Officer::END},
            {"end_reason"},
        },
    .admit = Admit,
};

}  // namespace sifa::corrections
