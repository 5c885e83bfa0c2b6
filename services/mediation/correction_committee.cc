// What may be put right of committees and of screenings.
#include <algorithm>
#include <map>
#include <set>

#include "libs/casework/past.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
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

// A committee that was recorded by mistake has done nothing.
template <class Casework, class T>
absl::Status RequireNone(const Casework& casework, casework::Neighbours& neighbours, const Committee& committee) {
  casework::ListQuery query;
  query.scopes = {"=" + committee.organisation_path()};
  query.limit = 200;
  std::vector<casework::Stored> page;
  do {
    ASSIGN_OR_RETURN(page, casework.backend().store.List(neighbours.connection(), casework.type(), query));
    for (const auto& stored : page) {
      const T& object = static_cast<const T&>(*stored.object);
      if (object.committee() != committee.id()) continue;
      if (object.state() == T::VOIDED && object.number().empty()) continue;  // a number stays used
      return Error(absl::StatusCode::kFailedPrecondition, "COMMITTEE_HAS_RECORDS",
                   absl::StrCat("该调解委员会已有“", casework.type().label, "”记录，不能作废；不再工作的，应当撤销"));
    }
    if (!page.empty()) query.before = page.back().id;
  } while (page.size() == static_cast<size_t>(query.limit));
  return absl::OkStatus();
}

}  // namespace

casework::Correctable CorrectableCommittee(const CommitteeCasework& committees, const CaseCasework& cases,
                                           const ScreeningCasework& screenings, const RegionTable& regions) {
  auto correctable = casework::MakeCorrectable<Committee, kCommitteeProcedure>(committees.type());
  correctable.amendable = {
      {"region"},
      {"name"},
      {"type"},
      {"level"},
      {"case_word"},
      {"members"},
      {"mixed_area"},
      {"elected_on", true, Committee::ESTABLISH},
      {"elected_on", true, Committee::REELECT},
  };
  correctable.settle = [&regions, &clock = committees.backend().clock](const casework::Message& was, casework::Message* is) -> absl::Status {
    auto* after = static_cast<Committee*>(is);
    const Members former = static_cast<const Committee&>(was).members();  // which may be those of `after` itself
    RETURN_IF_ERROR(CheckWasGiven("members", !former.empty(), !after->members().empty()));
    RETURN_IF_ERROR(SettleMembers(former, "content.", clock.Now(), after));
    return KnownRegion(regions, after->region()).status();
  };
  correctable.mirrored.add_paths("members");
  correctable.mirror = [](const casework::Past& past, const casework::Look& look, casework::Message* after) {
    return MirrorRemovals(past, look, static_cast<Committee*>(after));
  };
  correctable.admit = [&](casework::Neighbours& neighbours, absl::CivilDay today, const casework::Message& was,
                          const casework::Message& is) -> absl::Status {
    const auto &before = static_cast<const Committee&>(was), &after = static_cast<const Committee&>(is);
    if (after.state() == Committee::VOIDED) {
      RETURN_IF_ERROR((RequireNone<CaseCasework, Case>(cases, neighbours, after)));
      return RequireNone<ScreeningCasework, Screening>(screenings, neighbours, after);
    }
    if (after.region() != before.region()) RETURN_IF_ERROR(RequireSeat(regions, after, today));
    RETURN_IF_ERROR(RequireRemovalsStay(before, after));
    return RequireNoWork(cases.backend(), cases.type(), before, after, neighbours.connection());
  };
  return correctable;
}

namespace {

// The first record of a round stands for the round in the figures, so while others are of it, it stays.
absl::Status RequireLastOfRound(const ScreeningCasework& screenings, casework::Neighbours& neighbours, const Screening& s) {
  casework::ListQuery query;
  query.scopes = {"=" + s.organisation_path()};
  query.day_from = query.day_to = s.screened_on();
  query.states = {Screening::LEAD, Screening::PREVENTING, Screening::PREVENTED, Screening::CASE_OPENED, Screening::ESCALATED};
  query.limit = 1000;  // what one committee finds on one day
  ASSIGN_OR_RETURN(const auto that_day, screenings.backend().store.List(neighbours.connection(), screenings.type(), query));
  if (std::none_of(that_day.begin(), that_day.end(), [&](const casework::Stored& stored) {
        return static_cast<const Screening&>(*stored.object).round() == s.id();
      })) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kFailedPrecondition, "ROUND_HAS_RECORDS", "同一次排查尚有续记的纠纷线索，应当先作废续记的记录");
}

}  // namespace

// As the acts say them: each on its day, none before the screening.
static absl::Status CheckPreventions(const Screening& before, absl::CivilDay today, Screening* after) {
  RETURN_IF_ERROR(CheckSameCount("preventions", before.preventions_size(), after->preventions_size()));
  for (int i = 0; i < after->preventions_size(); ++i) {
    auto* prevention = after->mutable_preventions(i);
    if (prevention->taken_on().empty()) prevention->set_taken_on(before.preventions(i).taken_on());
    const std::string field = absl::StrCat("content.preventions[", i, "].taken_on");
    absl::CivilDay day;
    if (!ParseDay(prevention->taken_on(), &day)) return InvalidField(field, "FIELD_DATE", "日期应为 YYYY-MM-DD");
    if (day > today) return InvalidField(field, "DATE_FUTURE", "采取措施的日期不能晚于今天");
    if (prevention->taken_on() < after->screened_on()) {
      return InvalidField(field, "ACT_OUT_OF_ORDER", "采取措施的日期不能早于排查日期");
    }
  }
  return absl::OkStatus();
}

casework::Correctable CorrectableScreening(const ScreeningCasework& screenings, const CommitteeCasework& committees,
                                           const RegionTable& regions) {
  auto correctable = casework::MakeCorrectable<Screening, kScreeningProcedure>(screenings.type());
  correctable.admit = [&](casework::Neighbours& neighbours, absl::CivilDay today, const casework::Message& was,
                          const casework::Message& is) -> absl::Status {
    const auto &before = static_cast<const Screening&>(was), &after = static_cast<const Screening&>(is);
    const bool moved = after.screened_on() != before.screened_on();
    if (after.state() == Screening::VOIDED || moved) RETURN_IF_ERROR(RequireLastOfRound(screenings, neighbours, before));
    if (after.state() == Screening::VOIDED) return absl::OkStatus();
    if (moved && !after.round().empty()) {
      ASSIGN_OR_RETURN(const Screening round, neighbours.Load(screenings, after.round()));
      if (round.screened_on() != after.screened_on()) {
        return InvalidField("content.screened_on", "ROUND_UNKNOWN", "续记的纠纷线索与同一次排查的记录应当是同一天");
      }
    }
    if (after.region() == before.region()) return absl::OkStatus();
    return CheckDivision(regions, neighbours, committees, after.committee(), after.region(), today);
  };
  correctable.amendable = {
      {"region"},
      {"lead"},
      {"preventions"},
      {"danger"},
      {"people"},
      {"outcome"},
      {"screened_on", true, Screening::SCREEN},
      {"screened_on", true, Screening::FIND},
      {"concluded_on", true, Screening::SETTLE},
      {"concluded_on", true, Screening::OPEN_CASE},
      {"concluded_on", true, Screening::ESCALATE},
  };
  correctable.settle = [&regions, &clock = screenings.backend().clock](const casework::Message& was, casework::Message* is) -> absl::Status {
    const auto& before = static_cast<const Screening&>(was);
    auto* after = static_cast<Screening*>(is);
    // A round that found nothing has its own state and figures, as what was found in it has (人民调解工作若干规定 §3).
    RETURN_IF_ERROR(CheckWasGiven("lead", before.has_lead(), after->has_lead()));
    RETURN_IF_ERROR(CheckWasGiven("danger", before.danger(), after->danger()));
    if (before.concluded_on().empty() && !after->outcome().empty()) return NotDone("outcome");
    RETURN_IF_ERROR(CheckPreventions(before, clock.Today(), after));
    return KnownRegion(regions, after->region()).status();
  };
  return correctable;
}

}  // namespace sifa::mediation
