#include "services/hotline/hotline.h"

#include "libs/casework/office.h"
#include "libs/core/status.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/on_behalf.h"
#include "libs/telemetry/log.h"
#include "services/hotline/agent.h"
#include "services/hotline/callback.h"
#include "services/hotline/centre.h"
#include "services/hotline/complaint.h"
#include "services/hotline/contact.h"
#include "services/hotline/group.h"
#include "services/hotline/hotline_data.h"
#include "services/hotline/mediation_transfer.h"
#include "services/hotline/rating.h"
#include "services/hotline/service_point.h"
#include "services/hotline/snippet.h"
#include "services/hotline/switch.h"
#include "services/hotline/switch_log.h"
#include "services/hotline/topic_service.h"
#include "services/hotline/work_order.h"

namespace sifa::hotline {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(5);

// Where there is no mediation, orders are not transferred there.
absl::Status TransferToMediation(casework::Service& service) {
  const auto mediation = service.host().ChannelTo("mediation");
  if (absl::IsNotFound(mediation.status())) {
    telemetry::Info("no mediation among --peers: orders that are transferred there wait");
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(mediation.status());
  ASSIGN_OR_RETURN(const auto identity, service.host().ChannelTo("identity"));
  const auto& transfer = service.Keep(std::make_unique<MediationTransfer>(
      service.backend(),
      MediationTransfer::Mediation{
          .apply = [identity, channel = *mediation](const std::string& account, const mediation::v1::ApplyCaseRequest& request)
              -> absl::StatusOr<mediation::v1::Case> {
            mediation::v1::Case made;
            RETURN_IF_ERROR(rpc::InvokeOnBehalf(*identity, *channel, account, "/sifa.mediation.v1.CaseService/ApplyCase", request,
                                                &made, kTimeout));
            return made;
          },
          .progress = [channel = *mediation](const std::string& code) -> absl::StatusOr<mediation::v1::Progress> {
            mediation::v1::GetProgressRequest request;
            request.set_code(code);
            mediation::v1::Progress progress;
            RETURN_IF_ERROR(rpc::Invoke(*channel, "/sifa.mediation.v1.CaseService/GetProgress", request, &progress, kTimeout));
            return progress;
          }}));
  service.Every(absl::Seconds(1), "transferring orders to mediation", [&transfer] { return transfer.ApplyAll(); });
  service.Every(absl::Seconds(15), "following cases of mediation", [&transfer] { return transfer.FollowAll(); });
  return absl::OkStatus();
}

absl::Status SetUp(casework::Service& service) {
  RETURN_IF_ERROR(casework::ExposeOffice(service));
  RETURN_IF_ERROR(ExposeTopics(service));
  return TransferToMediation(service);
}

}  // namespace

casework::ServiceDefinition Definition() {
  return {.name = "hotline",
          .objects = {&kCentre, &kGroup, &kAgent, &kContact, &kCallback, &kSwitch, &kWorkOrder, &kComplaint, &kRating,
                      &kServicePoint, &kSnippet},
          .schema = SwitchLogSchema(),
          .set_up = SetUp,
          .own_check = CheckSwitchLog,
          .own_data = ReadHotlineData};
}

}  // namespace sifa::hotline
