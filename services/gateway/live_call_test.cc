// GET /v1/live over real connections: two services that tell changes, either of which may refuse, break off or come back, and an
// identity that gives and takes tickets.
#include <catch2/catch.hpp>
#include <deque>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "gatewayother.pb.h"
#include "gatewaytest.pb.h"
#include "grpcpp/server_builder.h"
#include "libs/core/status.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/status.h"
#include "libs/testing/wait_until.h"
#include "services/gateway/backend_fixture.h"
#include "services/gateway/client_fixture.h"
#include "sifa/gateway/v1/live.pb.h"
#include "sifa/identity/v1/live_ticket.grpc.pb.h"
#include "sifa/office/v1/live.grpc.pb.h"

namespace sifa::gateway {
namespace {

using absl::StrContains;
using identity::v1::LiveTicketHeld;
using office::v1::FollowChangesRequest;
using office::v1::FollowChangesResponse;

class FakeLive : public office::v1::LiveService::Service {
 public:
  grpc::Status FollowChanges(grpc::ServerContext* context, const FollowChangesRequest* request,
                             grpc::ServerWriter<FollowChangesResponse>* writer) override {
    const auto token = context->client_metadata().find("authorization");
    {
      const absl::MutexLock lock(&mutex_);
      ++asked;
      last_ = *request;
      token_ = token == context->client_metadata().end() ? "" : std::string(token->second.data(), token->second.size());
      if (!refusal_.ok()) return rpc::ToGrpc(refusal_);
    }
    ++open;
    FollowChangesResponse begin;
    begin.set_position(request->has_after_position() ? request->after_position() : head);
    bool going = writer->Write(begin);
    while (going && !context->IsCancelled()) {
      std::optional<FollowChangesResponse> next;
      {
        const absl::MutexLock lock(&mutex_);
        const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !waiting_.empty() || !refusal_.ok(); };
        mutex_.AwaitWithTimeout(absl::Condition(&ready), absl::Milliseconds(20));
        if (!waiting_.empty()) {
          next = waiting_.front();
          waiting_.pop_front();
        } else if (!refusal_.ok()) {
          --open;
          return rpc::ToGrpc(refusal_);
        }
      }
      if (!next) continue;
      going = writer->Write(*next);
      ++written;
    }
    --open;
    return grpc::Status::OK;
  }

  void Tell(int64_t position, const std::string& act, size_t padding = 0) {
    FollowChangesResponse message;
    message.set_position(position);
    message.mutable_change()->set_act(act);
    message.mutable_change()->set_region(std::string(padding, '9'));
    const absl::MutexLock lock(&mutex_);
    waiting_.push_back(message);
  }
  // From now on; OK: no more.
  void Refuse(const absl::Status& status) {
    const absl::MutexLock lock(&mutex_);
    refusal_ = status;
  }
  FollowChangesRequest last() {
    const absl::MutexLock lock(&mutex_);
    return last_;
  }
  std::string token() {
    const absl::MutexLock lock(&mutex_);
    return token_;
  }

  std::atomic<int> asked{0}, open{0}, written{0};
  int64_t head = 10;

 private:
  absl::Mutex mutex_;
  absl::Status refusal_ ABSL_GUARDED_BY(mutex_);
  std::deque<FollowChangesResponse> waiting_ ABSL_GUARDED_BY(mutex_);
  FollowChangesRequest last_ ABSL_GUARDED_BY(mutex_);
  std::string token_ ABSL_GUARDED_BY(mutex_);
};

class FakeTickets : public identity::v1::LiveTicketService::Service {
 public:
  grpc::Status OpenLiveTicket(grpc::ServerContext*, const identity::v1::OpenLiveTicketRequest* request,
                              LiveTicketHeld* held) override {
    if (request->ticket() != "good") {
      return rpc::ToGrpc(Error(absl::StatusCode::kUnauthenticated, "TICKET_REFUSED", "凭据无效"));
    }
    resumes = request->resumes();
    ++opened;
    *held = Held(true);
    return grpc::Status::OK;
  }
  grpc::Status RenewLiveTicket(grpc::ServerContext*, const identity::v1::RenewLiveTicketRequest* request,
                               LiveTicketHeld* held) override {
    ++renewed;
    if (ended) return rpc::ToGrpc(Error(absl::StatusCode::kUnauthenticated, "SESSION_ENDED", "登录已结束，请重新登录"));
    *held = Held(request->with_token());
    return grpc::Status::OK;
  }
  grpc::Status CloseLiveTicket(grpc::ServerContext*, const identity::v1::CloseLiveTicketRequest*,
                               google::protobuf::Empty*) override {
    ++closed;
    return grpc::Status::OK;
  }

  std::atomic<int> opened{0}, renewed{0}, closed{0}, tokens{0}, held_for{30};
  std::atomic<bool> resumes{false}, ended{false};

 private:
  LiveTicketHeld Held(bool with_token) {
    LiveTicketHeld held;
    held.set_held_for(held_for);
    if (!with_token) return held;
    held.set_access_token(absl::StrCat("token-", ++tokens));
    held.set_expires_in(300);
    return held;
  }
};

std::unique_ptr<grpc::Server> Serve(grpc::Service& service, int* port) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", rpc::ServerCredentials(rpc::TlsFiles::In(TestCertificates())), port);
  builder.RegisterService(&service);
  return builder.BuildAndStart();
}

struct Live {
  explicit Live(std::function<void(Options&)> adjust = {}) {
    int first_port = 0, second_port = 0, identity_port = 0;
    first_server = Serve(first, &first_port);
    second_server = Serve(second, &second_port);
    identity_server = Serve(tickets, &identity_port);
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    contract = std::make_unique<contract::Contract>(*contract::Contract::Of(
        {gatewaytest::v1::EchoRequest::descriptor()->file()->FindServiceByName("ProbeService"),
         gatewayother::v1::Nothing::descriptor()->file()->FindServiceByName("OtherService"),
         pool->FindServiceByName("sifa.office.v1.LiveService"), pool->FindServiceByName("sifa.gateway.v1.LiveService"),
         pool->FindServiceByName("sifa.identity.v1.LiveTicketService")}));
    Options options;
    options.https = options.tls = TestCertificates();
    options.peers = {{"gatewaytest", absl::StrCat("127.0.0.1:", first_port)},
                     {"gatewayother", absl::StrCat("127.0.0.1:", second_port)},
                     {"identity", absl::StrCat("127.0.0.1:", identity_port)}};
    options.per_caller = options.per_stranger = options.per_offender = {};
    options.clock = &clock;
    if (adjust) adjust(options);
    auto started = Server::Start(options, *contract);
    INFO(started.status());
    REQUIRE(started.ok());
    gateway = *std::move(started);
  }
  ~Live() {
    gateway.reset();
    for (auto* server : {first_server.get(), second_server.get(), identity_server.get()}) {
      server->Shutdown(std::chrono::system_clock::now());
    }
  }

  SystemClock clock;
  FakeLive first, second;
  FakeTickets tickets;
  std::unique_ptr<grpc::Server> first_server, second_server, identity_server;
  std::unique_ptr<contract::Contract> contract;
  std::unique_ptr<Server> gateway;
};

// A page; its events, in one line each: "id event data".
class Page {
 public:
  explicit Page(const Live& live, absl::string_view query = "", absl::string_view headers = "") : client_(live.gateway->port()) {
    client_.with_token = false;
    client_.Request("GET", absl::StrCat("/v1/live?ticket=good", query), "", headers);
    head = client_.ReadHead();
    if (head.status == 200) REQUIRE(absl::StartsWith(client_.ReadLine(), "retry: "));
  }
  // The next block; "" where the stream has ended.
  std::string Block() {
    std::vector<std::string> lines;
    for (;;) {
      const std::string line = client_.ReadLine();
      if (line.empty() && (!lines.empty() || !client_.connected() || ++empty_ > 3)) return absl::StrJoin(lines, "|");
      if (!line.empty()) {
        empty_ = 0;
        lines.push_back(line);
      }
    }
  }
  // The next one that has the text.
  std::string Until(absl::string_view text) {
    for (int i = 0; i < 1000; ++i) {
      const std::string block = Block();
      if (StrContains(block, text)) return block;
      if (block.empty()) return "ended";
    }
    return "never";
  }
  void Vanish() { client_.Vanish(); }

  TestAnswer head;

 private:
  TestClient client_;
  int empty_ = 0;
};

}  // namespace

TEST_CASE("a page has the changes of all services in one stream, each with the position in all of them") {
  Live live;
  live.second.head = 7;
  Page page(live, "&types=Leave&types=Search&organisation=330783");
  REQUIRE(page.head.status == 200);
  CHECK(page.head.headers.at("content-type") == "text/event-stream");
  CHECK(page.head.headers.at("cache-control") == "no-store");
  CHECK(page.Until("gatewayother:7,gatewaytest:10") != "ended");
  CHECK(live.first.token() == "Bearer token-1");
  CHECK(live.first.last().types_size() == 2);
  CHECK(live.second.last().organisation() == "330783");
  CHECK_FALSE(live.first.last().has_after_position());
  live.first.Tell(11, "APPROVE");
  CHECK(page.Block() ==
        "id: gatewayother:7,gatewaytest:11|event: change|"
        "data: {\"service\":\"gatewaytest\",\"change\":{\"act\":\"APPROVE\"}}");
  live.second.Tell(9, "ACCEPT");
  CHECK(absl::StartsWith(page.Block(), "id: gatewayother:9,gatewaytest:11|event: change|"));
}

TEST_CASE("a stream is resumed after its last event, and a service that it has never heard of begins anew") {
  Live live;
  const bool by_header = GENERATE(true, false);
  Page page(live, by_header ? "" : "&lastEventId=gatewaytest:4", by_header ? "Last-Event-ID: gatewaytest:4\r\n" : "");
  CHECK(page.Until("event: reset") == "id: gatewayother:10,gatewaytest:4|event: reset|data: {\"service\":\"gatewayother\"}");
  CHECK(live.tickets.resumes);
  REQUIRE(testing::WaitUntil([&] { return live.first.asked == 1 && live.second.asked == 1; }));
  CHECK(live.first.last().after_position() == 4);
  CHECK_FALSE(live.second.last().has_after_position());
}

TEST_CASE("a ticket that is none opens nothing, nor does an id that is none of ours") {
  Live live;
  TestClient client(live.gateway->port());
  client.with_token = false;
  const auto refused = client.Call("GET", "/v1/live?ticket=bad");
  CHECK(refused.status == 401);
  CHECK(StrContains(refused.body, "TICKET_REFUSED"));
  CHECK(client.Call("GET", "/v1/live").status == 400);
  CHECK(client.Call("GET", "/v1/live?ticket=good", "", "Last-Event-ID: 17\r\n").status == 400);
  CHECK(client.Call("GET", "/v1/live?ticket=good&lastEventId=gatewaytest:99999999999999999999").status == 400);
  CHECK(live.first.asked == 0);
}

TEST_CASE("a service that breaks off is asked again after the last position; the page is told while it is away") {
  Live live;
  Page page(live);
  page.Until("gatewayother:10,gatewaytest:10");
  live.first.Tell(12, "APPROVE");
  page.Until("APPROVE");
  live.first.Refuse(absl::UnavailableError("restarting"));
  CHECK(StrContains(page.Until("event: away"), "gatewaytest"));
  live.first.Refuse(absl::OkStatus());
  CHECK(StrContains(page.Until("event: back"), "gatewaytest"));
  CHECK(live.first.last().after_position() == 12);
  live.second.Tell(11, "ACCEPT");
  CHECK(StrContains(page.Until("event: "), "ACCEPT"));  // and nothing was reset
}

TEST_CASE("a token that has ended is replaced, and the page notices nothing") {
  Live live;
  Page page(live);
  page.Until("gatewayother:10,gatewaytest:10");
  live.first.Refuse(Error(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED", "登录已过期"));
  CHECK(testing::WaitUntil([&] { return live.tickets.tokens >= 2; }));
  live.first.Refuse(absl::OkStatus());
  CHECK(testing::WaitUntil([&] { return live.first.open == 1; }));
  CHECK(live.first.token() != "Bearer token-1");
  live.first.Tell(11, "APPROVE");
  CHECK(StrContains(page.Until("event: "), "APPROVE"));
}

TEST_CASE("a stream ends with its session, and says so") {
  Live live;
  live.tickets.held_for = 1;
  Page page(live);
  page.Until("gatewayother:10,gatewaytest:10");
  live.tickets.ended = true;
  const std::string end = page.Until("event: end");
  CHECK(StrContains(end, "SESSION_ENDED"));
  CHECK(testing::WaitUntil([&] { return live.first.open == 0 && live.second.open == 0; }));
}

TEST_CASE("a stream ends before its ticket could be another's, where identity does not answer") {
  Live live;
  live.tickets.held_for = 2;
  Page page(live);
  page.Until("gatewayother:10,gatewaytest:10");
  live.identity_server->Shutdown(std::chrono::system_clock::now());
  CHECK(StrContains(page.Until("event: end"), "SERVICE_UNAVAILABLE"));
}

TEST_CASE("of a service that refuses the caller there is nothing") {
  Live live;
  live.second.Refuse(Error(absl::StatusCode::kPermissionDenied, "PERMISSION_MISSING", "您的岗位没有此项权限"));
  Page page(live);
  CHECK(page.Block() == "id: gatewaytest:10");
  live.first.Tell(11, "APPROVE");
  CHECK(StrContains(page.Block(), "APPROVE"));
  CHECK(testing::WaitUntil([&] { return live.second.asked == 1; }));
}

TEST_CASE("a page that has gone lets its ticket go, and is asked for no more") {
  Live live;
  {
    Page page(live);
    page.Until("gatewayother:10,gatewaytest:10");
    page.Vanish();
  }
  CHECK(testing::WaitUntil([&] { return live.tickets.closed == 1 && live.first.open == 0 && live.second.open == 0; }));
  CHECK(testing::WaitUntil([&] { return live.gateway->calls_in_flight() == 0; }));
}

TEST_CASE("a page that goes while its stream begins leaves nothing behind") {
  Live live;
  for (int i = 0; i < 30; ++i) {
    TestClient client(live.gateway->port());
    client.with_token = false;
    client.Request("GET", "/v1/live?ticket=good");
    if (i % 2 == 0) absl::SleepFor(absl::Milliseconds(i % 6));
    client.Vanish();
  }
  CHECK(testing::WaitUntil([&] { return live.gateway->calls_in_flight() == 0; }));
  CHECK(testing::WaitUntil([&] { return live.tickets.opened == live.tickets.closed; }));
  CHECK(testing::WaitUntil([&] { return live.first.open == 0 && live.second.open == 0; }));
}

TEST_CASE("a page that reads slowly stops its services from sending, and misses nothing") {
  constexpr int kEvents = 3000, kPadding = 10'000;  // more than sockets and windows hold
  Live live;
  Page page(live);
  page.Until("gatewayother:10,gatewaytest:10");
  for (int i = 1; i <= kEvents; ++i) live.first.Tell(10 + i, "APPROVE", kPadding);
  int before = -1;
  CHECK(testing::WaitUntil([&] {
    const int written = live.first.written;
    absl::SleepFor(absl::Milliseconds(100));
    return std::exchange(before, written) == written;
  }));
  CHECK(live.first.written < kEvents);
  int expected = 10;
  for (int i = 0; i < kEvents; ++i) {
    const std::string block = page.Until("event: change");
    REQUIRE(StrContains(block, absl::StrCat("gatewaytest:", ++expected, "|")));
  }
}

TEST_CASE("a gateway that stops ends its streams at once") {
  Live live;
  Page page(live);
  page.Until("gatewayother:10,gatewaytest:10");
  const absl::Time begun = absl::Now();
  live.gateway->Drain();
  CHECK(absl::Now() - begun < absl::Seconds(10));
  CHECK(live.tickets.closed == 1);
}

TEST_CASE("pages of one address come back all at once, and who guesses tickets waits") {
  Live live([](Options& options) {
    options.per_stranger = {0.001, 1};
    options.per_offender = {0.001, 3};
  });
  for (int i = 0; i < 5; ++i) CHECK(Page(live).head.status == 200);
  TestClient client(live.gateway->port());
  client.with_token = false;
  for (int i = 0; i < 3; ++i) CHECK(client.Call("GET", "/v1/live?ticket=bad").status == 401);
  CHECK(client.Call("GET", "/v1/live?ticket=good").status == 429);
}

TEST_CASE("a gateway has room for so many streams") {
  Live live([](Options& options) { options.max_live = 1; });
  Page page(live);
  page.Until("gatewayother:10,gatewaytest:10");
  TestClient client(live.gateway->port());
  client.with_token = false;
  const auto refused = client.Call("GET", "/v1/live?ticket=good");
  CHECK(refused.status == 429);
  CHECK(StrContains(refused.body, "LIVE_LIMIT_REACHED"));
  CHECK(live.tickets.opened == 1);
}

}  // namespace sifa::gateway
