// What may be corrected of an inquiry into a breach; what it has proposed follows.
#include <set>

#include "libs/casework/correctable.h"
#include "libs/casework/past.h"
#include "libs/casework/references.h"
#include "libs/core/status.h"
#include "services/corrections/breach.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/sanction.h"

namespace sifa::corrections {
namespace {

absl::Status Settle(const casework::Backend&, const Breach& before, Breach* after) {
  if (after->evidence_size() == before.evidence_size()) return absl::OkStatus();
  return InvalidField("content.evidence", "ITEMS_OF_ACTS",
                      "证据由调查产生：增加的应当调查，多余的应当撤销该次调查，更正只改内容");
}

// All that it has ever proposed: an act that is taken back takes its proposals out of the record.
std::vector<casework::Kin> KinOf(const casework::Past& past, const Breach&) {
  std::set<std::string> proposals;
  for (const casework::PastAct& act : past.acts()) {
    if (act.image == nullptr) continue;
    const auto& named = static_cast<const Breach&>(*act.image).proposals();
    proposals.insert(named.begin(), named.end());
  }
  std::vector<casework::Kin> kin;
  for (const std::string& id : proposals) kin.push_back({"Proposal", id});
  return kin;
}

// What was given for it rests on its being established.
absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay, const Breach& before, const Breach& after) {
  if (before.state() != Breach::ESTABLISHED || after.state() == Breach::ESTABLISHED) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool sanctioned, casework::StandsOn<Sanction>(neighbours, "breach", before.id()));
  ASSIGN_OR_RETURN(const bool reported, casework::StandsOn<PolicePenalty>(neighbours, "breach", before.id()));
  if (!sanctioned && !reported) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "BREACH_ANSWERED",
               "该违规已据以提出训诫、警告或者治安管理处罚，应当先将其作废");
}

}  // namespace

const casework::Amendments<Breach> kBreachAmendments = {
    .amendable =
        {
            {"happened_on", true},
            {"facts"},
            {"evidence"},
            {"heard_on", true},
            {"statement"},
            {"established_on", true, Breach::ESTABLISH},
            {"dismissed_on", true, Breach::DISMISS},
            {"dismiss_reason"},
        },
    .settle = Settle,
    .kin = KinOf,
    .admit = Admit,
};

}  // namespace sifa::corrections
