#include "libs/casework/office.h"
#include "libs/core/status.h"
#include "libs/rpc/channel.h"
#include "libs/statistics/schema.h"
#include "services/mediation/case_import.h"
#include "services/mediation/case_statistics.h"
#include "services/mediation/committee_statistics.h"
#include "services/mediation/confirmation.h"
#include "services/mediation/correction.h"
#include "services/mediation/schema.h"
#include "services/mediation/screening.h"
#include "services/mediation/screening_statistics.h"
#include "sifa/identity/v1/organisation.pb.h"
#include "sifa/mediation/v1/attachment.pb.h"

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
    if (response.dissolved()) return InvalidField("organisation", "ORGANISATION_DISSOLVED", "该单位已撤销");
    return OrganisationPlace{response.path()};
  };
}

const std::vector<const statistics::Cube*> kCubes = {&kCasesCube,      &kConclusionsCube, &kLimitsCube,    &kPerformanceCube,
                                                     &kCommitteesCube, &kScreeningsCube,  &kPreventionCube};

// The objects of mediation.
struct Objects {
  explicit Objects(const casework::Backend& backend)
      : committees(backend, "mediation"), cases(backend, "mediation"), confirmations(backend, "mediation"),
        screenings(backend, "mediation"), corrections(backend, "mediation") {
    cases.type().counts = CountsOfCase;
    committees.type().counts = CountsOfCommittee;
    screenings.type().counts = CountsOfScreening;
  }
  std::vector<const casework::ObjectType*> Types() const {
    return {&cases.type(), &committees.type(), &confirmations.type(), &screenings.type(), &corrections.type()};
  }

  CommitteeCasework committees;
  CaseCasework cases;
  ConfirmationCasework confirmations;
  ScreeningCasework screenings;
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
  service.Expose("sifa.mediation.v1.ScreeningService",
                 service.Keep(std::make_unique<ScreeningService>(objects.screenings, objects.cases, objects.committees, service.regions())));
  service.Expose("sifa.mediation.v1.ImportService",
                 service.Keep(std::make_unique<ImportService>(objects.cases, objects.committees, service.regions())));
  return absl::OkStatus();
}

casework::Office OfficeOf(const casework::Service& service, Objects& objects) {
  return {
      .types = objects.Types(),
      .files =
          casework::FilesOf(objects.cases.type(), &v1::UploadAttachmentRequest::case_id, &v1::ListAttachmentsRequest::case_id),
      .corrections = casework::CorrectionsOf(
          objects.corrections, {CorrectableCase(objects.cases, objects.committees, objects.screenings, service.regions()),
                                CorrectableConfirmation(objects.confirmations, objects.cases),
                                CorrectableCommittee(objects.committees, objects.cases, objects.screenings, service.regions()),
                                CorrectableScreening(objects.screenings, objects.committees, service.regions())}),
      .cubes = kCubes};
}

absl::Status SetUp(casework::Service& service) {
  auto& objects = service.Keep(std::make_unique<Objects>(service.backend()));
  RETURN_IF_ERROR(SetUpCases(service, objects));
  return casework::ExposeOffice(service, OfficeOf(service, objects));
}

}  // namespace
}  // namespace sifa::mediation

int main(int argc, char** argv) {
  const sifa::casework::SchemaPart schema[] = {
      {"statistics", absl::MakeConstSpan(sifa::statistics::kSchema, sifa::statistics::kSchemaSteps)},
      {"mediation", sifa::mediation::Schema()}};
  using namespace sifa::mediation;
  return sifa::casework::Serve(argc, argv, "mediation", schema,
                               {sifa::casework::MakeType<Case, kCaseProcedure>("mediation", IndexOfCase),
                                sifa::casework::MakeType<Committee, kCommitteeProcedure>("mediation", IndexOfCommittee),
                                sifa::casework::MakeType<Confirmation, kConfirmationProcedure>("mediation"),
                                sifa::casework::MakeType<Screening, kScreeningProcedure>("mediation", IndexOfScreening),
                                sifa::casework::MakeType<Correction, kCorrectionProcedure>("mediation")},
                               SetUp, kCubes);
}
