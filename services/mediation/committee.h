// CommitteeService: people's mediation committees.
#pragma once

#include "absl/status/statusor.h"
#include "libs/casework/casework.h"
#include "libs/casework/service.h"
#include "services/mediation/committee_procedure.h"

namespace sifa::mediation {

using CommitteeCasework = casework::Casework<Committee, kCommitteeProcedure>;

// What a committee is found by, and what it alone may have.
casework::Index IndexOfCommittee(const casework::Message& message);

// Finds the place of an organisation in the tree (identity).
struct OrganisationPlace {
  std::string path;
};
using ResolveOrganisation = std::function<absl::StatusOr<OrganisationPlace>(const std::string& organisation)>;

// The division of a request's field `region`, or the refusal that names it.
absl::StatusOr<RegionCode> KnownRegion(const RegionTable& regions, const std::string& text);
// The same where the division, and those above it, stood on that day (YYYY-MM-DD): codes change every year (law §1.4).
absl::StatusOr<RegionCode> ValidRegion(const RegionTable& regions, const std::string& text, const std::string& day);
// The same, and one that came later: registers of earlier years are often kept in the codes of today.
absl::StatusOr<RegionCode> ValidOrLaterRegion(const RegionTable& regions, const std::string& text, const std::string& day);

// A case counts where it stands, so it stands within the county of its committee (of a committee of a city or province, within
// that), by the codes of its day or by those that have followed. Else the refusal names the field `region`.
absl::Status RequireOwnDivision(const RegionTable& regions, RegionCode region, const Committee& committee, absl::CivilDay today);
// The same for the committee's own division, which is within that of its organisation.
absl::Status RequireSeat(const RegionTable& regions, const Committee& committee, absl::CivilDay today);

using Members = google::protobuf::RepeatedPtrField<v1::Member>;

// The members that a committee has been given in the place of `former` ones: these keep their ids, also who comes without his;
// new ones get one. Who was removed stays so and stays listed, also where he was left out (人民调解法 §15). MEMBER_TWICE,
// MEDIATOR_UNKNOWN: nobody stands twice, and ids are of former ones; the list is in the caller's message `at` ("content." or
// nothing).
absl::Status SettleMembers(const Members& former, absl::string_view at, absl::Time now, Committee* committee);

// MEDIATOR_REMOVED where the member was removed by that day (人民调解法 §15); names the caller's field.
absl::Status RequireServing(const Committee& committee, const std::string& id, const std::string& day, absl::string_view field);

// Whether a member is one, and not removed.
bool Serves(const Committee& committee, const std::string& id);

// Who mediates in a case is replaced there before he leaves the committee or is removed (人民调解法 §15). FAILED_PRECONDITION
// "MEMBER_HAS_CASES".
absl::Status RequireNoWork(const casework::Backend& backend, const casework::ObjectType& cases, const Committee& before,
                           const Committee& after, mysql::Connection& connection);

class CommitteeService {
 public:
  CommitteeService(CommitteeCasework& casework, const casework::ObjectType& cases, const RegionTable& regions,
                   ResolveOrganisation resolve);
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::Committee> Establish(rpc::Call& call, const v1::EstablishCommitteeRequest& request);
  absl::StatusOr<v1::Committee> Get(rpc::Call& call, const v1::GetCommitteeRequest& request);
  absl::StatusOr<v1::ListCommitteesResponse> List(rpc::Call& call, const v1::ListCommitteesRequest& request);
  absl::StatusOr<v1::Committee> Change(rpc::Call& call, const v1::ChangeCommitteeRequest& request);
  absl::StatusOr<v1::Committee> Reelect(rpc::Call& call, const v1::ChangeCommitteeRequest& request);
  absl::StatusOr<v1::Committee> Dissolve(rpc::Call& call, const v1::CommitteeActRequest& request);
  absl::StatusOr<casework::v1::AvailableActions> Actions(rpc::Call& call, const v1::GetCommitteeRequest& r);
  absl::StatusOr<casework::v1::ClockExplanation> ExplainClock(rpc::Call& call, const casework::v1::ExplainClockRequest& r);
  absl::StatusOr<casework::v1::History> History(rpc::Call& call, const casework::v1::GetHistoryRequest& r);

 private:
  // The committee as it is to be established, placed where identity says that its organisation stands.
  absl::StatusOr<v1::Committee> NewCommittee(const v1::EstablishCommitteeRequest& r, absl::Time now) const;
  absl::StatusOr<v1::Committee> SetMembers(rpc::Call& call, int kind, const v1::ChangeCommitteeRequest& r);

  CommitteeCasework& casework_;
  const casework::ObjectType& cases_;
  const RegionTable& regions_;
  const ResolveOrganisation resolve_;
};

}  // namespace sifa::mediation
