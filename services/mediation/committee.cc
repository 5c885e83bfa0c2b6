#include "services/mediation/committee.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::mediation {
namespace {

// Members keep their ids; new ones get one.
void SetMembers(const google::protobuf::RepeatedPtrField<v1::Member>& members, absl::Time now, Committee* committee) {
  *committee->mutable_members() = members;
  for (auto& member : *committee->mutable_members()) {
    if (member.id().empty()) member.set_id(NewId(now).ToString());
  }
}

casework::Index IndexOf(const casework::Message& message) {
  const auto& c = static_cast<const Committee&>(message);
  casework::Index index;
  index.terms = {{"organisation", c.organisation()}, {"type", c.type()}};
  for (const auto& member : c.members()) index.blind.push_back({"phone", member.phone()});
  return index;
}

}  // namespace

absl::StatusOr<RegionCode> KnownRegion(const RegionTable& regions, const std::string& text) {
  const auto region = RegionCode::Parse(text);
  if (!region.ok() || !regions.Require(*region).ok()) {
    return InvalidField("region", "REGION_UNKNOWN", absl::StrCat("行政区划代码不存在：", text));
  }
  return *region;
}

CommitteeService::CommitteeService(CommitteeCasework& casework, const RegionTable& regions, ResolveOrganisation resolve)
    : casework_(casework), regions_(regions), resolve_(std::move(resolve)) {
  casework_.type().index = IndexOf;
}

void CommitteeService::Register(rpc::DescribedService& service) {
  service.On("EstablishCommittee", this, &CommitteeService::Establish);
  service.On("GetCommittee", this, &CommitteeService::Get);
  service.On("ListCommittees", this, &CommitteeService::List);
  service.On("ChangeCommittee", this, &CommitteeService::Change);
  service.On("ReelectCommittee", this, &CommitteeService::Reelect);
  service.On("DissolveCommittee", this, &CommitteeService::Dissolve);
  service.On("GetCommitteeHistory", this, &CommitteeService::History);
}

absl::Status CommitteeService::RequireNoOther(const std::string& organisation) {
  casework::ListQuery query;
  query.scopes = {"/"};
  query.terms = {{"organisation", organisation}};
  query.states = {Committee::ACTIVE};
  query.limit = 1;
  std::vector<casework::Stored> found;
  RETURN_IF_ERROR(casework_.backend().pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, casework_.backend().store.List(connection, casework_.type(), query));
    return absl::OkStatus();
  }));
  if (found.empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kAlreadyExists, "COMMITTEE_EXISTS", "该机构已设立调解委员会");
}

absl::StatusOr<v1::Committee> CommitteeService::Establish(rpc::Call& call, const v1::EstablishCommitteeRequest& r) {
  ASSIGN_OR_RETURN(const RegionCode region, KnownRegion(regions_, r.region()));
  ASSIGN_OR_RETURN(const OrganisationPlace place, resolve_(r.organisation()));
  Committee initial;
  initial.set_organisation(r.organisation());
  initial.set_organisation_path(place.path);
  initial.set_region(region.ToString());
  initial.set_name(r.name());
  initial.set_type(r.type());
  initial.set_level(r.level());
  initial.set_case_word(r.case_word());
  initial.set_mixed_area(r.mixed_area());
  initial.set_elected_on(r.occurred_on().empty() ? FormatDay(call.today()) : r.occurred_on());
  SetMembers(r.members(), call.now(), &initial);
  // Asked inside the act, so that a repeated request still gets its first answer.
  return casework_.Create(call, Committee::ESTABLISH, r, initial, [&](Committee&) { return RequireNoOther(r.organisation()); });
}

absl::StatusOr<v1::Committee> CommitteeService::Get(rpc::Call& call, const v1::GetCommitteeRequest& r) {
  return casework_.Get(call, r.id());
}

absl::StatusOr<v1::ListCommitteesResponse> CommitteeService::List(rpc::Call& call, const v1::ListCommitteesRequest& r) {
  casework::ListQuery query;
  query.organisation = r.organisation();
  query.region = r.region();
  if (!r.type().empty()) query.terms.push_back({"type", r.type()});
  v1::ListCommitteesResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   casework_.List(call, std::move(query), r.page_size(), r.page_token(),
                                  [&](const Committee& c) { *response.add_committees() = c; }));
  return response;
}

absl::StatusOr<v1::Committee> CommitteeService::Change(rpc::Call& call, const v1::ChangeCommitteeRequest& r) {
  return casework_.Act(call, Committee::CHANGE, r, [&](Committee& c) {
    SetMembers(r.members(), call.now(), &c);
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Committee> CommitteeService::Reelect(rpc::Call& call, const v1::ChangeCommitteeRequest& r) {
  return casework_.Act(call, Committee::REELECT, r, [&](Committee& c) {
    SetMembers(r.members(), call.now(), &c);
    c.set_elected_on(r.occurred_on().empty() ? FormatDay(call.today()) : r.occurred_on());
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Committee> CommitteeService::Dissolve(rpc::Call& call, const v1::CommitteeActRequest& r) {
  return casework_.Act(call, Committee::DISSOLVE, r);
}

absl::StatusOr<casework::v1::History> CommitteeService::History(rpc::Call& call, const casework::v1::GetHistoryRequest& r) {
  return casework::History(casework_.backend(), casework_.type(), call, r);
}

}  // namespace sifa::mediation
