#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/testing/wait_until.h"
#include "services/gateway/backend_fixture.h"
#include "services/gateway/client_fixture.h"

namespace sifa::gateway {

using absl::StrContains;

TEST_CASE("a server stream is one JSON message a line") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer = client.Call("GET", "/v1/gatewaytest/items?count=3");
  CHECK(answer.status == 200);
  CHECK(answer.headers.at("content-type") == "application/x-ndjson");
  CHECK(answer.body == "{\"id\":\"0\"}\n{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
  CHECK(client.Call("GET", "/v1/gatewaytest/items?count=0").body.empty());
  CHECK(client.Call("GET", "/healthz").status == 200);  // the connection is kept
}

TEST_CASE("a long stream comes whole and in order") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer = client.Call("GET", "/v1/gatewaytest/items?count=5000&size=300");
  CHECK(answer.complete);
  const std::vector<std::string> lines = absl::StrSplit(answer.body, '\n', absl::SkipEmpty());
  REQUIRE(lines.size() == 5000);
  for (int i = 0; i < 5000; ++i) REQUIRE(absl::StartsWith(lines[static_cast<size_t>(i)], absl::StrCat("{\"id\":\"", i, "\"")));
}

TEST_CASE("an error before the first message has its own HTTP status, one after it is the last line") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto early = client.Call("GET", "/v1/gatewaytest/items?count=3&failAfter=-1");
  CHECK(early.status == 429);
  CHECK(StrContains(early.body, "TOO_MUCH"));
  const auto late = client.Call("GET", "/v1/gatewaytest/items?count=3&failAfter=2");
  CHECK(late.status == 200);
  CHECK(late.complete);
  const std::vector<std::string> lines = absl::StrSplit(late.body, '\n', absl::SkipEmpty());
  REQUIRE(lines.size() == 3);
  CHECK(absl::StartsWith(lines[2], "{\"error\":{\"code\":8,"));
  CHECK(StrContains(lines[2], "TOO_MUCH"));
}

TEST_CASE("a stream goes out as it comes, and ends upstream when the client has gone") {
  TestSuite suite;
  {
    TestClient client(suite.port());
    client.Request("GET", "/v1/gatewaytest/items?forever=true");
    CHECK(client.ReadHead().status == 200);
    for (int i = 0; i < 100; ++i) CHECK(client.ReadLine() == absl::StrCat("{\"id\":\"", i, "\"}"));
    client.Vanish();
  }
  CHECK(testing::WaitUntil([&] { return suite.seen().cancelled == 1; }));
  CHECK(testing::WaitUntil([&] { return suite.gateway().calls_in_flight() == 0; }));
}

TEST_CASE("a client that does not read stops the service from sending") {
  TestSuite suite;
  TestClient client(suite.port());
  client.Request("GET", "/v1/gatewaytest/items?forever=true&size=100000");
  CHECK(client.ReadHead().status == 200);
  // The number of messages stands still once all buffers on the way are full.
  int before = -1;
  CHECK(testing::WaitUntil(
      [&] {
        const int now = suite.seen().messages;
        const bool still = now == before && now > 0;
        before = now;
        if (!still) testing::WaitUntil([] { return false; }, absl::Milliseconds(300));
        return still;
      },
      absl::Seconds(15)));
  CHECK(before < 500);  // 50 MB
  for (int i = 0; i < 1000; ++i) CHECK(StrContains(client.ReadLine(), absl::StrCat("\"id\":\"", i, "\"")));
}

TEST_CASE("server-sent events where they are asked for") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer = client.Call("GET", "/v1/gatewaytest/items?count=2&failAfter=1", "", "Accept: text/event-stream\r\n");
  CHECK(answer.headers.at("content-type") == "text/event-stream");
  CHECK(absl::StartsWith(answer.body, "data: {\"id\":\"0\"}\n\nevent: error\ndata: {\"error\":{\"code\":8"));
}

TEST_CASE("a file is downloaded as its bytes, with type and name") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto raw = client.Call("GET", "/v1/gatewaytest/files?count=3&size=200000", "", "Accept: application/octet-stream\r\n");
  CHECK(raw.headers.at("content-type") == "application/pdf");
  CHECK(raw.headers.at("content-disposition") ==
        "attachment; filename*=UTF-8''%E8%B0%83%E8%A7%A3%E5%8D%8F%E8%AE%AE%201.pdf");
  CHECK(raw.complete);
  CHECK(raw.body == std::string(200000, 'a') + std::string(200000, 'b') + std::string(200000, 'c'));
  const auto json = client.Call("GET", "/v1/gatewaytest/files?count=1&size=1");
  CHECK(StrContains(json.body, "{\"data\":\"YQ==\""));
}

TEST_CASE("a download that breaks off cannot be taken for a whole one") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto raw =
      client.Call("GET", "/v1/gatewaytest/files?count=3&size=100&failAfter=1", "", "Accept: application/octet-stream\r\n");
  CHECK(raw.status == 200);
  CHECK_FALSE(raw.complete);
  CHECK(client.AtEnd());
}

}  // namespace sifa::gateway
