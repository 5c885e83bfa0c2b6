#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/testing/wait_until.h"
#include "services/gateway/backend_fixture.h"
#include "services/gateway/client_fixture.h"

namespace sifa::gateway {

using absl::StrContains;
constexpr char kLines[] = "Content-Type: application/x-ndjson\r\n";
constexpr char kBytes[] = "Content-Type: application/octet-stream\r\n";

TEST_CASE("each line of an upload is a message, with path and query bound on every one") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer = client.Call("POST", "/v1/gatewaytest/batches/b7:import",
                                  "{\"name\":\"a\"}\n\n{\"name\":\"b\"}\r\n{\"name\":\"c\"}", kLines);
  CHECK(answer.status == 200);
  CHECK(StrContains(answer.body, "\"messages\":\"3\""));
  CHECK(StrContains(answer.body, R"("batches":["b7","b7","b7"])"));
}

TEST_CASE("an upload in chunks may cut lines anywhere") {
  TestSuite suite;
  TestClient client(suite.port());
  client.Send(absl::StrCat("POST /v1/gatewaytest/batches/b:import HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n", kLines,
                           "Transfer-Encoding: chunked\r\n\r\n"));
  for (int i = 0; i < 2000; ++i) {
    client.Send("6\r\n{\"name\r\n");
    client.Send("7\r\n\":\"ab\"}\r\n1\r\n\n\r\n");
  }
  client.Send("0\r\n\r\n");
  CHECK(StrContains(client.Read().body, "\"messages\":\"2000\""));
  CHECK(client.Call("GET", "/healthz").status == 200);
}

TEST_CASE("a malformed line ends the upload and is named by its number") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer =
      client.Call("POST", "/v1/gatewaytest/batches/b:import", "{\"name\":\"a\"}\n\n{\"name\":}\n{\"name\":\"c\"}\n", kLines);
  CHECK(answer.status == 400);
  CHECK(StrContains(answer.body, "JSON_MALFORMED"));
  CHECK(StrContains(answer.body, "第 3 行"));
  CHECK(StrContains(answer.body, R"("metadata":{"line":"3"})"));
  CHECK(testing::WaitUntil([&] { return suite.gateway().calls_in_flight() == 0; }));
}

TEST_CASE("a request with room for line_error hears of bad lines and keeps the good ones") {
  TestSuite suite([](Options& options) { options.max_line = 1000; });
  TestClient client(suite.port());
  const auto answer = client.Call("POST", "/v1/gatewaytest/batches/b:lenient",
                                  absl::StrCat("{\"name\":\"a\"}\nnot json\n{\"name\":\"", std::string(2000, 'x'),
                                               "\"}\n{\"unknown\":1}\n{\"name\":\"z\"}"),
                                  kLines);
  CHECK(answer.status == 200);
  CHECK(StrContains(answer.body, "\"messages\":\"5\""));
  CHECK(StrContains(answer.body, R"("badLines":["2","3","4"])"));
}

TEST_CASE("what the gateway fills in is not given in the address") {
  TestSuite suite;
  TestClient client(suite.port());
  for (const char* query : {"line=7", "lineError.code=3", "line_error.message=x"}) {
    const auto answer = client.Call("POST", absl::StrCat("/v1/gatewaytest/batches/b:lenient?", query), "{\"name\":\"a\"}\n", kLines);
    CHECK(answer.status == 400);
    CHECK(StrContains(answer.body, "FIELD_UNKNOWN"));
  }
}

TEST_CASE("finding B7: a byte order mark before a line is passed over, and alone it is an empty line") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer = client.Call("POST", "/v1/gatewaytest/batches/b:import", "\ufeff{\"name\":\"a\"}\n\ufeff\n\ufeff{\"name\":\"b\"}\n", kLines);
  CHECK(answer.status == 200);
  CHECK(StrContains(answer.body, "\"messages\":\"2\""));
}

TEST_CASE("GB 18030: lines are decoded as their charset says, and without one where they cannot be UTF-8") {
  constexpr char kName[] = "{\"name\":\"\xd5\xc5\xc8\xfd\"}\n";  // 张三
  TestSuite suite;
  TestClient client(suite.port());
  const auto import = [&](const std::string& lines, const std::string& type) {
    return client.Call("POST", "/v1/gatewaytest/batches/b:lenient", lines, absl::StrCat("Content-Type: ", type, "\r\n"));
  };
  for (const char* type : {"application/x-ndjson; charset=GBK", "application/x-ndjson"}) {
    CHECK(StrContains(import(absl::StrCat("{\"name\":\"a\"}\n", kName, kName), type).body, "\"messages\":\"3\""));
    CHECK_FALSE(StrContains(import(kName, type).body, "badLines"));
  }
  // A file of UTF-8 with one damaged line, and one that says it is what it is not.
  CHECK(StrContains(import(absl::StrCat("{\"name\":\"张三\"}\n", kName), "application/x-ndjson").body, R"("badLines":["2"])"));
  CHECK(StrContains(import(kName, "application/x-ndjson; charset=utf-8").body, R"("badLines":["1"])"));
  CHECK(StrContains(import("{\"name\":\"\xff\"}\n", "application/x-ndjson; charset=gbk").body, R"("badLines":["1"])"));
  CHECK(import(kName, "application/x-ndjson; charset=big5").status == 415);
}

TEST_CASE("null is no line") {
  TestSuite suite;
  TestClient client(suite.port());
  CHECK(StrContains(client.Call("POST", "/v1/gatewaytest/batches/b:lenient", "null\n", kLines).body, R"("badLines":["1"])"));
}

TEST_CASE("a line beyond its limit is refused") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer = client.Call("POST", "/v1/gatewaytest/batches/b:import",
                                  absl::StrCat("{\"name\":\"", std::string(1 << 20, 'x'), "\"}\n"), kLines);
  CHECK(answer.status == 400);
  CHECK(StrContains(answer.body, "LINE_TOO_LONG"));
}

TEST_CASE("an idempotency key belongs to the upload, not to each of its lines") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer = client.Call("POST", "/v1/gatewaytest/batches/b:import", "{\"name\":\"a\"}\n{\"name\":\"b\"}\n",
                                  absl::StrCat(kLines, "Idempotency-Key: k1\r\n"));
  CHECK(StrContains(answer.body, R"("requestIds":["k1"])"));
}

TEST_CASE("a service that refuses in the middle is heard at once") {
  TestSuite suite;
  TestClient client(suite.port());
  client.Send(absl::StrCat("POST /v1/gatewaytest/batches/b:import HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n", kLines,
                           "Transfer-Encoding: chunked\r\n\r\n11\r\n{\"name\":\"refuse\"}\r\n1\r\n\n\r\n"));
  const auto answer = client.Read();  // the upload has not ended
  CHECK(answer.status == 400);
  CHECK(StrContains(answer.body, "REFUSED"));
  CHECK(answer.headers.at("connection") == "close");
}

TEST_CASE("F9: a service refuses an upload by its target, before any of its bytes") {
  TestSuite suite;
  TestClient client(suite.port());
  client.Send(absl::StrCat("POST /v1/gatewaytest/files/refuse:upload HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n", kBytes,
                           "Content-Length: 1000000\r\n\r\n"));
  const auto answer = client.Read();
  CHECK(answer.status == 404);
  CHECK(answer.headers.at("connection") == "close");
}

TEST_CASE("a service that does not read stops the client from sending") {
  TestSuite suite;
  suite.seen().hold_uploads = true;
  TestClient client(suite.port());
  client.Send(absl::StrCat("POST /v1/gatewaytest/files/f:upload HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n", kBytes,
                           "Content-Length: 60000000\r\n\r\n"));
  std::atomic<int> sent{0};
  std::thread sender([&] {
    const std::string megabyte(1'000'000, 'x');
    for (; sent < 60; ++sent) client.Send(megabyte);
  });
  int before = -1;
  CHECK(testing::WaitUntil(
      [&] {
        const bool still = sent == before && sent > 0;
        before = sent;
        if (!still) testing::WaitUntil([] { return false; }, absl::Milliseconds(300));
        return still;
      },
      absl::Seconds(15)));
  CHECK(before < 40);
  suite.seen().hold_uploads = false;
  sender.join();
  CHECK(StrContains(client.Read().body, "\"bytes\":\"60000000\""));
}

TEST_CASE("bytes are uploaded in messages of at most 256 KB") {
  TestSuite suite;
  TestClient client(suite.port());
  const auto answer = client.Call("POST", "/v1/gatewaytest/files/f1:upload?fileName=a.pdf", std::string(1'000'000, 'x'), kBytes);
  CHECK(answer.status == 200);
  CHECK(StrContains(answer.body, "\"bytes\":\"1000000\""));
  CHECK(StrContains(answer.body, "\"largest\":\"262144\""));
  CHECK(StrContains(answer.body, "\"lastMessages\":\"1\""));
  CHECK(StrContains(answer.body, R"("batches":["f1/a.pdf","f1/a.pdf","f1/a.pdf"])"));
  CHECK(client.Call("POST", "/v1/gatewaytest/batches/b:import", "xyz", kBytes).status == 415);
}

TEST_CASE("a client that goes away in the middle of an upload cancels it") {
  TestSuite suite;
  {
    TestClient client(suite.port());
    client.Send(absl::StrCat("POST /v1/gatewaytest/batches/b:import HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n", kLines,
                             "Content-Length: 1000\r\n\r\n{\"name\":\"a\"}\n"));
    CHECK(testing::WaitUntil([&] { return suite.seen().messages == 1; }));
    client.Vanish();
  }
  CHECK(testing::WaitUntil([&] { return suite.seen().cancelled == 1; }));
  CHECK(testing::WaitUntil([&] { return suite.gateway().calls_in_flight() == 0; }));
}

}  // namespace sifa::gateway
