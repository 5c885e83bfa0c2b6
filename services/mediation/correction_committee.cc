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

// Who was removed upon a complaint is so by the acts in force, until an election.
void MirrorRemovals(const casework::Past& past, Committee* c) {
  std::map<std::string, std::string> removed;  // by member the day
  std::string elected;
  for (const casework::PastAct& act : past.acts()) {
    if (!act.in_force()) continue;
    const std::string day = FormatDay(past.DayOf(act));
    if (act.act == Committee::REELECT) {
      elected = day;
      std::erase_if(removed, [&](const auto& one) { return one.second <= elected; });
    }
    if (act.act != Committee::REMOVE_MEMBER || day < elected) continue;
    const casework::PastAct* before = past.AtVersion(act.version - 1);
    std::set<std::string> already;
    if (before != nullptr) {
      for (const auto& member : static_cast<const Committee&>(*before->image).members()) {
        if (!member.removed_on().empty()) already.insert(member.id());
      }
    }
    for (const auto& member : static_cast<const Committee&>(*act.image).members()) {
      if (!member.removed_on().empty() && !already.contains(member.id())) removed[member.id()] = day;
    }
  }
  for (auto& member : *c->mutable_members()) member.set_removed_on(removed[member.id()]);
}

// Its cases are of its county, so it stays there while it has any.
absl::Status CheckSeat(const RegionTable& regions, const CaseCasework& cases, casework::Neighbours& neighbours,
                       const Committee& committee, const std::string& seat, absl::CivilDay today) {
  ASSIGN_OR_RETURN(const RegionCode region, RegionCode::Parse(seat));
  const absl::Status near = RequireOwnDivision(regions, region, committee, today);
  if (near.ok()) return near;
  casework::ListQuery query;
  query.scopes = {"=" + committee.organisation_path()};
  query.limit = 1;
  ASSIGN_OR_RETURN(const auto found, cases.backend().store.List(neighbours.connection(), cases.type(), query));
  return found.empty() ? absl::OkStatus() : near;
}

}  // namespace

casework::Correctable CorrectableCommittee(const CommitteeCasework& committees, const CaseCasework& cases, const RegionTable& regions) {
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
  correctable.settle = [&regions](const casework::Message& was, casework::Message* is) -> absl::Status {
    const auto &before = static_cast<const Committee&>(was), &after = static_cast<const Committee&>(*is);
    RETURN_IF_ERROR(CheckMembers(before.members(), "content.", after));
    return KnownRegion(regions, after.region()).status();
  };
  correctable.mirrored.add_paths("members");
  correctable.mirror = [](const casework::Past& past, const casework::Look&, casework::Message* after) {
    MirrorRemovals(past, static_cast<Committee*>(after));
    return absl::OkStatus();
  };
  correctable.admit = [&](casework::Neighbours& neighbours, absl::CivilDay today, const casework::Message& was,
                          const casework::Message& is) -> absl::Status {
    const auto &before = static_cast<const Committee&>(was), &after = static_cast<const Committee&>(is);
    if (after.region() != before.region()) RETURN_IF_ERROR(CheckSeat(regions, cases, neighbours, before, after.region(), today));
    return RequireNoWork(cases.backend(), cases.type(), before, after, neighbours.connection());
  };
  return correctable;
}

namespace {

// The first record of a round stands for the round in the figures, so while others are of it, it stays.
absl::Status RequireLastOfRound(const ScreeningCasework& screenings, casework::Neighbours& neighbours, const Screening& s) {
  casework::ListQuery query;
  query.scopes = {"=" + s.organisation_path()};
  query.ranges = {{"screened_on", s.screened_on(), s.screened_on()}};
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

casework::Correctable CorrectableScreening(const ScreeningCasework& screenings, const CommitteeCasework& committees,
                                           const RegionTable& regions) {
  auto correctable = casework::MakeCorrectable<Screening, kScreeningProcedure>(screenings.type());
  correctable.admit = [&](casework::Neighbours& neighbours, absl::CivilDay today, const casework::Message& was,
                          const casework::Message& is) {
    const auto &before = static_cast<const Screening&>(was), &after = static_cast<const Screening&>(is);
    if (after.state() == Screening::VOIDED) return RequireLastOfRound(screenings, neighbours, after);
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
  correctable.settle = [&regions](const casework::Message& was, casework::Message* is) -> absl::Status {
    const auto &before = static_cast<const Screening&>(was), &after = static_cast<const Screening&>(*is);
    RETURN_IF_ERROR(CheckSameCount("preventions", before.preventions_size(), after.preventions_size()));
    RETURN_IF_ERROR(CheckWasGiven("danger", before.danger(), after.danger()));
    RETURN_IF_ERROR(CheckWasGiven("outcome", before.outcome(), after.outcome()));
    return KnownRegion(regions, after.region()).status();
  };
  return correctable;
}

}  // namespace sifa::mediation
