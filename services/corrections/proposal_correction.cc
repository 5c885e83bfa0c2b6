// What becomes of a proposal when what it was built on is corrected: an open one is withdrawn with its breach, and where fewer of
// those stand that it counts than it needs. None of its content is amended.
#include "libs/casework/past.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/proposal.h"
#include "services/corrections/sanction.h"

namespace sifa::corrections {
namespace {

absl::StatusOr<bool> Stands(const casework::Look& look, const Proposal& proposal) {
  if (proposal.source_type() == "Breach") {
    ASSIGN_OR_RETURN(const casework::Reading source, look({"Breach", proposal.source()}));
    if (static_cast<const Breach&>(*source.object).state() != Breach::ESTABLISHED) return false;
  }
  int given = 0;
  for (const std::string& id : proposal.counted()) {
    ASSIGN_OR_RETURN(const casework::Reading counted, look({proposal.counted_type(), id}));
    const bool stands = proposal.counted_type() == "Sanction"
                            ? GivenBefore(static_cast<const Sanction&>(*counted.object), proposal.happened_on())
                            : GivenBefore(static_cast<const PolicePenalty&>(*counted.object), proposal.happened_on());
    if (stands) ++given;
  }
  return given >= proposal.counted_at_least();
}

absl::Status Mirror(const casework::Past&, const casework::Look& look, Proposal* proposal) {
  if (proposal->state() != Proposal::PROPOSED) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool stands, Stands(look, *proposal));
  if (!stands) proposal->set_state(Proposal::WITHDRAWN);
  return absl::OkStatus();
}

}  // namespace

const casework::Amendments<Proposal> kProposalAmendments = {.mirrored = {"state"}, .mirror = Mirror};

}  // namespace sifa::corrections
