#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/testing/wait_until.h"
#include "services/gateway/backend_fixture.h"
#include "services/gateway/client_fixture.h"

namespace sifa::gateway {

using absl::StrContains;

TEST_CASE("a POST goes to its service as a message and comes back as JSON") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer = client.Call("POST", "/v1/gatewaytest/echo", R"({"text":"东阳市","number":"7"})");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"text":"东阳市","number":"7"})");
  CHECK(answer.headers.at("content-type") == "application/json");
}

TEST_CASE("path and query are bound, and response_body chooses a part of the answer") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto got = client.Call("GET", "/v1/gatewaytest/items/%E4%B8%80?view=full%20one");
  CHECK(got.status == 200);
  CHECK(StrContains(got.body, R"("id":"一","name":"full one")"));
  const auto put = client.Call("PUT", "/v1/gatewaytest/items/7", R"({"name":"n"})");
  CHECK(put.status == 200);
  CHECK(put.body == R"({"id":"7","name":"n"})");
}

TEST_CASE("each gRPC code has its HTTP status and a google.rpc.Status as body") {
  TestSuite suite;
  TestClient client(suite.port());
  const std::pair<int, int> statuses[] = {{1, 499},  {3, 400},  {4, 504},  {5, 404},  {6, 409},  {7, 403},  {8, 429},
                                          {9, 400},  {10, 409}, {11, 400}, {12, 501}, {13, 500}, {14, 503}, {15, 500},
                                          {16, 401}, {2, 500}};
  for (const auto& [code, http] : statuses) {
    INFO("code " << code);
    const auto answer = client.Call("POST", "/v1/gatewaytest/items:fail",
                                    absl::StrCat(R"({"code":)", code, R"(,"message":"原因","reason":"WHY"})"));
    CHECK(answer.status == http);
    CHECK(StrContains(answer.body, absl::StrCat("{\"code\":", code, ",")));
    const bool fault = code == 2 || code == 13 || code == 15;
    CHECK(StrContains(answer.body, fault ? "\"reason\":\"INTERNAL\"" : "\"reason\":\"WHY\""));
    CHECK(StrContains(answer.body, "\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\""));
    CHECK(StrContains(answer.body, answer.headers.at("x-request-id")) == fault);
    CHECK(answer.headers.count("retry-after") == (http == 429 || http == 503));
    CHECK(answer.headers.count("www-authenticate") == (http == 401));
  }
}

TEST_CASE("what gRPC or a broken service says of itself does not reach the caller") {
  TestSuite suite;
  TestClient client(suite.port());
  for (const int code : {2, 3, 4, 7, 8, 13, 14, 15}) {
    const auto answer = client.Call("POST", "/v1/gatewaytest/items:fail",
                                    absl::StrCat(R"({"code":)", code, R"(,"message":"10.0.0.7:3306 refused"})"));
    CHECK_FALSE(StrContains(answer.body, "10.0.0.7"));
  }
}

TEST_CASE("a call that a stopping service drops is UNAVAILABLE: its client has not cancelled it") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto dropped = client.Call("POST", "/v1/gatewaytest/items:fail", R"({"code":1,"message":"Cancelled"})");
  CHECK(dropped.status == 503);
  CHECK(dropped.headers.at("retry-after") == "1");
  client.Request("GET", "/v1/gatewaytest/items/7:wait");
  CHECK(testing::WaitUntil([&] { return suite.seen().waiting == 1; }));
  suite.CutBackend();
  CHECK(client.Read().status == 503);
}

TEST_CASE("calls go round two replicas, and what one drops that can do no harm twice the other answers") {
  TestSuite suite({}, /*backends=*/2);
  std::vector<std::unique_ptr<TestClient>> clients;  // two for each of the gateway's loops, which go round by themselves
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<TestClient>(suite.port()));
    for (int n = 0; n < 50; ++n) REQUIRE(clients.back()->Call("GET", "/v1/gatewaytest/items/1").status == 200);  // until both are connected
  }
  for (const auto& client : clients) client->Request("GET", "/v1/gatewaytest/items/7:wait");
  REQUIRE(testing::WaitUntil([&] { return suite.seen().waiting == 4; }));
  suite.CutBackend();
  CHECK(testing::WaitUntil([&] { return suite.seen().waiting == 6; }));  // two of the four were with it
  suite.seen().release = true;
  for (const auto& client : clients) CHECK(client->Read().status == 200);
}

TEST_CASE("a service that is away is UNAVAILABLE at once, without its address, and back without a restart of ours") {
  TestSuite suite;
  suite.StopBackend();
  TestClient client(suite.port());
  const auto answer = client.Call("GET", "/v1/gatewaytest/items/1");
  CHECK(answer.status == 503);
  CHECK(answer.headers.at("retry-after") == "1");
  CHECK(StrContains(answer.body, "SERVICE_UNAVAILABLE"));
  CHECK_FALSE(StrContains(answer.body, "127.0.0.1"));
  CHECK(client.Call("GET", "/readyz").status == 200);
}

TEST_CASE("only the gateway's own metadata reaches a service") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer =
      client.Call("GET", "/v1/gatewaytest/items/1", "",
                  "X-Request-Id: abc-1\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
                  "X-Purpose: %E5%8A%9E%E6%A1%88\r\nX-Caller-Address: 6.6.6.6\r\nX-Sifa-Peer: identity\r\n"
                  "X-Forwarded-For: 9.9.9.9\r\nX-Timeout-Ms: 5000\r\n");
  CHECK(answer.status == 200);
  CHECK(StrContains(answer.body, "\"authorization\":\"Bearer test-token\""));
  CHECK(StrContains(answer.body, "\"x-request-id\":\"abc-1\""));
  CHECK(StrContains(answer.body, "\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-"));
  CHECK_FALSE(StrContains(answer.body, "b7ad6b7169203331"));  // a span of our own
  CHECK(StrContains(answer.body, "\"x-purpose\":\"%E5%8A%9E%E6%A1%88\""));
  CHECK(StrContains(answer.body, "\"x-caller-address\":\"127.0.0.1\""));
  CHECK_FALSE(StrContains(answer.body, "6.6.6.6"));
  CHECK_FALSE(StrContains(answer.body, "9.9.9.9"));
  CHECK_FALSE(StrContains(answer.body, "x-sifa-peer"));
  // 5 s, less the way; gRPC rounds up.
  CHECK((StrContains(answer.body, "\"deadline-ms\":\"4") || StrContains(answer.body, "\"deadline-ms\":\"50")));
  CHECK(answer.headers.at("x-request-id") == "abc-1");
}

TEST_CASE("a request without an id gets one, and a bad one is replaced") {
  TestSuite suite;
  TestClient client(suite.port());
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1").headers.at("x-request-id").size() == 26);
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1", "", "X-Request-Id: a b\r\n").headers.at("x-request-id").size() == 26);
  CHECK(client.Call("GET", "/nowhere").headers.at("x-request-id").size() == 26);
}

TEST_CASE("the address that a trusted proxy gives is the caller's; an untrusted one's is not") {
  TestSuite suite([](Options& options) { options.trusted_proxies = *Networks::Parse("10.0.0.0/8,127.0.0.0/24"); });
  TestClient client(suite.port());
  const auto answer = client.Call("GET", "/v1/gatewaytest/items/1", "", "X-Forwarded-For: 1.1.1.1, 9.9.9.9\r\n");
  CHECK(StrContains(answer.body, "\"x-caller-address\":\"9.9.9.9\""));
}

TEST_CASE("Idempotency-Key fills request_id, and a different request_id is refused") {
  TestSuite suite;
  TestClient client(suite.port());
  const std::string key = "Idempotency-Key: k-1\r\n";
  CHECK(StrContains(client.Call("POST", "/v1/gatewaytest/echo", R"({"text":"a"})", key).body, R"("requestId":"k-1")"));
  CHECK(client.Call("POST", "/v1/gatewaytest/echo", R"({"requestId":"k-1"})", key).status == 200);
  const auto conflict = client.Call("POST", "/v1/gatewaytest/echo", R"({"requestId":"k-2"})", key);
  CHECK(conflict.status == 400);
  CHECK(StrContains(conflict.body, "IDEMPOTENCY_KEY_CONFLICT"));
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1", "", key).status == 200);  // no such field: nothing to fill
}

TEST_CASE("If-Match fills etag of an act, the answer's etag is its ETag, and a different etag is refused") {
  TestSuite suite;
  TestClient client(suite.port());
  const std::string path = "/v1/gatewaytest/items/1:change", seven = "If-Match: \"7\"\r\n";
  const auto changed = client.Call("POST", path, "{}", seven);
  CHECK(StrContains(changed.body, R"("etag":"7")"));
  CHECK(changed.headers.at("etag") == "\"7\"");
  CHECK(client.Call("POST", path, R"({"etag":"7"})", seven).status == 200);
  CHECK(StrContains(client.Call("POST", path, R"({"etag":"8"})", seven).body, "IF_MATCH_CONFLICT"));
  for (const char* bad : {"7", "W/\"7\"", "*", "\"7\", \"8\"", "\"\"", "\"", "\"\xff\""}) {
    INFO(bad);
    const auto answer = client.Call("POST", path, "{}", absl::StrCat("If-Match: ", bad, "\r\n"));
    CHECK(answer.status == 400);
    CHECK(StrContains(answer.body, "HEADER_INVALID"));
  }
  CHECK(client.Call("POST", path, R"({"etag":"a \" b"})").headers.count("etag") == 0);  // would end the quoted string
}

TEST_CASE("If-Match on an act that compares no version is refused, and means nothing to a reading") {
  TestSuite suite;
  TestClient client(suite.port());
  const std::string header = "If-Match: \"7\"\r\n";
  CHECK(client.Call("POST", "/v1/gatewaytest/items/1:touch", "{}").status == 200);
  const auto refused = client.Call("POST", "/v1/gatewaytest/items/1:touch", "{}", header);
  CHECK(refused.status == 400);
  CHECK(StrContains(refused.body, "IF_MATCH_UNUSED"));
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1", "", header).status == 200);
}

TEST_CASE("bad bodies and parameters are refused with field and reason before any call") {
  TestSuite suite;
  TestClient client(suite.port());
  const std::pair<std::string, std::string> bodies[] = {
      {R"({"text":)", "JSON_MALFORMED"},         {R"({"text":"a"} x)", "JSON_MALFORMED"},
      {"{\"text\":\"\xff\xfe\"}", "UTF8_INVALID"}, {R"({"nothing":1})", "FIELD_UNKNOWN"},
      {R"({"text":5})", "FIELD_TYPE"},           {R"({"number":"x"})", ""},
      {R"([1])", ""},                            {R"("text")", ""}};
  for (const auto& [body, reason] : bodies) {
    INFO(body);
    const auto answer = client.Call("POST", "/v1/gatewaytest/echo", body);
    CHECK(answer.status == 400);
    CHECK(StrContains(answer.body, reason));
  }
  CHECK(StrContains(client.Call("GET", "/v1/gatewaytest/items/1?view=%zz").body, "QUERY_MALFORMED"));
  CHECK(StrContains(client.Call("GET", "/v1/gatewaytest/items/1?nothing=1").body, "FIELD_UNKNOWN"));
  CHECK(client.Call("GET", "/v1/gatewaytest/items/%zz").status == 404);
  CHECK(client.Call("GET", "/v1/gatewaytest/items/%ff").status == 404);
  CHECK(suite.seen().calls == 0);
}

TEST_CASE("unknown paths are 404, known ones with another method 405 with Allow") {
  TestSuite suite;
  TestClient client(suite.port());
  CHECK(client.Call("GET", "/v1/nothing").status == 404);
  const auto answer = client.Call("DELETE", "/v1/gatewaytest/items/1");
  CHECK(answer.status == 405);
  CHECK(answer.headers.at("allow") == "GET, PUT");
  CHECK(client.Call("OPTIONS", "/v1/gatewaytest/echo").status == 405);
  CHECK(client.Call("POST", "/healthz").headers.at("allow") == "GET, HEAD");
}

TEST_CASE("other content types are 415") {
  TestSuite suite;
  TestClient client(suite.port());
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "application/x-ndjson"}) {
    CHECK(client.Call("POST", "/v1/gatewaytest/echo", "{}", absl::StrCat("Content-Type: ", type, "\r\n")).status == 415);
  }
  CHECK(client.Call("POST", "/v1/gatewaytest/echo", "{}", "Content-Encoding: gzip\r\n").status == 415);
  CHECK(client.Call("POST", "/v1/gatewaytest/echo", "{}", "Content-Type: application/json; charset=utf-8\r\n").status == 200);
}

TEST_CASE("a body is decoded as its charset says") {
  TestSuite suite;
  TestClient client(suite.port());
  constexpr char kBody[] = "{\"text\":\"\xd5\xc5\xc8\xfd\"}";  // 张三
  const auto echo = [&](const char* charset) {
    return client.Call("POST", "/v1/gatewaytest/echo", kBody, absl::StrCat("Content-Type: application/json; charset=", charset, "\r\n"));
  };
  CHECK(absl::StrContains(echo("GB18030").body, "张三"));
  CHECK(absl::StrContains(echo("utf-8").body, "UTF8_INVALID"));
  CHECK(absl::StrContains(echo("big5").body, "CHARSET_UNKNOWN"));
}

TEST_CASE("without a token only public methods answer") {
  TestSuite suite;
  TestClient client(suite.port());
  client.with_token = false;
  const auto refused = client.Call("GET", "/v1/gatewaytest/items/1");
  CHECK(refused.status == 401);
  CHECK(refused.headers.count("www-authenticate") == 1);
  CHECK(client.Call("POST", "/v1/gatewaytest/sessions", R"({"text":"a"})").status == 200);
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1", "", "Authorization: Basic dTpw\r\n").status == 401);
  CHECK(client.Call("GET", "/v1/gatewaytest/items/1", "", "Authorization: Bearer \xe4\xb8\x80\r\n").status == 401);
  CHECK(suite.seen().calls == 1);
}

TEST_CASE("bad header values are refused") {
  TestSuite suite;
  TestClient client(suite.port());
  for (const char* header : {"X-Timeout-Ms: soon\r\n", "X-Timeout-Ms: -1\r\n", "X-Purpose: %zz\r\n", "X-Purpose: %ff\r\n",
                             "X-Purpose: \xe4\xb8\x80\r\n", "Idempotency-Key: \xff\r\n"}) {
    INFO(header);
    const auto answer = client.Call("POST", "/v1/gatewaytest/echo", "{}", header);
    CHECK(answer.status == 400);
    CHECK(StrContains(answer.body, "HEADER_INVALID"));
  }
}

TEST_CASE("a deadline that passes is 504") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer = client.Call("GET", "/v1/gatewaytest/items/1:wait", "", "X-Timeout-Ms: 50\r\n");
  CHECK(answer.status == 504);
  CHECK(StrContains(answer.body, "DEADLINE_EXCEEDED"));
}

}  // namespace sifa::gateway
