#include "libs/rpc/channel.h"
#include "libs/statistics/folder.h"
#include "libs/statistics/schema.h"
#include "services/mediation/attachment.h"
#include "services/mediation/case_import.h"
#include "services/mediation/case_statistics.h"
#include "services/mediation/committee_statistics.h"
#include "services/mediation/confirmation.h"
#include "services/mediation/correction.h"
#include "services/mediation/journal.h"
#include "services/mediation/schema.h"
#include "services/mediation/statistics.h"
#include "services/mediation/work.h"
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

// The objects of mediation.
struct Objects {
  explicit Objects(const casework::Backend& backend)
      : committees(backend, "mediation"), cases(backend, "mediation"), confirmations(backend, "mediation"),
        corrections(backend, "mediation") {
    cases.type().counts = CountsOfCase;
    committees.type().counts = CountsOfCommittee;
  }
  std::vector<const casework::ObjectType*> Types() const {
    return {&cases.type(), &committees.type(), &confirmations.type(), &corrections.type()};
  }

  CommitteeCasework committees;
  CaseCasework cases;
  ConfirmationCasework confirmations;
  CorrectionCasework corrections;
};

absl::Status SetUpCases(casework::Service& service, Objects& objects) {
  ASSIGN_OR_RETURN(const auto identity, service.host().ChannelTo("identity"));

  service.Expose("sifa.mediation.v1.CommitteeService",
                 service.Keep(std::make_unique<CommitteeService>(objects.committees, objects.cases.type(), service.regions(),
                                                                 ResolveThrough(identity))));
  service.Expose("sifa.mediation.v1.CaseService",
                 service.Keep(std::make_unique<CaseService>(objects.cases, objects.committees, service.regions(), service.code_tables())));
  service.Expose("sifa.mediation.v1.ConfirmationService",
                 service.Keep(std::make_unique<ConfirmationService>(objects.confirmations, objects.cases)));
  service.Expose("sifa.mediation.v1.ImportService",
                 service.Keep(std::make_unique<ImportService>(objects.cases, objects.committees, service.regions())));
  return absl::OkStatus();
}

// What all objects share: files, corrections, worklists, the journal's reading, watched limits.
void SetUpOffice(casework::Service& service, Objects& objects) {
  auto& attachments = service.Keep(
      std::make_unique<casework::Attachments>(service.backend(), std::vector<const casework::ObjectType*>{&objects.cases.type()}));
  auto& desk = service.Keep(std::make_unique<casework::Corrections>(
      service.backend(),
      std::vector<casework::Correctable>{CorrectableCase(objects.cases.type(), service.regions()),
                                         CorrectableConfirmation(objects.confirmations, objects.cases),
                                         CorrectableCommittee(objects.committees.type(), service.regions())},
      &service.validation()));
  service.Expose("sifa.mediation.v1.AttachmentService",
                 service.Keep(std::make_unique<AttachmentService>(attachments, objects.cases.type())));
  service.Expose("sifa.mediation.v1.CorrectionService",
                 service.Keep(std::make_unique<CorrectionService>(objects.corrections, desk)));
  service.Expose("sifa.mediation.v1.WorkService", service.Keep(std::make_unique<WorkService>(service.backend(), objects.Types())));
  service.Expose("sifa.mediation.v1.JournalService",
                 service.Keep(std::make_unique<JournalService>(service.backend(), objects.Types())));
  service.Watch(objects.Types());
  service.Every(absl::Hours(1), "sweeping uploads", [&attachments] { return attachments.Sweep().status(); });
}

absl::Status SetUpStatistics(casework::Service& service) {
  auto& cubes = service.Keep(std::make_unique<statistics::Cubes>(std::vector<const statistics::Cube*>{
      &kCasesCube, &kConclusionsCube, &kLimitsCube, &kPerformanceCube, &kCommitteesCube}));
  ASSIGN_OR_RETURN(auto census, statistics::Population::Load(service.data_directory() + "/population.csv"));
  auto& population = service.Keep(std::make_unique<statistics::Population>(std::move(census)));
  auto& api = service.Keep(std::make_unique<statistics::StatisticsApi>(
      service.backend().pool, cubes, statistics::Reference{&service.code_tables(), &service.regions(), &population},
      service.backend().clock));
  service.Expose("sifa.mediation.v1.StatisticsService", service.Keep(std::make_unique<StatisticsService>(service.backend(), api)));
  service.Follow(statistics::kFollowerName, statistics::MakeFold(cubes));
  return absl::OkStatus();
}

absl::Status SetUp(casework::Service& service) {
  auto& objects = service.Keep(std::make_unique<Objects>(service.backend()));
  RETURN_IF_ERROR(SetUpCases(service, objects));
  RETURN_IF_ERROR(service.FollowIdentity(objects.Types()));
  SetUpOffice(service, objects);
  return SetUpStatistics(service);
}

}  // namespace
}  // namespace sifa::mediation

int main(int argc, char** argv) {
  const sifa::casework::SchemaPart schema[] = {
      {"statistics", absl::MakeConstSpan(sifa::statistics::kSchema, sifa::statistics::kSchemaSteps)},
      {"mediation", sifa::mediation::Schema()}};
  return sifa::casework::Serve(argc, argv, "mediation", schema, sifa::mediation::SetUp);
}
