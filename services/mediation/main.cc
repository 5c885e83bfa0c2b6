#include "libs/rpc/channel.h"
#include "libs/statistics/folder.h"
#include "libs/statistics/schema.h"
#include "services/mediation/case_import.h"
#include "services/mediation/case_statistics.h"
#include "services/mediation/confirmation.h"
#include "services/mediation/statistics.h"
#include "sifa/identity/v1/organisation.pb.h"

namespace sifa::mediation {
namespace {

// Asks identity where an organisation stands in the tree.
ResolveOrganisation ResolveThrough(std::shared_ptr<grpc::Channel> identity) {
  return [identity](const std::string& organisation) -> absl::StatusOr<OrganisationPlace> {
    identity::v1::ResolveOrganisationRequest request;
    request.set_code(organisation);
    identity::v1::ResolvedOrganisation response;
    RETURN_IF_ERROR(rpc::Invoke(*identity, "/sifa.identity.v1.OrganisationService/ResolveOrganisation", request, &response,
                                absl::Seconds(2)));
    return OrganisationPlace{response.path()};
  };
}

absl::Status SetUpCases(casework::Service& service) {
  ASSIGN_OR_RETURN(const auto identity, service.host().ChannelTo("identity"));
  auto& committees = service.Keep(std::make_unique<CommitteeCasework>(service.backend(), "mediation"));
  auto& cases = service.Keep(std::make_unique<CaseCasework>(service.backend(), "mediation"));
  auto& confirmations = service.Keep(std::make_unique<ConfirmationCasework>(service.backend(), "mediation"));
  cases.type().counts = CountsOfCase;

  service.Expose("sifa.mediation.v1.CommitteeService",
                 service.Keep(std::make_unique<CommitteeService>(committees, service.regions(), ResolveThrough(identity))));
  service.Expose("sifa.mediation.v1.CaseService",
                 service.Keep(std::make_unique<CaseService>(cases, committees, service.regions(), service.code_tables())));
  service.Expose("sifa.mediation.v1.ConfirmationService",
                 service.Keep(std::make_unique<ConfirmationService>(confirmations, cases)));
  service.Expose("sifa.mediation.v1.ImportService",
                 service.Keep(std::make_unique<ImportService>(cases, committees, service.regions())));
  return absl::OkStatus();
}

absl::Status SetUpStatistics(casework::Service& service) {
  auto& cubes = service.Keep(std::make_unique<statistics::Cubes>(std::vector<const statistics::Cube*>{&kCasesCube}));
  ASSIGN_OR_RETURN(auto census, statistics::Population::Load(service.data_directory() + "/population.csv"));
  auto& population = service.Keep(std::make_unique<statistics::Population>(std::move(census)));
  auto& api = service.Keep(std::make_unique<statistics::StatisticsApi>(
      service.backend().pool, cubes, statistics::Reference{&service.code_tables(), &service.regions(), &population},
      service.backend().clock));
  service.Expose("sifa.mediation.v1.StatisticsService", service.Keep(std::make_unique<StatisticsService>(api)));
  service.Follow(statistics::kFollowerName, statistics::MakeFold(cubes));
  return absl::OkStatus();
}

absl::Status SetUp(casework::Service& service) {
  RETURN_IF_ERROR(SetUpCases(service));
  return SetUpStatistics(service);
}

}  // namespace
}  // namespace sifa::mediation

int main(int argc, char** argv) {
  const sifa::casework::SchemaPart schema[] = {
      {"statistics", absl::MakeConstSpan(sifa::statistics::kSchema, sifa::statistics::kSchemaSteps)}};
  return sifa::casework::Serve(argc, argv, "mediation", schema, sifa::mediation::SetUp);
}
