// What may be corrected of a committee.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "libs/casework/past.h"
#include "libs/casework/place.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "services/mediation/case.h"
#include "services/mediation/committee.h"
#include "services/mediation/correction.h"

namespace sifa::mediation {
namespace {

// Who is removed upon a complaint is so by what the cases say (人民调解法 §15), until an election of that day or later.
absl::Status MirrorRemovals(const casework::Past& past, const casework::Look& look, Committee* c) {
  int64_t elected = 0;
  for (const casework::PastAct& act : past.acts()) {
    if (act.in_force() && act.act == Committee::REELECT) elected = act.version;
  }
  std::map<std::string, std::string> removed;  // by member the day
  for (const casework::PastAct& act : past.acts()) {
    if (act.act != Committee::REMOVE_MEMBER || act.part_of.object().empty()) continue;
    ASSIGN_OR_RETURN(const casework::Reading reading, look({"Case", act.part_of.object()}));
    const auto& decided = static_cast<const Case&>(*reading.object);
    for (const auto& complaint : decided.complaints()) {
      const std::string& day = complaint.decided_on();
      const bool stands = day > c->elected_on() || (day == c->elected_on() && act.version > elected);
      if (decided.state() == Case::VOIDED || complaint.outcome() != v1::Complaint::REMOVED || !stands) continue;
      const auto [known, is_new] = removed.emplace(complaint.mediator(), day);
      if (!is_new) known->second = std::min(known->second, day);
    }
  }
  for (auto& member : *c->mutable_members()) member.set_removed_on(removed[member.id()]);
  return absl::OkStatus();
}

// Whom an election elected is told by its act: moved behind a removal, it would seat again one whom it perhaps left out.
absl::Status RequireRemovalsStay(const Committee& before, const Committee& after) {
  if (after.elected_on() == before.elected_on()) return absl::OkStatus();
  for (const auto& member : before.members()) {
    if (member.removed_on().empty() || !Serves(after, member.id())) continue;
    return InvalidField("content.elected_on", "ELECTION_PASSES_REMOVAL",
                        absl::StrCat("换届日期更正到了", member.removed_on(), "罢免、解聘调解员之后，应当重新办理换届"));
  }
  return absl::OkStatus();
}

absl::Status SettleCommittee(const casework::Backend& backend, const Committee& before, Committee* after) {
  const Members former = before.members();  // which may be those of `after` itself
  RETURN_IF_ERROR(CheckWasGiven("members", !former.empty(), !after->members().empty()));
  RETURN_IF_ERROR(SettleMembers(former, "content.", backend.clock.Now(), after));
  return casework::KnownRegion(*backend.regions, after->region()).status();
}

absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay today, const Committee& before, const Committee& after) {
  if (after.state() == Committee::VOIDED) return absl::OkStatus();
  if (after.region() != before.region()) RETURN_IF_ERROR(RequireSeat(*neighbours.backend().regions, after, today));
  RETURN_IF_ERROR(RequireRemovalsStay(before, after));
  return RequireNoWork(neighbours, before, after);
}

}  // namespace

const casework::Amendments<Committee> kCommitteeAmendments = {
    .amendable =
        {
            {"region"},
            {"name"},
            {"type"},
            {"level"},
            {"case_word"},
            {"members"},
            {"mixed_area"},
            {"elected_on", true, Committee::ESTABLISH},
            {"elected_on", true, Committee::REELECT},
        },
    .settle = SettleCommittee,
    .mirrored = {"members"},
    .mirror = MirrorRemovals,
    .admit = Admit,
};

}  // namespace sifa::mediation
