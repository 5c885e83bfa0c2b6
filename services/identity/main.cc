// sifa-identity: accounts, organisations, tokens, and the reference data of the suite.
#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/service.h"
#include "libs/core/status.h"
#include "libs/rpc/channel.h"
#include "services/identity/demo.h"
#include "services/identity/identity.h"

ABSL_FLAG(bool, seed_demo, false, "fill an empty database with the demonstration county; with --clock only");
ABSL_FLAG(std::string, demo_accounts, "", "file for the passwords of the demonstration accounts");
ABSL_FLAG(std::string, first_organisation, "",
          "code of the division whose bureau stands at the root, e.g. 33: for the first start");
ABSL_FLAG(std::string, first_accounts, "",
          "file for the one-time passwords of the first three administrators");
ABSL_FLAG(bool, totp_for_administrators, true,
          "the three administrators get no posts before they have enrolled a one-time code");

namespace sifa {
namespace {

absl::Status Seed(casework::Service& service, identity::Identity& identity) {
  if (absl::GetFlag(FLAGS_seed_demo)) {
    if (!service.host().demonstration()) {
      return Error(absl::StatusCode::kFailedPrecondition, "DEMONSTRATION_REFUSED",
                   "--seed_demo needs the demonstration clock (--clock)");
    }
    return identity::SeedDemonstration(identity.seeder, service.regions(),
                                       absl::GetFlag(FLAGS_demo_accounts));
  }
  if (const std::string code = absl::GetFlag(FLAGS_first_organisation); !code.empty()) {
    return identity::SeedFirst(identity.seeder, service.regions(), code, absl::GetFlag(FLAGS_first_accounts));
  }
  return absl::OkStatus();
}

// Asks every other service; one that is away may hold something, so its error is the answer.
absl::StatusOr<identity::AskHoldings> AskNeighbours(rpc::Host& host) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (const std::string& name : host.Neighbours()) {
    ASSIGN_OR_RETURN(channels.emplace_back(), host.ChannelTo(name));
  }
  return [channels](const std::string& organisation) -> absl::StatusOr<casework::v1::Holdings> {
    casework::v1::CountHoldingsRequest request;
    request.set_organisation(organisation);
    casework::v1::Holdings all;
    for (const auto& channel : channels) {
      casework::v1::Holdings held;
      RETURN_IF_ERROR(rpc::Invoke(*channel, "/sifa.casework.v1.HoldingsService/CountHoldings", request, &held,
                                  absl::Seconds(2)));
      all.set_objects(all.objects() + held.objects());
      all.set_open(all.open() + held.open());
    }
    return all;
  };
}

absl::Status Setup(casework::Service& service) {
  auto& identity = service.Keep(std::make_unique<identity::Identity>(
      service.backend(), service.host().door().authority, service.regions(), service.code_tables(),
      service.holder(), absl::GetFlag(FLAGS_totp_for_administrators)));
  ASSIGN_OR_RETURN(auto ask_holdings, AskNeighbours(service.host()));
  identity.organisations.SetHoldings(std::move(ask_holdings));
  RETURN_IF_ERROR(identity.Refresh());
  RETURN_IF_ERROR(Seed(service, identity));
  identity.Register(service.host());
  service.host().SetTokenSource([&](int64_t after) { return identity.tokens.Sync(after); });
  service.Every(absl::Seconds(2), "identity refresh", [&] { return identity.Refresh(); });
  service.Every(absl::Minutes(10), "identity pruning", [&] { return identity.Prune(); });
  return absl::OkStatus();
}

}  // namespace
}  // namespace sifa

int main(int argc, char** argv) {
  sifa::casework::ServiceDefinition definition = sifa::identity::Definition();
  definition.set_up = sifa::Setup;
  return sifa::casework::Serve(argc, argv, definition);
}
