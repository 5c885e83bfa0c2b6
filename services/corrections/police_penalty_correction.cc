// What may be corrected of what the police were asked and decided; proposals that rest on it follow.
#include "libs/casework/correctable.h"
#include "libs/core/status.h"
#include "services/corrections/police_penalty.h"

namespace sifa::corrections {
namespace {

absl::Status Settle(const casework::Backend&, const PolicePenalty& before, PolicePenalty* after) {
  if ((before.detention_days() > 0) != (after->detention_days() > 0)) {
    return InvalidField("content.detention_days", "ACT_NOT_DONE", "行政拘留由登记行政拘留产生，可以更正，不能增删");
  }
  if (after->detention_days() == 0 || DaysFit(*after)) return absl::OkStatus();
  return InvalidField("content.detained_to", "DETENTION_DAYS", "拘留的起止日期与拘留天数不符");
}

std::vector<casework::Kin> KinOf(const casework::Past&, const PolicePenalty& penalty) {
  std::vector<casework::Kin> kin;
  for (const std::string& id : penalty.counted_in()) kin.push_back({"Proposal", id});
  return kin;
}

}  // namespace

const casework::Amendments<PolicePenalty> kPolicePenaltyAmendments = {
    .amendable =
        {
            {"facts"},
            {"police"},
            {"withdrawal_reason"},
            {"submitted_on", true, PolicePenalty::SUBMIT},
            {"decided_on", true, PolicePenalty::RECORD_DECISION},
            {"decided_on", true, PolicePenalty::RECORD_DETENTION},
            {"decision_number"},
            {"fine_fen"},
            {"detention_days"},
            {"detained_from", true},
            {"detained_to", true},
        },
    .settle = Settle,
    .kin = KinOf,
};

}  // namespace sifa::corrections
