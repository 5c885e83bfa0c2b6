// GET /v1/work over real connections: two services that list work, of which one may refuse, be slow, or be away.
#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gatewayother.pb.h"
#include "gatewaytest.pb.h"
#include "grpcpp/server_builder.h"
#include "libs/core/status.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/status.h"
#include "libs/testing/wait_until.h"
#include "services/gateway/backend_fixture.h"
#include "services/gateway/client_fixture.h"
#include "sifa/gateway/v1/worklist.pb.h"
#include "sifa/office/v1/work.grpc.pb.h"

namespace sifa::gateway {
namespace {

using absl::StrContains;
using casework::v1::ListWorkRequest;
using casework::v1::ListWorkResponse;

class FakeWork : public office::v1::WorkService::Service {
 public:
  explicit FakeWork(std::string id) : id_(std::move(id)) {}

  grpc::Status ListWork(grpc::ServerContext* context, const ListWorkRequest* request, ListWorkResponse* response) override {
    const auto token = context->client_metadata().find("authorization");
    if (token != context->client_metadata().end()) authorization = std::string(token->second.data(), token->second.size());
    mine = request->mine();
    ++asked;
    if (slow) {
      testing::WaitUntil([&] { return context->IsCancelled(); }, absl::Seconds(30));
      ++cancelled;
    }
    if (!refusal.ok()) return rpc::ToGrpc(refusal);
    auto* item = response->add_items();
    item->set_object_id(id_);
    item->set_due_on("2024-09-27");
    return grpc::Status::OK;
  }

  absl::Status refusal;
  std::string authorization;
  std::atomic<bool> slow{false}, mine{false};
  std::atomic<int> asked{0}, cancelled{0};

 private:
  const std::string id_;
};

std::unique_ptr<grpc::Server> Serve(FakeWork& work, int* port) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", rpc::ServerCredentials(rpc::TlsFiles::In(TestCertificates())), port);
  builder.RegisterService(&work);
  return builder.BuildAndStart();
}

struct Day {
  Day() {
    int first_port = 0, second_port = 0;
    first_server = Serve(first, &first_port);
    second_server = Serve(second, &second_port);
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    contract = std::make_unique<contract::Contract>(*contract::Contract::Of(
        {gatewaytest::v1::EchoRequest::descriptor()->file()->FindServiceByName("ProbeService"),
         gatewayother::v1::Nothing::descriptor()->file()->FindServiceByName("OtherService"),
         pool->FindServiceByName("sifa.office.v1.WorkService"), pool->FindServiceByName("sifa.gateway.v1.WorklistService")}));
    Options options;
    options.https = options.tls = TestCertificates();
    options.peers = {{"gatewaytest", absl::StrCat("127.0.0.1:", first_port)},
                     {"gatewayother", absl::StrCat("127.0.0.1:", second_port)}};
    options.per_caller = options.per_stranger = options.per_offender = {};
    options.worklist_timeout = Millis(500);
    options.clock = &clock;
    auto started = Server::Start(options, *contract);
    INFO(started.status());
    REQUIRE(started.ok());
    gateway = *std::move(started);
  }
  ~Day() {
    gateway.reset();
    for (auto* server : {first_server.get(), second_server.get()}) server->Shutdown(std::chrono::system_clock::now());
  }

  SystemClock clock;
  FakeWork first{"01FIRST"}, second{"01SECOND"};
  std::unique_ptr<grpc::Server> first_server, second_server;
  std::unique_ptr<contract::Contract> contract;
  std::unique_ptr<Server> gateway;
};

}  // namespace

TEST_CASE("the worklist over all asks each service with the caller's token and merges what they have") {
  Day day;
  TestClient client(day.gateway->port());
  client.token = "who";
  const auto answer = client.Call("GET", "/v1/work?mine=true");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"items":[{"objectId":"01FIRST","dueOn":"2024-09-27"},{"objectId":"01SECOND","dueOn":"2024-09-27"}]})");
  CHECK(day.first.authorization == "Bearer who");
  CHECK(day.second.authorization == "Bearer who");
  CHECK((day.first.mine && day.second.mine));
}

TEST_CASE("of a service that refuses the caller the worklist has nothing, and does not say so") {
  Day day;
  day.second.refusal = Error(absl::StatusCode::kPermissionDenied, "PERMISSION_MISSING", "您的岗位没有此项权限");
  TestClient client(day.gateway->port());
  const auto answer = client.Call("GET", "/v1/work");
  CHECK(answer.body == R"({"items":[{"objectId":"01FIRST","dueOn":"2024-09-27"}]})");
}

TEST_CASE("a service that is too slow is named as missing, and its call ends") {
  Day day;
  day.second.slow = true;
  TestClient client(day.gateway->port());
  const auto answer = client.Call("GET", "/v1/work");
  CHECK(answer.status == 200);
  CHECK(StrContains(answer.body, "01FIRST"));
  CHECK(StrContains(answer.body, R"("missing":[{"service":"gatewayother","label":"另一业务"}])"));
  CHECK(testing::WaitUntil([&] { return day.second.cancelled == 1; }));
}

TEST_CASE("a service that is away is named as missing") {
  Day day;
  day.first_server->Shutdown(std::chrono::system_clock::now());
  TestClient client(day.gateway->port());
  const auto answer = client.Call("GET", "/v1/work");
  CHECK(answer.status == 200);
  CHECK(StrContains(answer.body, "01SECOND"));
  CHECK(StrContains(answer.body, R"("missing":[{"service":"gatewaytest","label":"试验业务"}])"));
}

TEST_CASE("the worklist over all is for those who are signed in, and refuses what its request may not hold") {
  Day day;
  TestClient client(day.gateway->port());
  day.first.refusal = Error(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED", "请重新登录");
  CHECK(client.Call("GET", "/v1/work").status == 401);
  day.first.refusal = absl::OkStatus();
  CHECK(StrContains(client.Call("GET", "/v1/work?pageSize=201").body, "FIELD_RANGE"));
  CHECK(StrContains(client.Call("GET", "/v1/work?pageToken=x").body, "PAGE_TOKEN_INVALID"));
  CHECK(StrContains(client.Call("GET", "/v1/work?types=Case").body, "FIELD_UNKNOWN"));
  CHECK(client.Call("POST", "/v1/work", "{}").status == 405);
}

TEST_CASE("a client that leaves ends the calls to the services") {
  Day day;
  day.first.slow = day.second.slow = true;
  {
    TestClient client(day.gateway->port());
    client.Request("GET", "/v1/work");
    CHECK(testing::WaitUntil([&] { return day.first.asked == 1 && day.second.asked == 1; }));
  }
  CHECK(testing::WaitUntil([&] { return day.first.cancelled == 1 && day.second.cancelled == 1; }));
  CHECK(testing::WaitUntil([&] { return day.gateway->calls_in_flight() == 0; }));
}

}  // namespace sifa::gateway
