#include "services/mediation/committee.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/casework/place.h"
#include "libs/core/status.h"
#include "libs/statistics/place.h"
#include "sifa/mediation/v1/case.pb.h"

namespace sifa::mediation {

using casework::Act;
using v1::Case;

namespace {

constexpr int kPage = 200;

bool SamePerson(const v1::Member& a, const v1::Member& b) {
  return (a.name() == b.name() && a.born_on() == b.born_on()) || (!a.account().empty() && a.account() == b.account());
}

bool IsMember(const Committee& committee, const std::string& id) {
  return std::any_of(committee.members().begin(), committee.members().end(), [&](const auto& member) { return member.id() == id; });
}

RegionCode DownToCounty(RegionCode region) {
  while (region.level() > RegionLevel::kCounty) region = *region.Parent();
  return region;
}

// Nobody stands twice in the list, and ids are those of former members.
absl::Status CheckMembers(const Members& former, absl::string_view at, const Committee& committee) {
  const auto& members = committee.members();
  for (int i = 0; i < members.size(); ++i) {
    const std::string field = absl::StrCat(at, "members[", i, "]");
    const std::string& id = members[i].id();
    const bool known = std::any_of(former.begin(), former.end(), [&](const auto& m) { return m.id() == id; });
    if (!id.empty() && !known) return InvalidField(field + ".id", "MEDIATOR_UNKNOWN", "新的成员不填写编号，由系统给出");
    for (int j = 0; j < i; ++j) {
      if ((!id.empty() && members[j].id() == id) || SamePerson(members[i], members[j])) {
        return InvalidField(field, "MEMBER_TWICE", absl::StrCat("与第", j + 1, "名成员是同一人，每人只填写一次"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SettleMembers(const Members& former, absl::string_view at, absl::Time now, Committee* committee) {
  for (auto& member : *committee->mutable_members()) {
    if (member.id().empty()) {
      for (const auto& m : former) {
        if (SamePerson(m, member)) member.set_id(m.id());
      }
    }
    for (const auto& m : former) {
      if (m.id() == member.id()) member.set_removed_on(m.removed_on());
    }
  }
  RETURN_IF_ERROR(CheckMembers(former, at, *committee));
  for (auto& member : *committee->mutable_members()) {
    if (member.id().empty()) member.set_id(NewId(now).ToString());
  }
  for (const auto& m : former) {
    if (!m.removed_on().empty() && !IsMember(*committee, m.id())) *committee->add_members() = m;
  }
  return absl::OkStatus();
}

static casework::Index IndexOf(const Committee& c) {
  casework::Index index;
  index.terms = {{"organisation", c.organisation()}, {"type", c.type()}};
  if (c.state() == Committee::VOIDED) return index;
  // An organisation is one committee at a time.
  if (c.state() == Committee::ACTIVE) {
    index.unique.push_back({"organisation", c.organisation(),
                            Error(absl::StatusCode::kAlreadyExists, "COMMITTEE_EXISTS", "该机构已设立调解委员会")});
  }
  // No two organisations of a county number their cases by the same word (law §1.5 案号), though one of them is dissolved. The
  // numbers count by the word (case.cc): an organisation's next committee that takes it up counts on.
  index.unique.push_back({"case_word", absl::StrCat(c.region().substr(0, 6), "/", c.case_word()),
                          InvalidField("case_word", "CASE_WORD_TAKEN", "本县（市、区）已有调解委员会使用该案号用字"), c.organisation()});
  for (const auto& member : c.members()) index.blind.push_back({"phone", member.phone()});
  return index;
}

absl::Status RequireServing(const Committee& committee, const std::string& id, const std::string& day, absl::string_view field) {
  for (const auto& member : committee.members()) {
    if (member.id() != id || member.removed_on().empty() || day < member.removed_on()) continue;
    return InvalidField(field, "MEDIATOR_REMOVED", absl::StrCat("该调解员已于", member.removed_on(), "被罢免或者解聘，不能再承办案件"));
  }
  return absl::OkStatus();
}

bool Serves(const Committee& committee, const std::string& id) {
  return std::any_of(committee.members().begin(), committee.members().end(),
                     [&](const auto& member) { return member.id() == id && member.removed_on().empty(); });
}

// Whether a region is of a division, by the codes of its day or by those that have followed.
static bool IsOf(const RegionTable& regions, RegionCode region, RegionCode division, absl::CivilDay today) {
  if (region.IsWithin(division)) return true;
  for (const RegionCode heir : regions.ValidOn(DownToCounty(region), today)) {
    for (const RegionCode own : regions.ValidOn(division, today)) {
      if (heir.IsWithin(own)) return true;
    }
  }
  return false;
}

absl::Status RequireOwnDivision(const RegionTable& regions, RegionCode region, const Committee& committee, absl::CivilDay today) {
  ASSIGN_OR_RETURN(const RegionCode seat, RegionCode::Parse(committee.region()));
  const RegionCode division = DownToCounty(seat);
  if (IsOf(regions, region, division, today)) return absl::OkStatus();
  return InvalidField("region", "REGION_OUTSIDE",
                      absl::StrCat("“", regions.Path(region), "”不在该调解委员会所在的“", regions.Path(division),
                                   "”；纠纷发生在外地、由当事人所在地受理的，填写当事人所在地"));
}

absl::Status RequireSeat(const RegionTable& regions, const Committee& committee, absl::CivilDay today) {
  ASSIGN_OR_RETURN(const RegionCode region, RegionCode::Parse(committee.region()));
  // Offices of a development zone have no code of their own: the next one above has.
  for (int depth = statistics::DepthOf(committee.organisation_path()); depth > 0; --depth) {
    const auto own = statistics::RegionOfPath(statistics::AncestorAt(committee.organisation_path(), depth));
    if (!own) continue;
    const RegionCode division = DownToCounty(*own);
    if (IsOf(regions, region, division, today)) return absl::OkStatus();
    return InvalidField("region", "REGION_OUTSIDE",
                        absl::StrCat("“", regions.Path(region), "”不在该机构所在的“", regions.Path(division), "”"));
  }
  return absl::OkStatus();
}

absl::Status RequireNoWork(casework::Neighbours& neighbours, const Committee& before, const Committee& after) {
  casework::ListQuery query;
  query.scopes = {"=" + before.organisation_path()};
  query.states = {Case::ASSIGNED, Case::MEDIATING};
  query.limit = kPage;
  std::vector<casework::Stored> page;
  do {
    ASSIGN_OR_RETURN(page, neighbours.backend().store.List(neighbours.connection(), neighbours.TypeOf<Case>(), query));
    for (const auto& stored : page) {
      const Case& c = static_cast<const Case&>(*stored.object);
      const bool left = std::any_of(c.mediators().begin(), c.mediators().end(), [&](const std::string& mediator) {
        return (Serves(before, mediator) && !Serves(after, mediator)) || (IsMember(before, mediator) && !IsMember(after, mediator));
      });
      if (!left) continue;
      return Error(absl::StatusCode::kFailedPrecondition, "MEMBER_HAS_CASES",
                   absl::StrCat("离任的调解员尚在办理", c.number(), "，应当先更换该案调解员"));
    }
    if (!page.empty()) query.before = page.back().id;
  } while (page.size() == kPage);
  return absl::OkStatus();
}

absl::Status RequireActive(const Committee& committee) {
  if (committee.state() == Committee::ACTIVE) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "COMMITTEE_DISSOLVED", "该调解委员会已撤销");
}

// Placed where identity says that its organisation stands.
absl::StatusOr<Committee> NewCommittee(const v1::EstablishCommitteeRequest& r, const casework::Asking& asking) {
  ASSIGN_OR_RETURN(const std::string path, asking.backend().path_of(r.organisation()));
  Committee c;
  c.set_organisation(r.organisation());
  c.set_organisation_path(path);
  c.set_name(r.name());
  c.set_type(r.type());
  c.set_level(r.level());
  c.set_case_word(r.case_word());
  c.set_mixed_area(r.mixed_area());
  *c.mutable_members() = r.members();
  RETURN_IF_ERROR(SettleMembers({}, "", asking.now(), &c));
  return c;
}

absl::Status EstablishCommittee(Committee& c, const v1::EstablishCommitteeRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(act.regions(), r.region(), act.occurred_on()));
  c.set_region(region.ToString());
  c.set_elected_on(act.occurred_on());
  return RequireSeat(act.regions(), c, act.facts().today);
}

static absl::Status Narrow(const v1::ListCommitteesRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.type().empty()) query->terms.push_back({"type", r.type()});
  return absl::OkStatus();
}

// Whom an election elects again was removed before it; who is not is no longer listed.
static void EndRemovals(const Members& elected, Committee* c) {
  auto* members = c->mutable_members();
  for (int i = members->size() - 1; i >= 0; --i) {
    if (members->at(i).removed_on() > c->elected_on()) continue;
    members->at(i).clear_removed_on();
    if (i >= elected.size()) members->DeleteSubrange(i, 1);
  }
}

absl::Status ChangeCommittee(Committee& c, const v1::ChangeCommitteeRequest& r, const Act& act) {
  const Committee before = c;
  *c.mutable_members() = r.members();
  RETURN_IF_ERROR(SettleMembers(before.members(), "", act.now(), &c));
  return RequireNoWork(act.neighbours(), before, c);
}

absl::Status ReelectCommittee(Committee& c, const v1::ChangeCommitteeRequest& r, const Act& act) {
  const Committee before = c;
  *c.mutable_members() = r.members();
  RETURN_IF_ERROR(SettleMembers(before.members(), "", act.now(), &c));
  c.set_elected_on(act.occurred_on());
  EndRemovals(r.members(), &c);
  return RequireNoWork(act.neighbours(), before, c);
}

const casework::Definition<Committee> kCommittee = {
    .procedure = &kCommitteeProcedure,
    .index = IndexOf,
    .cubes = {&kCommitteesCube},
    .list = casework::ListOf<Narrow>,
    .amendments = &kCommitteeAmendments,
};

}  // namespace sifa::mediation
