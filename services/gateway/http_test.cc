#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/testing/wait_until.h"
#include "services/gateway/backend_fixture.h"
#include "services/gateway/client_fixture.h"

namespace sifa::gateway {

using absl::StrContains;

// Sends bytes on a connection of their own; the answer, after which the connection must be closed.
TestAnswer LastAnswer(TestSuite& suite, absl::string_view bytes) {
  TestClient client(suite.port());
  client.Send(bytes);
  auto answer = client.Read();
  CHECK(client.AtEnd());
  return answer;
}

constexpr char kPost[] = "POST /v1/gatewaytest/echo HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n"
                         "Content-Type: application/json\r\n";

TEST_CASE("requests are answered in order on one connection, also when they come at once") {
  TestSuite suite;
  TestClient client(suite.port());
  std::string burst;
  for (int i = 0; i < 20; ++i) {
    const std::string body = absl::StrCat(R"({"number":")", i + 1, "\"}");
    absl::StrAppend(&burst, kPost, "Content-Length: ", body.size(), "\r\n\r\n", body);
    if (i % 5 == 0) burst += "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  client.Send(burst);
  for (int i = 0; i < 20; ++i) {
    CHECK(client.Read().body == absl::StrCat(R"({"number":")", i + 1, "\"}"));
    if (i % 5 == 0) CHECK(client.Read().body == "ok\n");
  }
}

TEST_CASE("a request may come byte by byte and its body in chunks") {
  TestSuite suite;
  TestClient client(suite.port());
  const std::string request = absl::StrCat(kPost, "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"te\r\n9;x=y\r\nxt\":\"abc\"\r\n"
                                                  "1\r\n}\r\n0\r\nX-Trailer: 1\r\n\r\n");
  for (const char c : request) client.Send({&c, 1});
  CHECK(client.Read().body == R"({"text":"abc"})");
  CHECK(client.Call("GET", "/healthz").status == 200);
}

TEST_CASE("what could be read in two ways is refused and ends the connection") {
  TestSuite suite;
  const std::string smuggled = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string bad[] = {
      absl::StrCat(kPost, "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", smuggled),
      absl::StrCat(kPost, "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", smuggled),
      absl::StrCat(kPost, "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", smuggled),
      absl::StrCat(kPost, "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", smuggled),
      absl::StrCat(kPost, "Content-Length: 2, 2\r\n\r\n{}", smuggled),
      absl::StrCat(kPost, "Content-Length: +2\r\n\r\n{}", smuggled),
      absl::StrCat(kPost, "Content-Length: -1\r\n\r\n{}", smuggled),
      absl::StrCat(kPost, "Content-Length: 99999999999999999999\r\n\r\n{}", smuggled),
      absl::StrCat(kPost, "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", smuggled),
      absl::StrCat(kPost, "Transfer-Encoding: xchunked\r\n\r\n", smuggled),
      absl::StrCat(kPost, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", smuggled),
      absl::StrCat(kPost, "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", smuggled),
      absl::StrCat(kPost, "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", smuggled),
      absl::StrCat(kPost, "Host: other\r\nContent-Length: 2\r\n\r\n{}", smuggled),
      absl::StrCat(kPost, "Authorization: Bearer other\r\nContent-Length: 2\r\n\r\n{}", smuggled),
      "GET /healthz HTTP/1.1\r\n\r\n",
      "GET /healthz\r\n\r\n",
      "GET  /healthz HTTP/1.1\r\nHost: h\r\n\r\n",
      "GET /healthz HTTP/3.0\r\nHost: h\r\n\r\n",
      "GET healthz HTTP/1.1\r\nHost: h\r\n\r\n",
      "GET /healthz HTTP/1.1\nHost: h\n\n",
      "GET /healthz HTTP/1.1\r\nHost: h\r\nA\x01: b\r\n\r\n",
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n",
  };
  for (const std::string& request : bad) {
    INFO(request);
    const auto answer = LastAnswer(suite, request);
    CHECK((answer.status == 400 || answer.status == 501 || answer.status == 505));
    CHECK(StrContains(answer.body, "\"code\":"));
    CHECK(answer.headers.at("connection") == "close");
  }
  CHECK(suite.seen().calls == 0);
}

TEST_CASE("limits of head, URL and body refuse with their own status") {
  TestSuite suite([](Options& options) { options.max_body = 100'000; });
  CHECK(LastAnswer(suite, absl::StrCat("GET /v1/x?q=", std::string(9000, 'a'), " HTTP/1.1\r\nHost: h\r\n\r\n")).status == 414);
  CHECK(LastAnswer(suite, absl::StrCat("GET / HTTP/1.1\r\nHost: h\r\nA: ", std::string(17000, 'a'), "\r\n\r\n")).status == 431);
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 2000; ++i) absl::StrAppend(&many, "A", i, ": b\r\n");
  CHECK(LastAnswer(suite, many + "\r\n").status == 431);
  const auto large = LastAnswer(suite, absl::StrCat(kPost, "Content-Length: 100001\r\n\r\n"));
  CHECK(large.status == 413);
  CHECK(StrContains(large.body, "BODY_TOO_LARGE"));
  const auto chunked = LastAnswer(suite, absl::StrCat(kPost, "Transfer-Encoding: chunked\r\n\r\n", absl::Hex(150'000), "\r\n",
                                                      std::string(150'000, ' ')));
  CHECK(chunked.status == 413);
  TestClient client(suite.port());
  const std::string fits = absl::StrCat("{\"text\":\"", std::string(90'000, 'a'), "\"}");
  CHECK(client.Call("POST", "/v1/gatewaytest/echo", fits).body == fits);
}

TEST_CASE("F1: a chunk's extension or trailers without end are refused, however they come, and the connection ends") {
  TestSuite suite;
  const std::string chunked = absl::StrCat(kPost, "Transfer-Encoding: chunked\r\n\r\n");
  std::string many = "0\r\n";
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&many, "A", i, ": b\r\n");
  for (const std::string& rest :
       {absl::StrCat("1;x=", std::string(24'000, 'a')), absl::StrCat("1;x=", std::string(5'000, 'a'), "\r\n"),
        absl::StrCat("5\r\n{\"a\":\r\n1;", std::string(100'000, 'b')), absl::StrCat("0\r\nA: ", std::string(30'000, 'c')),
        std::string(1'000'000, '0'), many, absl::StrCat("0;x=", std::string(24'000, 'd'), "\r\n\r\n")}) {
    INFO(rest.substr(0, 20));
    const auto answer = LastAnswer(suite, absl::StrCat(chunked, rest));
    CHECK((answer.status == 400 || answer.status == 431));
    CHECK(answer.headers.at("connection") == "close");
  }
  CHECK(testing::WaitUntil([&] { return suite.gateway().open_connections() == 0; }));
  CHECK(suite.seen().calls == 0);
}

TEST_CASE("a body that ends before its end reaches no service") {
  TestSuite suite;
  for (const char* part : {"Content-Length: 50\r\n\r\n{\"text\":", "Transfer-Encoding: chunked\r\n\r\n20\r\n{\"text\":"}) {
    {
      TestClient client(suite.port());
      client.Send(absl::StrCat(kPost, part));
    }
    CHECK(testing::WaitUntil([&] { return suite.gateway().open_connections() == 0; }));
  }
  CHECK(suite.seen().calls == 0);
}

TEST_CASE("Expect: 100-continue is answered where the body is wanted, and not where it is refused") {
  TestSuite suite;
  TestClient client(suite.port());
  client.Send(absl::StrCat(kPost, "Expect: 100-continue\r\nContent-Length: 14\r\n\r\n"));
  CHECK(client.Read().status == 100);
  client.Send(R"({"text":"abc"})");
  CHECK(client.Read().body == R"({"text":"abc"})");
  CHECK(LastAnswer(suite, "POST /nowhere HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 14\r\n\r\n").status == 404);
}

TEST_CASE("a refused request with a short body leaves the connection usable") {
  TestSuite suite;
  TestClient client(suite.port());
  CHECK(client.Call("POST", "/nowhere", std::string(50'000, 'x')).status == 404);
  CHECK(client.Call("GET", "/healthz").status == 200);
}

TEST_CASE("HTTP/1.0 and Connection: close end after the answer") {
  TestSuite suite;
  CHECK(LastAnswer(suite, "GET /healthz HTTP/1.0\r\n\r\n").body == "ok\n");
  CHECK(LastAnswer(suite, "GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").body == "ok\n");
}

TEST_CASE("answers carry the security headers, and no word of what serves them") {
  TestSuite suite;
  TestClient client(suite.port());
  for (const char* path : {"/healthz", "/nowhere", "/v1/gatewaytest/items/1"}) {
    const auto answer = client.Call("GET", path);
    CHECK(StrContains(answer.headers.at("strict-transport-security"), "max-age="));
    CHECK(answer.headers.at("x-content-type-options") == "nosniff");
    CHECK(answer.headers.at("cache-control") == "no-store");
    CHECK(answer.headers.count("date") == 1);
    CHECK(answer.headers.count("server") == 0);
    CHECK(answer.headers.count("access-control-allow-origin") == 0);
  }
}

TEST_CASE("the pages answer GET and HEAD") {
  TestSuite suite;
  TestClient client(suite.port());
  CHECK(client.Call("GET", "/readyz").body == "ready\n");
  const auto openapi = client.Call("GET", "/openapi.json");
  CHECK(StrContains(openapi.body, "\"openapi\":\"3.1"));
  CHECK(StrContains(openapi.body, "/v1/gatewaytest/items/{id}"));
  client.Send("HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(client.ReadHead().headers.at("content-length") == "3");
  CHECK(client.Read().body == "ok\n");
}

TEST_CASE("plain HTTP gets nothing") {
  TestSuite suite;
  CHECK(TestClient(suite.port()).connected());
  CHECK(testing::WaitUntil([&] { return suite.gateway().open_connections() == 0; }));
}

}  // namespace sifa::gateway
