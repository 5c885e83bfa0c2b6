// What becomes of a proposal when what it was built on is corrected: an open one is withdrawn with its breach, and where fewer of
// those stand that it counts than it needs. None of its content is amended.
#include <algorithm>

#include "libs/casework/past.h"
#include "services/corrections/leave.h"
#include "services/corrections/measures.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/proposal.h"
#include "services/corrections/sanction.h"

namespace sifa::corrections {
namespace {

// Whether his days of absence still call for it, with what he had been given before.
bool CallsFor(const Search& search, const Proposal& proposal) {
  Prior prior;
  const std::vector<std::string> counted(proposal.counted().begin(), proposal.counted().end());
  if (proposal.counted_type() == "PolicePenalty") prior.penalties = counted;
  if (proposal.counted_type() == "Sanction") (proposal.kind() == Proposal::REVOKE ? prior.warnings : prior.admonitions) = counted;
  if (search.state() == Search::VOIDED) return false;
  const auto measures = MeasuresFor(proposal.person().category(), KindOf(search), prior);
  return std::any_of(measures.begin(), measures.end(), [&](const Measure& measure) { return measure.kind == proposal.kind(); });
}

absl::StatusOr<bool> SourceStands(const casework::Look& look, const Proposal& proposal) {
  const std::string& type = proposal.source_type();
  if (type != "Breach" && type != "Search" && type != "Leave") return true;
  ASSIGN_OR_RETURN(const casework::Reading source, look({type, proposal.source()}));
  if (type == "Breach") return static_cast<const Breach&>(*source.object).state() == Breach::ESTABLISHED;
  if (type == "Search") return CallsFor(static_cast<const Search&>(*source.object), proposal);
  const auto& leave = static_cast<const Leave&>(*source.object);
  return leave.state() == Leave::OVERSTAYED || (leave.state() == Leave::RETURNED && leave.days_late() > 0);
}

absl::StatusOr<bool> Stands(const casework::Look& look, const Proposal& proposal) {
  ASSIGN_OR_RETURN(const bool source_stands, SourceStands(look, proposal));
  if (!source_stands) return false;
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
