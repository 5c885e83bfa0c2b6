// Complaints about what a mediator may not do, and what became of them (人民调解法 §15, M8).
#include <algorithm>

#include "libs/core/status.h"
#include "services/mediation/case_acts.h"
#include "services/mediation/committee.h"

namespace sifa::mediation {

using casework::Act;

// Takes a mediator off the committee's list; no effect on a committee that is dissolved.
static absl::Status Remove(const Act& act, const std::string& committee, const std::string& mediator) {
  ASSIGN_OR_RETURN(const Committee present, act.Load<Committee>(committee));
  if (present.state() != Committee::ACTIVE) return absl::OkStatus();
  return act
      .ActOn<Committee>(Committee::REMOVE_MEMBER, committee,
                        [&](Committee& c) -> absl::Status {
                          // An election since then, though it was recorded first, has elected him again.
                          if (act.occurred_on() < present.elected_on()) return absl::OkStatus();
                          for (auto& member : *c.mutable_members()) {
                            if (member.id() == mediator && member.removed_on().empty()) member.set_removed_on(act.occurred_on());
                          }
                          // A case that is assigned to him in the same moment is not seen, as with whoever else leaves.
                          return RequireNoWork(act.neighbours(), present, c);
                        })
      .status();
}

absl::Status Complain(Case& c, const v1::ComplainRequest& r, const Act& act) {
  const std::string& mediator = r.complaint().mediator();
  if (std::find(c.mediators().begin(), c.mediators().end(), mediator) == c.mediators().end()) {
    // One who was replaced has left the case, not the committee.
    ASSIGN_OR_RETURN(const Committee committee, act.Load<Committee>(c.committee()));
    if (std::none_of(committee.members().begin(), committee.members().end(), [&](const auto& m) { return m.id() == mediator; })) {
      return InvalidField("complaint.mediator", "MEDIATOR_UNKNOWN", "被投诉人不是承办本案的调解委员会的调解员");
    }
  }
  auto* complaint = c.add_complaints();
  *complaint = r.complaint();
  complaint->clear_outcome();
  complaint->clear_findings();
  complaint->clear_decided_on();
  return absl::OkStatus();
}

absl::Status DecideComplaint(Case& c, const v1::DecideComplaintRequest& r, const Act& act) {
  if (r.complaint() >= c.complaints_size()) return InvalidField("complaint", "COMPLAINT_UNKNOWN", "本案没有这件投诉");
  auto* complaint = c.mutable_complaints(r.complaint());
  if (complaint->outcome() != v1::Complaint::OUTCOME_UNSPECIFIED) {
    return Error(absl::StatusCode::kFailedPrecondition, "COMPLAINT_DECIDED", "该投诉已经处理");
  }
  complaint->set_outcome(r.outcome());
  complaint->set_findings(r.findings());
  complaint->set_decided_on(act.occurred_on());
  return r.outcome() == v1::Complaint::REMOVED ? Remove(act, c.committee(), complaint->mediator()) : absl::OkStatus();
}

}  // namespace sifa::mediation
