#include "libs/telemetry/metrics.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "libs/core/status.h"
#include "libs/telemetry/code_counters.h"
#include "libs/telemetry/disk.h"

namespace sifa::telemetry {
namespace {

// A connection to the server under test, with a bound on waiting.
class Client {
 public:
  explicit Client(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval limit{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { close(fd_); }

  bool connected() const { return connected_; }
  void Send(const std::string& text) { REQUIRE(send(fd_, text.data(), text.size(), MSG_NOSIGNAL) > 0); }

  // Until the server closes, or `last` has come.
  std::string Receive(const std::string& last = "") {
    std::string text;
    char part[4096];
    for (ssize_t got; (got = recv(fd_, part, sizeof part, 0)) > 0;) {
      text.append(part, got);
      if (!last.empty() && absl::EndsWith(text, last)) break;
    }
    return text;
  }

 private:
  const int fd_;
  bool connected_ = false;
};

std::string Get(int port, const std::string& path, const std::string& method = "GET") {
  Client client(port);
  client.Send(absl::StrCat(method, " ", path, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  return client.Receive();
}

std::unique_ptr<InnerServer> StartServer(std::vector<InnerServer::Check> checks = {}) {
  auto server = InnerServer::Start("127.0.0.1:0", std::move(checks));
  REQUIRE(server.ok());
  return *std::move(server);
}

}  // namespace

TEST_CASE("the same name and labels give the same metric") {
  Counter("sifa_same_total", "Same.", {{"a", "1"}}).Increment(2);
  Counter("sifa_same_total", "Same.", {{"a", "1"}}).Increment(3);
  CHECK(Counter("sifa_same_total", "Same.", {{"a", "1"}}).Value() == 5);
  CHECK(Counter("sifa_same_total", "Same.", {{"a", "2"}}).Value() == 0);
}

TEST_CASE("the text has HELP and TYPE of each metric, as Prometheus reads them") {
  Counter("sifa_golden_total", "Golden things.", {{"kind", "a\"b"}}).Increment();
  Gauge("sifa_golden_level", "Level.").Set(2.5);
  Latency("sifa_golden_seconds", "Time.").Observe(0.0007);
  const std::string text = ScrapeText();
  CHECK(absl::StrContains(text,
                          "# HELP sifa_golden_total Golden things.\n# TYPE sifa_golden_total counter\n"
                          "sifa_golden_total{kind=\"a\\\"b\"} 1\n"));
  CHECK(absl::StrContains(
      text, "# HELP sifa_golden_level Level.\n# TYPE sifa_golden_level gauge\nsifa_golden_level 2.5\n"));
  CHECK(absl::StrContains(text, "# TYPE sifa_golden_seconds histogram\n"));
  CHECK(absl::StrContains(text, "sifa_golden_seconds_bucket{le=\"0.0005\"} 0\n"));
  CHECK(absl::StrContains(text, "sifa_golden_seconds_bucket{le=\"0.001\"} 1\n"));
  CHECK(absl::StrContains(text, "sifa_golden_seconds_bucket{le=\"10\"} 1\n"));
  CHECK(absl::StrContains(text, "# TYPE process_resident_memory_bytes gauge\n"));
}

TEST_CASE("hooks set gauges at each scrape, until they end") {
  auto& gauge = Gauge("sifa_hooked", "Hooked.");
  {
    const ScrapeHook hook([&] { gauge.Increment(); });
    ScrapeText();
    ScrapeText();
  }
  ScrapeText();
  CHECK(gauge.Value() == 2);
}

TEST_CASE("the inner port serves metrics and health") {
  const auto server = StartServer();
  CHECK(server->port() > 0);
  const std::string metrics = Get(server->port(), "/metrics");
  CHECK(absl::StartsWith(metrics, "HTTP/1.1 200 OK\r\n"));
  CHECK(absl::StrContains(metrics, "text/plain; version=0.0.4"));
  CHECK(absl::StrContains(metrics, "# TYPE process_cpu_seconds_total counter\n"));
  CHECK(absl::StartsWith(Get(server->port(), "/healthz?verbose=1"), "HTTP/1.1 200 OK\r\n"));
  CHECK(absl::StartsWith(Get(server->port(), "/else"), "HTTP/1.1 404 "));
  CHECK(absl::StartsWith(Get(server->port(), "/metrics", "DELETE"), "HTTP/1.1 405 "));
}

TEST_CASE("a process is ready when every check passes, and says which fails") {
  std::atomic<bool> database{false};
  const auto server = StartServer({
      {"database",
       [&] { return database ? absl::OkStatus() : Unavailable("DATABASE_AWAY", "数据库未连接"); }},
      {"keys", [] { return absl::OkStatus(); }},
  });
  std::string answer = Get(server->port(), "/readyz");
  CHECK(absl::StartsWith(answer, "HTTP/1.1 503 "));
  CHECK(absl::EndsWith(answer, "\r\n\r\ndatabase: UNAVAILABLE DATABASE_AWAY 数据库未连接\n"));
  database = true;
  answer = Get(server->port(), "/readyz");
  CHECK(absl::StartsWith(answer, "HTTP/1.1 200 "));
  CHECK(absl::EndsWith(answer, "\r\n\r\nready\n"));
}

TEST_CASE("what only warns leaves a process ready, and is told") {
  const auto server = StartServer(
      {{"journal", [] { return Error(absl::StatusCode::kDataLoss, "JOURNAL_BEHIND_ANCHOR", "cut off"); }, /*warns=*/true}});
  const std::string answer = Get(server->port(), "/readyz");
  CHECK(absl::StartsWith(answer, "HTTP/1.1 200 "));
  CHECK(absl::EndsWith(answer, "\r\n\r\nready\njournal: DATA_LOSS JOURNAL_BEHIND_ANCHOR cut off\n"));
}

TEST_CASE("a disk with less room than the reserve is warned of, and how much there is stands among the metrics") {
  CHECK(CheckDisks({"/"}, 0).ok());
  CHECK(ReasonOf(CheckDisks({"/"}, INT64_MAX)) == "DISK_LOW");
  CHECK(ReasonOf(CheckDisks({"/nowhere"}, 0)) == "DISK_UNKNOWN");
  CHECK(absl::StrContains(ScrapeText(), "sifa_disk_free_bytes{directory=\"/\"} "));
}

TEST_CASE("a connection is used again, and HEAD has no body") {
  const auto server = StartServer();
  Client client(server->port());
  for (int i = 0; i < 3; ++i) {
    client.Send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(absl::EndsWith(client.Receive("alive\n"), "\r\n\r\nalive\n"));
  }
  client.Send("HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string head = client.Receive();
  CHECK(absl::EndsWith(head, "\r\n\r\n"));
  CHECK(absl::StrContains(head, "Content-Length: 6\r\n"));
}

TEST_CASE("a check that hangs does not make a living process look dead") {
  absl::Notification running, release;
  const auto server = StartServer({{"slow", [&] {
                                      running.Notify();
                                      release.WaitForNotification();
                                      return absl::OkStatus();
                                    }}});
  Client waiting(server->port());
  waiting.Send("GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  REQUIRE(running.WaitForNotificationWithTimeout(absl::Seconds(10)));
  CHECK(absl::StartsWith(Get(server->port(), "/healthz"), "HTTP/1.1 200 "));
  release.Notify();
  CHECK(absl::StartsWith(waiting.Receive(), "HTTP/1.1 200 "));
}

TEST_CASE("a scrape that hangs does not make a ready process look unready") {
  absl::Notification running, release;
  const auto server = StartServer();
  const ScrapeHook slow([&] {
    if (!running.HasBeenNotified()) running.Notify();
    release.WaitForNotification();
  });
  Client waiting(server->port());
  waiting.Send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  REQUIRE(running.WaitForNotificationWithTimeout(absl::Seconds(10)));
  CHECK(absl::StartsWith(Get(server->port(), "/readyz"), "HTTP/1.1 200 "));
  release.Notify();
  CHECK(absl::StartsWith(waiting.Receive(), "HTTP/1.1 200 "));
}

TEST_CASE("what /readyz would say stands among the metrics") {
  const auto server =
      StartServer({{"good", [] { return absl::OkStatus(); }}, {"bad", [] { return Unavailable("AWAY", "x"); }, /*warns=*/true}});
  const std::string page = Get(server->port(), "/metrics");
  CHECK(absl::StrContains(page, "sifa_check{check=\"good\"} 1"));
  CHECK(absl::StrContains(page, "sifa_check{check=\"bad\"} 0"));
}

TEST_CASE("of a code that alerts look at there is a counter before its first event, of others not") {
  CodeCounters counters([](const std::string& code) -> prometheus::Counter& {
    return Counter("test_codes_total", "x", {{"code", code}});
  });
  counters.Increment(absl::StatusCode::kDataLoss);
  const std::string before = ScrapeText();
  CHECK(absl::StrContains(before, "test_codes_total{code=\"INTERNAL\"} 0"));
  CHECK(absl::StrContains(before, "test_codes_total{code=\"DATA_LOSS\"} 1"));
  CHECK_FALSE(absl::StrContains(before, "test_codes_total{code=\"NOT_FOUND\"}"));
  counters.Increment(absl::StatusCode::kNotFound);
  CHECK(absl::StrContains(ScrapeText(), "test_codes_total{code=\"NOT_FOUND\"} 1"));
}

TEST_CASE("a server ends although clients hold connections, and garbage closes only its own") {
  auto server = StartServer();
  Client silent(server->port()), rude(server->port());
  REQUIRE(silent.connected());
  rude.Send("\x16\x03\x01 not HTTP\r\n\r\n");
  CHECK(rude.Receive().empty());
  rude.Send("more");
  CHECK(absl::StartsWith(Get(server->port(), "/healthz"), "HTTP/1.1 200 "));
  const int port = server->port();
  server.reset();
  CHECK_FALSE(Client(port).connected());
  CHECK(silent.Receive().empty());
}

TEST_CASE("an address that is malformed or taken is refused with its reason") {
  const auto server = StartServer();
  CHECK(ReasonOf(InnerServer::Start("nonsense", {}).status()) == "ADDRESS_MALFORMED");
  CHECK(ReasonOf(InnerServer::Start("127.0.0.1:", {}).status()) == "ADDRESS_MALFORMED");
  CHECK(ReasonOf(InnerServer::Start(absl::StrCat("127.0.0.1:", server->port()), {}).status()) ==
        "PORT_NOT_FREE");
  CHECK(ReasonOf(InnerServer::Start("127.0.0.1:no-such-port", {}).status()) == "ADDRESS_UNKNOWN");
}

}  // namespace sifa::telemetry
