#include "libs/testing/tcp_gate.h"

#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "libs/testing/redis_server.h"
#include "libs/testing/unix_socket.h"
#include "libs/testing/wait_until.h"

namespace sifa::testing {
namespace {

constexpr absl::string_view kPing = "PING\r\n";

// A client of Redis through the gate.
class Client {
 public:
  explicit Client(const TcpGate& gate) : fd_(ConnectUnix(gate.socket())) {}
  ~Client() {
    if (fd_ >= 0) close(fd_);
  }
  bool connected() const { return fd_ >= 0; }
  void Send(absl::string_view bytes) { (void)!send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  // What arrives within `millis`; "cut" where the connection ends.
  std::string Read(int millis = 2000) {
    const timeval timeout{millis / 1000, (millis % 1000) * 1000};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    char buffer[256];
    const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
    return got > 0                           ? std::string(buffer, static_cast<size_t>(got))
           : got == 0 || errno == ECONNRESET ? "cut"
                                             : "";
  }
  std::string Ask(absl::string_view bytes) {
    Send(bytes);
    return Read();
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("the gate passes, refuses, cuts and opens again") {
  TcpGate gate(RedisServer::SharedSocket());
  Client first(gate);
  CHECK(first.Ask(kPing) == "+PONG\r\n");
  gate.RefuseNew();
  CHECK_FALSE(Client(gate).connected());
  CHECK(first.Ask(kPing) == "+PONG\r\n");
  gate.CutAll();
  CHECK(first.Read() == "cut");
  gate.Pass();
  CHECK(Client(gate).Ask(kPing) == "+PONG\r\n");
}

TEST_CASE("the gate swallows and delays") {
  TcpGate gate(RedisServer::SharedSocket());
  Client client(gate);
  CHECK(client.Ask(kPing) == "+PONG\r\n");
  gate.Blackhole();
  client.Send(kPing);
  CHECK(client.Read(50).empty());
  gate.Pass();
  gate.Delay(absl::Milliseconds(30));
  const absl::Time sent = absl::Now();
  CHECK(client.Ask(kPing) == "+PONG\r\n");
  CHECK(absl::Now() - sent >= absl::Milliseconds(60));
}

TEST_CASE("the gate cuts after so many bytes, and only once") {
  TcpGate gate(RedisServer::SharedSocket());
  Client client(gate);
  gate.CutAfterBytes(8);
  CHECK(client.Ask(kPing) == "+PONG\r\n");
  CHECK(client.Ask(kPing) == "cut");
  CHECK(gate.cuts() == 1);
  CHECK(Client(gate).Ask(kPing) == "+PONG\r\n");
}

TEST_CASE("the gate cuts at a word, before or after the server has read it") {
  TcpGate gate(RedisServer::SharedSocket());
  gate.CutAtMarker("gate:word", TcpGate::When::kBeforeForwarding);
  CHECK(Client(gate).Ask("SET gate:word 1\r\n") == "cut");
  CHECK(Client(gate).Ask("GET gate:word\r\n") == "$-1\r\n");
  gate.CutAtMarker("gate:word", TcpGate::When::kAfterForwarding);
  Client client(gate);
  client.Send("SET gate:");  // in two pieces
  REQUIRE(WaitUntil([&] { return client.Read(5).empty(); }));
  CHECK(client.Ask("word 1\r\n") == "cut");
  CHECK(Client(gate).Ask("GET gate:word\r\n") == "$1\r\n1\r\n");
  CHECK(gate.cuts() == 2);
}

}  // namespace sifa::testing
