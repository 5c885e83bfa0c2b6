#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/testing/wait_until.h"
#include "services/gateway/rate_limit.h"
#include "services/gateway/test_backend.h"
#include "services/gateway/test_client.h"

namespace sifa::gateway {

using absl::StrContains;

TEST_CASE("a bucket lets its burst through, then its rate") {
  RateLimit limit({10, 3});
  for (int i = 0; i < 3; ++i) CHECK(limit.Take("a", 1000));
  CHECK_FALSE(limit.Take("a", 1000));
  CHECK(limit.Take("b", 1000));
  CHECK_FALSE(limit.Take("a", 1050));
  CHECK(limit.Take("a", 1100));
  CHECK_FALSE(limit.Take("a", 1100));
  for (int i = 0; i < 3; ++i) CHECK(limit.Take("a", 60'000));
  CHECK_FALSE(limit.Take("a", 60'000));
}

TEST_CASE("callers that have gone are forgotten") {
  RateLimit limit({10, 3});
  for (int i = 0; i < 10'000; ++i) limit.Take(std::to_string(i), 1000);
  CHECK(limit.size() == 10'000);
  for (int i = 0; i < 1'000; ++i) limit.Take(std::to_string(i), 100'000);
  CHECK(limit.size() < 2'000);
}

TEST_CASE("a caller beyond the rate is 429 with Retry-After; another is not") {
  TestSuite suite([](Options& options) { options.per_caller = {0.001, 3}; });
  TestClient client(suite.port());
  for (int i = 0; i < 3; ++i) CHECK(client.Call("GET", "/v1/gatewaytest/items/1").status == 200);
  const auto limited = client.Call("GET", "/v1/gatewaytest/items/1");
  CHECK(limited.status == 429);
  CHECK(limited.headers.count("retry-after") == 1);
  CHECK(StrContains(limited.body, "RATE_LIMITED"));
  client.with_token = false;
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1", "", "Authorization: Bearer other\r\n").status == 200);
}

TEST_CASE("public methods have their own, stricter limit by address, whatever token is made up") {
  TestSuite suite([](Options& options) { options.per_stranger = {0.001, 2}; });
  TestClient client(suite.port());
  CHECK(client.Call("POST", "/v1/gatewaytest/sessions", "{}").status == 200);
  client.with_token = false;
  CHECK(client.Call("POST", "/v1/gatewaytest/sessions", "{}", "Authorization: Bearer x1\r\n").status == 200);
  CHECK(client.Call("POST", "/v1/gatewaytest/sessions", "{}", "Authorization: Bearer x2\r\n").status == 429);
  client.with_token = true;
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1").status == 200);
}

TEST_CASE("a caller whose token was accepted is no stranger to public methods, unless they take a secret") {
  TestSuite suite([](Options& options) { options.per_stranger = {0.001, 2}; });
  TestClient client(suite.port());
  REQUIRE(client.Call("GET", "/v1/gatewaytest/items/1").status == 200);
  for (int i = 0; i < 5; ++i) CHECK(client.Call("POST", "/v1/gatewaytest/sessions", "{}").status == 200);
  for (int i = 0; i < 5; ++i) {
    CHECK(client.Call("POST", "/v1/gatewaytest/sessions:secret", "{}").status == (i < 2 ? 200 : 429));
  }
}

TEST_CASE("an address whose tokens are refused again and again has to wait") {
  TestSuite suite([](Options& options) { options.per_offender = {0.001, 2}; });
  TestClient client(suite.port());
  for (int i = 0; i < 2; ++i) CHECK(client.Call("POST", "/v1/gatewaytest/items:fail", R"({"code":16})").status == 401);
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1").status == 429);
}

TEST_CASE("refused tokens do not lock out who calls with a good one from the same address") {
  TestSuite suite([](Options& options) { options.per_offender = {0.001, 2}; });
  TestClient client(suite.port());
  const std::string guess = "Authorization: Bearer guess\r\n";
  REQUIRE(client.Call("GET", "/v1/gatewaytest/items/1").status == 200);
  client.with_token = false;
  for (int i = 0; i < 2; ++i) CHECK(client.Call("POST", "/v1/gatewaytest/items:fail", R"({"code":16})", guess).status == 401);
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1", "", guess).status == 429);
  client.with_token = true;
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1").status == 200);
  // Once it is refused itself, it is as any other.
  CHECK(client.Call("POST", "/v1/gatewaytest/items:fail", R"({"code":16})").status == 401);
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1").status == 429);
}

TEST_CASE("connections beyond the limit are closed; those that are open go on") {
  TestSuite suite([](Options& options) { options.max_connections = 2; });
  TestClient first(suite.port()), second(suite.port());
  CHECK(first.connected());
  CHECK(second.connected());
  CHECK_FALSE(TestClient(suite.port()).connected());
  CHECK(first.Call("GET", "/healthz").status == 200);
}

TEST_CASE("who is slow with a handshake, a head or a body is put out") {
  TestSuite suite([](Options& options) {
    options.handshake_timeout = options.head_timeout = options.body_timeout = options.idle_timeout = Millis(300);
    options.stall_timeout = Millis(300);
  });
  TestClient silent(suite.port()), head(suite.port()), body(suite.port()), upload(suite.port()), idle(suite.port());
  head.Send("GET /healthz HTTP/1.1\r\nHost:");
  body.Send("POST /v1/gatewaytest/echo HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\nContent-Type: application/json\r\n"
            "Content-Length: 100\r\n\r\n{");
  upload.Send("POST /v1/gatewaytest/batches/b:import HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n"
              "Content-Type: application/x-ndjson\r\nContent-Length: 100\r\n\r\n{");
  CHECK(idle.Call("GET", "/healthz").status == 200);
  CHECK(head.Read().status == 408);
  CHECK(body.Read().status == 408);
  CHECK(upload.Read().status == 408);
  CHECK(idle.AtEnd());
  CHECK(silent.AtEnd());
  CHECK(testing::WaitUntil([&] { return suite.gateway().calls_in_flight() == 0; }));
}

TEST_CASE("a body of somebody unknown has less time than one of who has logged in") {
  TestSuite suite([](Options& options) { options.stranger_body_timeout = Millis(300); });
  const std::string half = "POST /v1/gatewaytest/echo HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer test-token\r\n"
                           "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"text\":";
  TestClient stranger(suite.port()), known(suite.port());
  stranger.Send(half);
  CHECK(stranger.Read().status == 408);
  REQUIRE(known.Call("GET", "/v1/gatewaytest/items/1").status == 200);
  TestClient slow(suite.port());
  slow.Send(half);
  testing::WaitUntil([] { return false; }, absl::Milliseconds(800));
  slow.Send("\"a\"}");
  CHECK(slow.Read().status == 200);
}

TEST_CASE("bytes of a head that come one by one do not buy more time") {
  TestSuite suite([](Options& options) { options.head_timeout = Millis(500); });
  TestClient client(suite.port());
  client.Send("GET /healthz HTTP/1.1\r\n");
  std::atomic<bool> stop{false};
  std::thread dripping([&] {
    for (int i = 0; !stop; ++i) {
      client.Send(absl::StrCat("A", i, ": b\r\n"));
      testing::WaitUntil([&] { return stop.load(); }, absl::Milliseconds(50));
    }
  });
  CHECK(testing::WaitUntil([&] { return suite.gateway().open_connections() == 0; }));
  stop = true;
  dripping.join();
}

}  // namespace sifa::gateway
