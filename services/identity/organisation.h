// OrganisationService: the tree of organisations.
#pragma once

#include "libs/casework/casework.h"
#include "libs/core/region_table.h"
#include "libs/rpc/described_service.h"
#include "services/identity/organisation_procedure.h"
#include "services/identity/organisation_table.h"
#include "sifa/casework/v1/holdings.pb.h"

namespace sifa::identity {

// What the other services hold of an organisation, all together.
using AskHoldings = std::function<absl::StatusOr<casework::v1::Holdings>(const std::string& organisation)>;

class OrganisationService {
 public:
  OrganisationService(const casework::Backend& backend, const RegionTable& regions);
  void Register(rpc::DescribedService& service);
  // Until then nobody holds anything.
  void SetHoldings(AskHoldings ask) { ask_holdings_ = std::move(ask); }

  absl::StatusOr<v1::Organisation> Establish(rpc::Call& call, const v1::EstablishOrganisationRequest& r);
  absl::StatusOr<v1::Organisation> Get(rpc::Call& call, const v1::GetOrganisationRequest& r);
  absl::StatusOr<v1::ListOrganisationsResponse> List(rpc::Call& call, const v1::ListOrganisationsRequest& r);
  absl::StatusOr<v1::Organisation> Rename(rpc::Call& call, const v1::RenameOrganisationRequest& r);
  absl::StatusOr<v1::Organisation> Move(rpc::Call& call, const v1::MoveOrganisationRequest& r);
  absl::StatusOr<v1::Organisation> Dissolve(rpc::Call& call, const v1::DissolveOrganisationRequest& r);
  absl::StatusOr<casework::v1::AvailableActions> Actions(rpc::Call& call, const v1::GetOrganisationRequest& r);
  absl::StatusOr<casework::v1::History> History(rpc::Call& call, const casework::v1::GetHistoryRequest& r);
  absl::StatusOr<v1::ResolvedOrganisation> Resolve(rpc::Call& call, const v1::ResolveOrganisationRequest& r);
  absl::StatusOr<v1::ListPlacesResponse> ListPlaces(rpc::Call& call, const v1::ListPlacesRequest& r);

  // For the demonstration's seed.
  const casework::Casework<v1::Organisation>& casework() const { return casework_; }

 private:
  // Of an object id or a code.
  absl::StatusOr<Id> IdOf(const std::string& text) const;
  // The organisation as it is to be established.
  absl::StatusOr<v1::Organisation> Established(const v1::EstablishOrganisationRequest& r, absl::CivilDay today) const;
  // The same id where the caller reaches it, and what other services hold of it. Not inside a transaction.
  absl::StatusOr<Id> WithHoldings(const rpc::Call& call, const std::string& text, casework::v1::Holdings* held) const;

  const casework::Backend& backend_;
  const RegionTable& regions_;
  AskHoldings ask_holdings_ = [](const std::string&) { return casework::v1::Holdings(); };
  casework::Casework<v1::Organisation> casework_;
};

// An organisation as Establish makes it, placed below `parent` (nullptr: a root).
v1::Organisation NewOrganisation(const OrganisationRow* parent, const v1::EstablishOrganisationRequest& r,
                                 absl::CivilDay today);

}  // namespace sifa::identity
