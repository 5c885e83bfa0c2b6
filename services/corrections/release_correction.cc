// What may be corrected of a release; his term and what helps him after it follow.
#include "libs/casework/references.h"
#include "libs/core/status.h"
#include "services/corrections/record_correction.h"
#include "services/corrections/release.h"
#include "services/corrections/resettlement.h"

namespace sifa::corrections {
namespace {

std::vector<casework::Kin> KinOf(const casework::Past&, const Release& record) { return {{"Subject", record.subject()}}; }

// Help was begun with his certificate (安置帮教).
absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay, const Release& before, const Release& after) {
  if (before.state() != Release::ISSUED || after.state() == Release::ISSUED) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool helped, casework::StandsOn<Resettlement>(neighbours, "subject", before.subject()));
  if (!helped) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "RELEASE_FOLLOWED", "解除后已开展安置帮教，应当先将其作废");
}

}  // namespace

const casework::Amendments<Release> kReleaseAmendments = {
    .amendable =
        {
            casework::Given("summary"),
            {"summarised_on", true, Release::SUMMARISE},
            casework::Given("appraisal"),
            {"appraised_on", true, Release::APPRAISE},
            {"announced_on", true, Release::ANNOUNCE},
            {"issued_on", true, Release::ISSUE},
            casework::Given("block_reason"),
        },
    .mirror = MirrorRecord<Release>,
    .kin = KinOf,
    .admit = Admit,
    .kin_by = EndedWithTerm("subject"),
};

}  // namespace sifa::corrections
