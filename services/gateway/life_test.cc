#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gatewaytest.pb.h"
#include "libs/core/status.h"
#include "libs/testing/wait_until.h"
#include "services/gateway/backend_fixture.h"
#include "services/gateway/client_fixture.h"

namespace sifa::gateway {

TEST_CASE("a client that goes away cancels its call") {
  TestSuite suite;
  {
    TestClient client(suite.port());
    client.Request("GET", "/v1/gatewaytest/items/1:wait");
    CHECK(testing::WaitUntil([&] { return suite.seen().waiting == 1; }));
    client.Vanish();
  }
  CHECK(testing::WaitUntil([&] { return suite.seen().cancelled == 1; }));
  CHECK(testing::WaitUntil([&] { return suite.gateway().calls_in_flight() == 0; }));
}

TEST_CASE("draining lets calls in flight end, closes idle connections and accepts none") {
  TestSuite suite;
  TestClient idle(suite.port()), busy(suite.port());
  CHECK(idle.Call("GET", "/healthz").status == 200);
  busy.Request("GET", "/v1/gatewaytest/items/7:wait");
  CHECK(testing::WaitUntil([&] { return suite.seen().waiting == 1; }));
  const int port = suite.port();
  std::thread drain([&] { suite.gateway().Drain(); });
  CHECK(idle.AtEnd());
  CHECK_FALSE(suite.gateway().Ready().ok());
  CHECK(testing::WaitUntil([&] { return !TestClient(port).connected(); }));
  suite.seen().release = true;
  const auto answer = busy.Read();
  CHECK(answer.status == 200);
  CHECK(answer.headers.at("connection") == "close");
  CHECK(busy.AtEnd());
  drain.join();
}

TEST_CASE("no request that was sent is cut by draining") {
  TestSuite suite;
  const int port = suite.port();
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0}, told{0}, cut{0}, refused{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      while (!stop) {
        TestClient client(port);
        if (!client.connected()) {
          ++refused;
          return;
        }
        for (int i = 0; i < (c % 2 == 0 ? 3 : 1000000); ++i) {
          const auto answer = client.Call("GET", "/v1/gatewaytest/items/1");
          cut += answer.status != 200;
          answered += answer.status == 200;
          const auto connection = answer.headers.find("connection");
          if (answer.status != 200 || stop || (connection != answer.headers.end() && connection->second == "close")) {
            told += answer.status == 200;
            break;
          }
        }
      }
    });
  }
  CHECK(testing::WaitUntil([&] { return answered > 200; }));
  suite.gateway().Drain();
  stop = true;
  for (std::thread& client : clients) client.join();
  CHECK(cut == 0);
  CHECK(told >= 4);
  CHECK(refused == 8);
}

TEST_CASE("draining cancels what has not ended in time") {
  TestSuite suite([](Options& options) { options.drain_timeout = Millis(100); });
  TestClient client(suite.port());
  client.Request("GET", "/v1/gatewaytest/items/7:wait");
  CHECK(testing::WaitUntil([&] { return suite.seen().waiting == 1; }));
  suite.gateway().Drain();
  CHECK(client.Read().status == 0);
  CHECK(testing::WaitUntil([&] { return suite.seen().cancelled == 1; }));
}

TEST_CASE("a gateway goes down with every kind of call under way") {
  for (int i = 0; i < 5; ++i) {
    TestSuite suite;
    std::vector<std::unique_ptr<TestClient>> clients;
    for (const char* path : {"/v1/gatewaytest/items/1:wait", "/v1/gatewaytest/items?forever=true&size=5000",
                             "/v1/gatewaytest/files?count=100000&size=5000"}) {
      clients.push_back(std::make_unique<TestClient>(suite.port()));
      clients.back()->Request("GET", path);
    }
    clients.push_back(std::make_unique<TestClient>(suite.port()));
    clients.back()->Send("POST /v1/gatewaytest/batches/b:import HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n"
                         "Content-Type: application/x-ndjson\r\nContent-Length: 1000\r\n\r\n{\"name\":\"a\"}\n");
    CHECK(testing::WaitUntil([&] { return suite.seen().waiting == 1 && suite.seen().messages > 10; }));
  }
}

TEST_CASE("64 clients at once each get their own answers") {
  TestSuite suite;
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int c = 0; c < 64; ++c) {
    threads.emplace_back([&, c] {
      TestClient client(suite.port());
      for (int i = 0; i < 50; ++i) {
        const std::string body = absl::StrCat(R"({"text":"c)", c, R"(","number":")", i + 1, "\"}");
        right += client.Call("POST", "/v1/gatewaytest/echo", body).body == body;
        if (i % 10 == 0) {
          right += client.Call("GET", "/v1/gatewaytest/items?count=2").body == "{\"id\":\"0\"}\n{\"id\":\"1\"}\n";
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 64 * 55);
  CHECK(suite.seen().calls == 64 * 50);
}

TEST_CASE("a second gateway on the same port refuses to start") {
  TestSuite suite;
  Options options;
  options.listen = absl::StrCat("127.0.0.1:", suite.port());
  options.https = options.tls = TestCertificates();
  static const SystemClock clock;
  options.clock = &clock;
  const auto contract = contract::Contract::Of({});
  REQUIRE(contract.ok());
  CHECK(ReasonOf(Server::Start(options, *contract).status()) == "CANNOT_LISTEN");
}

TEST_CASE("a certificate is renewed while running; a broken one is not taken") {
  TestSuite suite;
  CHECK(TestClient(suite.port()).PeerName() == "first");
  CHECK(suite.gateway().ReloadCertificate(false).ok());
  WriteCertificate(TestCertificates(), "second");
  TestClient old(suite.port());
  CHECK(suite.gateway().ReloadCertificate(false).ok());
  CHECK(TestClient(suite.port()).PeerName() == "second");
  CHECK(old.Call("GET", "/healthz").status == 200);
  WriteCertificate(TestCertificates(), "first");
  CHECK(suite.gateway().ReloadCertificate(true).ok());
  CHECK(TestClient(suite.port()).PeerName() == "first");
}

TEST_CASE("routes that cannot be served refuse to start") {
  const auto* file = gatewaytest::v1::EchoRequest::descriptor()->file();
  const auto contract = contract::Contract::Of({file->FindServiceByName("BothWaysService")});
  REQUIRE(contract.ok());
  CHECK(ReasonOf(Routes::Make(*contract).status()) == "ROUTE_BIDIRECTIONAL");
}

}  // namespace sifa::gateway
