#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/core/status.h"
#include "libs/testing/wait_until.h"
#include "services/gateway/backend_fixture.h"
#include "services/gateway/client_fixture.h"
#include "services/gateway/rate_limit.h"

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

TEST_CASE("F1: an address has so many connections and no more; others, and trusted proxies, are let in") {
  TestSuite suite([](Options& options) {
    options.max_connections_of_address = 2;
    options.trusted_proxies = *Networks::Parse("127.0.0.3");
  });
  const int port = suite.port();
  TestClient first(port), second(port);
  CHECK_FALSE(TestClient(port).connected());
  TestClient other(port, "127.0.0.2"), a(port, "127.0.0.3"), b(port, "127.0.0.3"), c(port, "127.0.0.3");
  CHECK((other.connected() && a.connected() && b.connected() && c.connected()));
  CHECK(first.Call("GET", "/healthz").status == 200);
  CHECK(suite.gateway().Ready().ok());
  first.Vanish();
  CHECK(testing::WaitUntil([&] { return TestClient(port).connected(); }));
}

TEST_CASE("F1: a full door says so") {
  TestSuite suite([](Options& options) { options.max_connections = 2; });
  TestClient probe(suite.port());
  CHECK(probe.Call("GET", "/readyz").body == "ready\n");
  {
    TestClient second(suite.port());
    REQUIRE(second.connected());
    CHECK(ReasonOf(suite.gateway().Ready()) == "DOOR_FULL");
    const auto full = probe.Call("GET", "/readyz");
    CHECK(full.status == 503);
    CHECK(full.body == "full\n");
  }
  CHECK(testing::WaitUntil([&] { return suite.gateway().Ready().ok(); }));
  CHECK(probe.Call("GET", "/readyz").status == 200);
}

TEST_CASE("F1: where the door is crowded idle connections and slow heads make room, and callers at work stay") {
  TestSuite suite([](Options& options) {
    options.max_connections = 4;
    options.crowded_timeout = Millis(300);
  });
  TestClient busy(suite.port()), idle(suite.port()), head(suite.port());
  head.Send("GET /healthz HTTP/1.1\r\nHost:");
  busy.Request("GET", "/v1/gatewaytest/items/1:wait");
  CHECK(head.Read().status == 408);
  CHECK(idle.AtEnd());
  CHECK(testing::WaitUntil([&] { return suite.gateway().open_connections() == 1; }));
  suite.seen().release = true;
  CHECK(busy.Read().status == 200);
}

TEST_CASE("the head of a first request has the time since the handshake, not since its first byte") {
  TestSuite suite([](Options& options) { options.head_timeout = Millis(1'000); });
  TestClient client(suite.port());
  testing::WaitUntil([] { return false; }, absl::Milliseconds(700));
  const absl::Time begin = absl::Now();
  client.Send("GET /healthz HTTP/1.1\r\n");
  CHECK(client.Read().status == 408);
  CHECK(absl::Now() - begin < absl::Milliseconds(900));
}

constexpr char kEcho[] =
    "POST /v1/gatewaytest/echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nAuthorization: Bearer ";

TEST_CASE("F3: a large body is taken at once with a token of the published keys, and not from anybody else") {
  TestSuite suite([](Options& options) { options.max_stranger_body = 64 << 10; });
  const std::string large = absl::StrCat("{\"text\":\"", std::string(1'000'000, 'a'), "\"}");
  TestClient stranger(suite.port());  // no keys are known yet: whether the token is good is for the service to say
  CHECK(stranger.Call("POST", "/v1/gatewaytest/echo", large).status == 413);
  TestClient chunked(suite.port());
  chunked.Send(absl::StrCat(kEcho, "t\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n", std::string(0x11170, ' '), "\r\n"));
  CHECK(chunked.Read().status == 413);
  TestClient caller(suite.port());
  caller.token = suite.IssueToken();
  CHECK(caller.Call("POST", "/v1/gatewaytest/echo", large).body == large);
  caller.token = suite.IssueToken();  // refreshed
  CHECK(caller.Call("POST", "/v1/gatewaytest/echo", large).body == large);
}

TEST_CASE("F3: made-up tokens are refused at the door, and count against their address") {
  TestSuite suite([](Options& options) { options.per_offender = {0.001, 3}; });
  TestClient good(suite.port()), guesser(suite.port());
  good.token = suite.IssueToken();
  REQUIRE(good.Call("GET", "/v1/gatewaytest/items/1").status == 200);
  const int calls = suite.seen().calls;
  for (const std::string& made_up : {std::string("x"), good.token + "A", good.token.substr(0, good.token.rfind('.') + 1)}) {
    guesser.token = made_up;
    const auto answer = guesser.Call("GET", "/v1/gatewaytest/items/1");
    CHECK(answer.status == 401);
    CHECK(StrContains(answer.body, "TOKEN_MALFORMED"));
  }
  CHECK(guesser.Call("GET", "/v1/gatewaytest/items/1").status == 429);
  CHECK(suite.seen().calls == calls);
  CHECK(good.Call("GET", "/v1/gatewaytest/items/1").status == 200);
  TestClient elsewhere(suite.port(), "127.0.0.2");
  elsewhere.token = "x";
  CHECK(elsewhere.Call("GET", "/v1/gatewaytest/items/1").status == 401);
}

TEST_CASE("F3: bodies that wait hold so much memory and no more, a quarter of it for one address") {
  TestSuite suite([](Options& options) {
    options.max_held = 4 << 20;
    options.max_body = 2 << 20;
    options.max_stranger_body = 64 << 10;
  });
  const std::string token = suite.IssueToken();
  // All but the last byte, so that what is held does not depend on how the pieces come.
  const std::string most = absl::StrCat(kEcho, token, "\r\nContent-Length: 1000000\r\n\r\n", std::string(999'999, ' '));
  TestClient first(suite.port()), second(suite.port());
  first.Send(most);
  CHECK(testing::WaitUntil([&] { return suite.gateway().door().held_bytes() == 1'000'000; }));
  second.Send(most);
  const auto refused = second.Read();
  CHECK(refused.status == 503);
  CHECK(refused.headers.at("connection") == "close");
  CHECK(StrContains(refused.body, "GATEWAY_BUSY"));
  TestClient third(suite.port(), "127.0.0.2"), fourth(suite.port(), "127.0.0.3"), fifth(suite.port(), "127.0.0.4");
  third.Send(most);
  fourth.Send(most);
  CHECK(testing::WaitUntil([&] { return suite.gateway().door().held_bytes() == 3'000'000; }));
  fifth.Send(most);
  CHECK(fifth.Read().status == 503);  // the last quarter is for small ones
  TestClient small(suite.port(), "127.0.0.5");
  small.token = token;
  const std::string body = absl::StrCat("{\"text\":\"", std::string(60'000, 'a'), "\"}");
  CHECK(small.Call("POST", "/v1/gatewaytest/echo", body).body == body);
  first.Vanish();
  third.Vanish();
  fourth.Vanish();
  CHECK(testing::WaitUntil([&] { return suite.gateway().door().held_bytes() == 0; }));
}

TEST_CASE("F3: the long lines of an upload hold memory as well") {
  TestSuite suite([](Options& options) { options.max_held = 1 << 20; });
  TestClient client(suite.port());
  client.Send(
      absl::StrCat("POST /v1/gatewaytest/batches/b:import HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n"
                   "Content-Type: application/x-ndjson\r\nContent-Length: 900000\r\n\r\n{\"name\":\"",
                   std::string(600'000, 'x')));
  CHECK(client.Read().status == 503);
  CHECK(testing::WaitUntil([&] { return suite.gateway().door().held_bytes() == 0; }));
}

// Sends or reads little by little until the gateway has ended the connection.
bool EndsWhile(TestSuite& suite, const std::function<void()>& little) {
  return testing::WaitUntil(
      [&] {
        little();
        testing::WaitUntil([] { return false; }, absl::Milliseconds(40));
        return suite.gateway().open_connections() == 0;
      },
      absl::Seconds(10));
}

TEST_CASE("F9: a byte now and then prolongs neither an upload nor a download") {
  TestSuite suite([](Options& options) {
    options.stall_timeout = Millis(500);
    options.least_rate = 2000;
  });
  SECTION("upload") {
    TestClient slow(suite.port());
    slow.Send(
        "POST /v1/gatewaytest/batches/b:import HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n"
        "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
    CHECK(EndsWhile(suite, [&] { slow.Send("1\r\n \r\n"); }));
    CHECK(slow.Read().status == 408);
  }
  SECTION("upload at the least rate") {
    TestClient steady(suite.port());
    steady.Send(
        "POST /v1/gatewaytest/batches/b:import HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n"
        "Content-Type: application/x-ndjson\r\nContent-Length: 12000\r\n\r\n");
    for (int i = 0; i < 60; ++i) {  // longer than two stall times
      steady.Send(std::string(199, ' ') + "\n");
      testing::WaitUntil([] { return false; }, absl::Milliseconds(25));
    }
    CHECK(steady.Read().status == 200);
  }
  SECTION("download") {
    TestClient slow(suite.port());
    slow.Request("GET", "/v1/gatewaytest/items?forever=true&size=5000");
    CHECK(slow.ReadHead().status == 200);
    CHECK(EndsWhile(suite, [&] { slow.ReadLine(); }));
  }
}

TEST_CASE("F1: a client that has gone is seen also where nothing more of it is read") {
  TestSuite suite;
  TestClient client(suite.port());
  client.Request("GET", "/v1/gatewaytest/items/1:wait");
  CHECK(testing::WaitUntil([&] { return suite.seen().waiting == 1; }));
  client.Send(std::string(60'000, 'x'));  // more than the gateway reads before it has answered
  client.Vanish();
  CHECK(testing::WaitUntil([&] { return suite.seen().cancelled == 1; }));
  CHECK(testing::WaitUntil([&] { return suite.gateway().open_connections() == 0; }));
}

TEST_CASE("F1: draining does not wait for bodies that do not come") {
  TestSuite suite([](Options& options) {
    options.drain_stall = Millis(300);
    options.drain_timeout = Millis(60'000);
  });
  TestClient body(suite.port()), upload(suite.port());
  body.Send(absl::StrCat(kEcho, "t\r\nContent-Length: 100\r\n\r\n{"));
  upload.Send(
      "POST /v1/gatewaytest/batches/b:import HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n"
      "Content-Type: application/x-ndjson\r\nContent-Length: 100\r\n\r\n{");
  CHECK(testing::WaitUntil([&] { return suite.gateway().calls_in_flight() == 2; }));
  const absl::Time begin = absl::Now();
  suite.gateway().Drain();
  CHECK(absl::Now() - begin < absl::Seconds(8));
  CHECK(body.Read().status == 408);
  CHECK(upload.Read().status == 408);
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
