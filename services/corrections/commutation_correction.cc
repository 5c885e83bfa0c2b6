// What may be corrected of a commutation; of what was granted the term has followed.
#include "libs/core/status.h"
#include "services/corrections/commutation.h"
#include "services/corrections/record_correction.h"

namespace sifa::corrections {
namespace {

std::vector<casework::Kin> KinOf(const casework::Past&, const Commutation& record) { return {{"Subject", record.subject()}}; }

absl::Status Admit(casework::Neighbours&, absl::CivilDay, const Commutation& before, const Commutation& after) {
  if (before.state() != Commutation::GRANTED || after.state() == Commutation::GRANTED) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "COMMUTATION_FOLLOWED",
               "矫正期限已据该裁定变更：登记有误的，应当依据人民法院的文书变更矫正期限");
}

}  // namespace

const casework::Amendments<Commutation> kCommutationAmendments = {
    .amendable =
        {
            casework::Given("ground"),
            casework::Given("facts"),
            {"proposed_on", true, Commutation::PROPOSE},
            casework::Given("review"),
            {"reviewed_on", true, Commutation::REVIEW},
            casework::Given("court"),
            {"submitted_on", true, Commutation::SUBMIT},
            {"received_on", true},
            casework::Given("ruling_number"),
            {"ruled_on", true, Commutation::RECORD_RULING},
        },
    .mirror = MirrorRecord<Commutation>,
    .kin = KinOf,
    .admit = Admit,
};

}  // namespace sifa::corrections
