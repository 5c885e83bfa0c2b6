// What may be corrected of a sanction; proposals that rest on its having been given follow.
#include "libs/casework/correctable.h"
#include "services/corrections/sanction.h"

namespace sifa::corrections {
namespace {

std::vector<casework::Kin> KinOf(const casework::Past&, const Sanction& sanction) {
  std::vector<casework::Kin> kin;
  for (const std::string& id : sanction.counted_in()) kin.push_back({"Proposal", id});
  return kin;
}

}  // namespace

const casework::Amendments<Sanction> kSanctionAmendments = {
    .amendable =
        {
            {"facts"},
            {"refusal_reason"},
            {"decided_on", true, Sanction::DECIDE},
            {"served_on", true, Sanction::SERVE},
        },
    .kin = KinOf,
};

}  // namespace sifa::corrections
