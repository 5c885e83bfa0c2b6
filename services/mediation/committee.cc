#include "services/mediation/committee.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/core/status.h"
#include "libs/statistics/place.h"
#include "sifa/mediation/v1/case.pb.h"

namespace sifa::mediation {
namespace {

using v1::Case;

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

casework::Index IndexOfCommittee(const casework::Message& message) {
  const auto& c = static_cast<const Committee&>(message);
  casework::Index index;
  index.terms = {{"organisation", c.organisation()}, {"type", c.type()}};
  if (c.state() == Committee::VOIDED) return index;
  // An organisation is one committee at a time.
  if (c.state() == Committee::ACTIVE) {
    index.unique.push_back({"organisation", c.organisation(),
                            Error(absl::StatusCode::kAlreadyExists, "COMMITTEE_EXISTS", "该机构已设立调解委员会")});
  }
  // No two organisations of a county number their cases by the same word (law §1.5 案号), though one of them is dissolved. The
  // numbers count by the word (NumberingOfCase): an organisation's next committee that takes it up counts on.
  index.unique.push_back({"case_word", absl::StrCat(c.region().substr(0, 6), "/", c.case_word()),
                          InvalidField("case_word", "CASE_WORD_TAKEN", "本县（市、区）已有调解委员会使用该案号用字"), c.organisation()});
  for (const auto& member : c.members()) index.blind.push_back({"phone", member.phone()});
  return index;
}

absl::StatusOr<RegionCode> KnownRegion(const RegionTable& regions, const std::string& text) {
  const auto region = RegionCode::Parse(text);
  if (!region.ok() || !regions.Require(*region).ok()) {
    return InvalidField("region", "REGION_UNKNOWN", absl::StrCat("行政区划代码不存在：", text));
  }
  return *region;
}

static absl::StatusOr<RegionCode> RegionOn(const RegionTable& regions, const std::string& text, const std::string& day,
                                           bool or_later) {
  ASSIGN_OR_RETURN(const RegionCode region, KnownRegion(regions, text));
  absl::CivilDay on;
  if (!ParseDay(day, &on)) return Internal("not a day");
  for (std::optional<RegionCode> code = region; code; code = code->Parent()) {
    if (!regions.Find(*code) || regions.Find(*code, on)) continue;
    const auto names = [&](const std::vector<RegionCode>& codes) {
      return absl::StrJoin(
          codes, "、", [&](std::string* out, RegionCode code) { absl::StrAppend(out, regions.NameOf(code), code.ToString()); });
    };
    const std::vector<RegionCode> heirs = regions.ValidOn(*code, on);
    if (heirs.empty() && or_later) continue;
    std::vector<RegionCode> before;
    for (const RegionCode predecessor : regions.Predecessors(*code)) {
      if (regions.Find(predecessor, on)) before.push_back(predecessor);
    }
    return InvalidField("region", "REGION_NOT_VALID",
                        absl::StrCat("行政区划“", regions.NameOf(*code), "”在", day, "无效",
                                     !heirs.empty()    ? "，已变更为" + names(heirs)
                                     : !before.empty() ? "，当时为" + names(before)
                                                       : ""));
  }
  return region;
}

absl::StatusOr<RegionCode> ValidRegion(const RegionTable& regions, const std::string& text, const std::string& day) {
  return RegionOn(regions, text, day, false);
}

absl::StatusOr<RegionCode> ValidOrLaterRegion(const RegionTable& regions, const std::string& text, const std::string& day) {
  return RegionOn(regions, text, day, true);
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

absl::Status RequireNoWork(const casework::Backend& backend, const casework::ObjectType& cases, const Committee& before,
                           const Committee& after, mysql::Connection& connection) {
  casework::ListQuery query;
  query.scopes = {"=" + before.organisation_path()};
  query.states = {Case::ASSIGNED, Case::MEDIATING};
  query.limit = kPage;
  std::vector<casework::Stored> page;
  do {
    ASSIGN_OR_RETURN(page, backend.store.List(connection, cases, query));
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

CommitteeService::CommitteeService(CommitteeCasework& casework, const casework::ObjectType& cases, const RegionTable& regions,
                                   ResolveOrganisation resolve)
    : casework_(casework), cases_(cases), regions_(regions), resolve_(std::move(resolve)) {
  casework_.type().index = IndexOfCommittee;
}

void CommitteeService::Register(rpc::DescribedService& service) {
  service.On("EstablishCommittee", this, &CommitteeService::Establish);
  service.On("GetCommittee", this, &CommitteeService::Get);
  service.On("ListCommittees", this, &CommitteeService::List);
  service.On("ChangeCommittee", this, &CommitteeService::Change);
  service.On("ReelectCommittee", this, &CommitteeService::Reelect);
  service.On("DissolveCommittee", this, &CommitteeService::Dissolve);
  service.On("ListCommitteeActions", this, &CommitteeService::Actions);
  service.On("ExplainCommitteeClock", this, &CommitteeService::ExplainClock);
  service.On("GetCommitteeHistory", this, &CommitteeService::History);
}

absl::StatusOr<v1::Committee> CommitteeService::NewCommittee(const v1::EstablishCommitteeRequest& r, absl::Time now) const {
  ASSIGN_OR_RETURN(const OrganisationPlace place, resolve_(r.organisation()));
  Committee initial;
  initial.set_organisation(r.organisation());
  initial.set_organisation_path(place.path);
  initial.set_name(r.name());
  initial.set_type(r.type());
  initial.set_level(r.level());
  initial.set_case_word(r.case_word());
  initial.set_mixed_area(r.mixed_area());
  *initial.mutable_members() = r.members();
  RETURN_IF_ERROR(SettleMembers({}, "", now, &initial));
  return initial;
}

absl::StatusOr<v1::Committee> CommitteeService::Establish(rpc::Call& call, const v1::EstablishCommitteeRequest& r) {
  const auto prepare = [&] { return NewCommittee(r, call.now()); };
  return casework_.Create(call, Committee::ESTABLISH, r, prepare, [&](Committee& c, const casework::Act& act) -> absl::Status {
    ASSIGN_OR_RETURN(const RegionCode region, ValidRegion(regions_, r.region(), act.occurred_on()));
    c.set_region(region.ToString());
    c.set_elected_on(act.occurred_on());
    return RequireSeat(regions_, c, act.facts().today);
  });
}

absl::StatusOr<v1::Committee> CommitteeService::Get(rpc::Call& call, const v1::GetCommitteeRequest& r) {
  return casework_.Get(call, r.id());
}

absl::StatusOr<v1::ListCommitteesResponse> CommitteeService::List(rpc::Call& call, const v1::ListCommitteesRequest& r) {
  casework::ListQuery query;
  query.organisation = r.organisation();
  if (!r.region().empty()) RETURN_IF_ERROR(KnownRegion(regions_, r.region()).status());
  query.region = r.region();
  if (!r.type().empty()) query.terms.push_back({"type", r.type()});
  v1::ListCommitteesResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   casework_.List(call, std::move(query), r.page_size(), r.page_token(),
                                  [&](const Committee& c) { *response.add_committees() = c; }));
  return response;
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

absl::StatusOr<v1::Committee> CommitteeService::SetMembers(rpc::Call& call, int kind, const v1::ChangeCommitteeRequest& r) {
  return casework_.Act(call, kind, r, [&](Committee& c, const casework::Act& act) -> absl::Status {
    const Committee before = c;
    *c.mutable_members() = r.members();
    RETURN_IF_ERROR(SettleMembers(before.members(), "", call.now(), &c));
    if (kind == Committee::REELECT) {
      c.set_elected_on(act.occurred_on());
      EndRemovals(r.members(), &c);
    }
    return RequireNoWork(casework_.backend(), cases_, before, c, act.connection());
  });
}

absl::StatusOr<v1::Committee> CommitteeService::Change(rpc::Call& call, const v1::ChangeCommitteeRequest& r) {
  return SetMembers(call, Committee::CHANGE, r);
}

absl::StatusOr<v1::Committee> CommitteeService::Reelect(rpc::Call& call, const v1::ChangeCommitteeRequest& r) {
  return SetMembers(call, Committee::REELECT, r);
}

absl::StatusOr<v1::Committee> CommitteeService::Dissolve(rpc::Call& call, const v1::CommitteeActRequest& r) {
  return casework_.Act(call, Committee::DISSOLVE, r, [&](Committee& c, const casework::Act& act) -> absl::Status {
    casework::ListQuery query;
    query.scopes = {"=" + c.organisation_path()};
    query.open = true;
    query.limit = 1;
    ASSIGN_OR_RETURN(const auto open, casework_.backend().store.List(act.connection(), cases_, query));
    if (open.empty()) return absl::OkStatus();
    return Error(absl::StatusCode::kFailedPrecondition, "COMMITTEE_HAS_CASES", "该调解委员会尚有未归档的案件，应当先办结归档");
  });
}

absl::StatusOr<casework::v1::AvailableActions> CommitteeService::Actions(rpc::Call& call, const v1::GetCommitteeRequest& r) {
  return casework_.Actions(call, r.id());
}

absl::StatusOr<casework::v1::ClockExplanation> CommitteeService::ExplainClock(rpc::Call& call, const casework::v1::ExplainClockRequest& r) {
  return casework_.ExplainClock(call, r);
}

absl::StatusOr<casework::v1::History> CommitteeService::History(rpc::Call& call, const casework::v1::GetHistoryRequest& r) {
  return casework::History(casework_.backend(), casework_.type(), call, r);
}

}  // namespace sifa::mediation
