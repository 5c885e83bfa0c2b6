#include "libs/rpc/channel.h"
#include "services/mediation/case.h"
#include "services/mediation/committee.h"
#include "sifa/identity/v1/organisation.pb.h"

namespace sifa::mediation {
namespace {

// Asks identity where an organisation stands in the tree.
ResolveOrganisation ResolveThrough(std::shared_ptr<grpc::Channel> identity) {
  return [identity](const std::string& organisation) -> absl::StatusOr<OrganisationPlace> {
    identity::v1::ResolveOrganisationRequest request;
    request.set_code(organisation);
    identity::v1::ResolveOrganisationResponse response;
    RETURN_IF_ERROR(rpc::Invoke(*identity, "/sifa.identity.v1.OrganisationService/ResolveOrganisation", request, &response,
                                absl::Seconds(2)));
    return OrganisationPlace{response.path()};
  };
}

absl::Status SetUp(casework::Service& service) {
  ASSIGN_OR_RETURN(const auto identity, service.host().ChannelTo("identity"));
  auto& committee_casework = service.Keep(std::make_unique<CommitteeCasework>(service.backend(), "mediation"));
  auto& case_casework = service.Keep(std::make_unique<CaseCasework>(service.backend(), "mediation"));
  auto& committees =
      service.Keep(std::make_unique<CommitteeService>(committee_casework, service.regions(), ResolveThrough(identity)));
  auto& cases =
      service.Keep(std::make_unique<CaseService>(case_casework, committee_casework, service.regions(), service.code_tables()));
  service.Expose("sifa.mediation.v1.CommitteeService", committees);
  service.Expose("sifa.mediation.v1.CaseService", cases);
  return absl::OkStatus();
}

}  // namespace
}  // namespace sifa::mediation

int main(int argc, char** argv) { return sifa::casework::Serve(argc, argv, "mediation", {}, sifa::mediation::SetUp); }
