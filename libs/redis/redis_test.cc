#include "libs/redis/redis.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "libs/core/status.h"
#include "libs/testing/process.h"
#include "libs/testing/redis_server.h"
#include "libs/testing/tcp_gate.h"
#include "libs/testing/wait_until.h"

namespace sifa::redis {
namespace {

using testing::WaitUntil;

Address AddressOf(const std::string& text) {
  auto address = ParseAddress(text);
  REQUIRE(address.ok());
  address->heartbeat = absl::Milliseconds(200);
  return *address;
}

// The highest position heard of each service.
class Ears {
 public:
  Listener::Heard Hear() {
    return [this](absl::string_view service, int64_t position) {
      const absl::MutexLock lock(&mutex_);
      heard_[std::string(service)] = position;
    };
  }
  int64_t Last(const std::string& service) const {
    const absl::MutexLock lock(&mutex_);
    const auto at = heard_.find(service);
    return at == heard_.end() ? -1 : at->second;
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, int64_t> heard_ ABSL_GUARDED_BY(mutex_);
};

// Rings until it is heard: a ring may be lost while one of the two is still coming back.
bool RingsThrough(Bell& bell, const Ears& ears, const std::string& service, int64_t position) {
  return WaitUntil(
      [&] {
        bell.Ring(service, position);
        return ears.Last(service) == position;
      },
      absl::Seconds(30));
}

}  // namespace

TEST_CASE("an address is a socket or a host with its port") {
  CHECK(ParseAddress("/run/redis.sock")->socket == "/run/redis.sock");
  CHECK(ParseAddress("unix:/run/redis.sock")->socket == "/run/redis.sock");
  CHECK(ParseAddress("redis.local:6379")->host == "redis.local");
  CHECK(ParseAddress("redis.local:6379")->port == 6379);
  CHECK(ParseAddress("[::1]:6379")->host == "::1");
  CHECK(ParseAddress("")->empty());
  for (const char* bad : {"redis.local", "redis.local:", ":6379", "host:0", "host:65536", "host:x",
                          "unix:", "unix:rel", "[::1:6379"}) {
    CHECK(ReasonOf(ParseAddress(bad).status()) == "REDIS_ADDRESS_MALFORMED");
  }
}

TEST_CASE("sentinels are several addresses and the name of the master") {
  const auto address = ParseAddress("a.local:26379,[::1]:26380", "sifa");
  REQUIRE(address.ok());
  CHECK(address->sentinels == std::vector<std::pair<std::string, int>>{{"a.local", 26379}, {"::1", 26380}});
  CHECK(address->master == "sifa");
  CHECK_FALSE(address->empty());
  CHECK(ReasonOf(ParseAddress("a.local:26379,b.local", "sifa").status()) == "REDIS_ADDRESS_MALFORMED");
}

TEST_CASE("the master is the one that a sentinel names, and a user of its ACL has a password") {
  const testing::TempDir scratch("sifa-sentinel");
  const auto start = [&](const std::string& name, std::vector<std::string> flags) {
    flags.insert(flags.begin(), testing::FindProgram("redis-server"));
    return std::make_unique<testing::Process>(flags, scratch / name, "");
  };
  const auto server = [&](int port) {
    return start(absl::StrCat(port), {"--port", absl::StrCat(port), "--bind", "127.0.0.1", "--save", "", "--dir", scratch.path(),
                                      "--user", "bell", "on", ">secret", "allchannels", "+@all"});
  };
  const int one = testing::FreePort(), other = testing::FreePort(), sentinel = testing::FreePort();
  const auto say = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {testing::FindProgram("redis-cli"), "-p", absl::StrCat(sentinel)});
    return testing::RunProgram(words, "/dev/null", absl::Seconds(10)) == 0;
  };
  auto first = server(one);
  const auto second = server(other);
  std::ofstream(scratch / "sentinel.conf") << "port " << sentinel << "\nbind 127.0.0.1\nsentinel monitor sifa 127.0.0.1 " << one
                                           << " 1\n";
  const auto watching = start("sentinel", {scratch / "sentinel.conf", "--sentinel"});

  Address address = AddressOf("");
  address.master = "sifa";
  address.sentinels = {{"127.0.0.1", 1}, {"127.0.0.1", sentinel}};  // the first of them is away
  address.user = "bell";
  address.password = "secret";
  Ears ears;
  Listener listener(address, {"mediation"}, ears.Hear());
  Bell bell(address);
  CHECK(RingsThrough(bell, ears, "mediation", 1));
  REQUIRE(say({"SENTINEL", "REMOVE", "sifa"}));
  REQUIRE(say({"SENTINEL", "MONITOR", "sifa", "127.0.0.1", absl::StrCat(other), "1"}));
  first.reset();
  CHECK(RingsThrough(bell, ears, "mediation", 2));

  address.password = "wrong";
  Bell refused(address);
  CHECK_FALSE(WaitUntil([&] { return refused.connected(); }, absl::Milliseconds(300)));
}

TEST_CASE("a ring is heard by those who listen to its service") {
  testing::RedisServer server;
  Ears mediation, all;
  Listener one(AddressOf(server.socket()), {"mediation", "identity"}, mediation.Hear());
  Listener every(AddressOf(server.socket()), {}, all.Hear());
  Bell bell(AddressOf(server.socket()));
  REQUIRE(WaitUntil([&] { return one.connected() && every.connected() && bell.connected(); }));
  bell.Ring("hotline", 7);
  bell.Ring("mediation", 41);
  bell.Ring("mediation", 42);
  bell.Ring("identity", int64_t{1} << 40);
  CHECK(WaitUntil(
      [&] { return mediation.Last("mediation") == 42 && mediation.Last("identity") == int64_t{1} << 40; }));
  CHECK(WaitUntil([&] { return all.Last("hotline") == 7 && all.Last("mediation") == 42; }));
  CHECK(mediation.Last("hotline") == -1);
}

TEST_CASE("after Redis was killed and started again the bell is heard again") {
  testing::RedisServer server;
  Ears ears;
  Listener listener(AddressOf(server.socket()), {"mediation"}, ears.Hear());
  Bell bell(AddressOf(server.socket()));
  REQUIRE(RingsThrough(bell, ears, "mediation", 1));
  for (int64_t round = 2; round <= 3; ++round) {
    server.Kill();
    CHECK(WaitUntil([&] { return !bell.connected() && !listener.connected(); }));
    bell.Ring("mediation", round);
    server.Start();
    CHECK(RingsThrough(bell, ears, "mediation", round));
    CHECK(WaitUntil([&] { return bell.connected() && listener.connected(); }));
  }
}

TEST_CASE("the latest ring of an absence is sent when Redis is back") {
  testing::RedisServer server;
  testing::TcpGate gate(server.socket());  // between the bell and Redis; the listener goes straight
  gate.RefuseNew();
  Bell bell(AddressOf(gate.socket()));
  bell.Ring("mediation", 9);
  bell.Ring("mediation", 8);
  Ears ears;
  Listener listener(AddressOf(server.socket()), {"mediation"}, ears.Hear());
  REQUIRE(WaitUntil([&] { return listener.connected(); }));
  gate.Pass();
  CHECK(WaitUntil([&] { return ears.Last("mediation") == 9; }));
}

TEST_CASE("with Redis away from the start a ring returns at once, and so does the end") {
  const absl::Time before = absl::Now();
  {
    Bell bell(AddressOf("/nonexistent/redis.sock"));
    Bell refused(AddressOf("127.0.0.1:1"));
    Listener listener(AddressOf("/nonexistent/redis.sock"), {"mediation"}, [](absl::string_view, int64_t) {});
    for (int i = 0; i < 100000; ++i) {
      bell.Ring("mediation", i);
      refused.Ring(absl::StrCat("service", i % 5000), i);  // more services than are kept
    }
    CHECK_FALSE(bell.connected());
    CHECK_FALSE(listener.connected());
  }
  CHECK(absl::Now() - before < absl::Seconds(5));
}

TEST_CASE("without an address the bell is silent") {
  Bell bell(Address{});
  Listener listener(Address{}, {}, [](absl::string_view, int64_t) {});
  bell.Ring("mediation", 1);
  CHECK_FALSE(bell.connected());
  CHECK_FALSE(listener.connected());
}

TEST_CASE("a network that swallows everything is noticed, and left when it carries again") {
  testing::RedisServer server;
  testing::TcpGate gate(server.socket());
  const Address address = AddressOf(absl::StrCat("127.0.0.1:", gate.port()));
  Ears ears;
  Listener listener(address, {"mediation"}, ears.Hear());
  Bell bell(address);
  REQUIRE(RingsThrough(bell, ears, "mediation", 1));
  gate.Blackhole();
  CHECK(WaitUntil([&] { return !bell.connected() && !listener.connected(); }));
  const absl::Time before = absl::Now();
  for (int i = 0; i < 1000; ++i) bell.Ring("mediation", 2);
  CHECK(absl::Now() - before < absl::Milliseconds(400));
  gate.Pass();
  CHECK(RingsThrough(bell, ears, "mediation", 3));
}

TEST_CASE("quiet connections stay") {
  testing::RedisServer server;
  testing::TcpGate gate(server.socket());
  Ears ears;
  Address address = AddressOf(gate.socket());
  address.heartbeat = absl::Milliseconds(100);
  Listener listener(address, {"mediation"}, ears.Hear());
  Bell bell(address);
  REQUIRE(RingsThrough(bell, ears, "mediation", 1));
  const int64_t accepted = gate.accepted();
  // Many heartbeats: nothing may happen, so there is no condition to wait for.
  CHECK_FALSE(
      WaitUntil([&] { return gate.accepted() != accepted || !bell.connected() || !listener.connected(); },
                absl::Milliseconds(600)));
}

TEST_CASE("what is rung last before the end is still sent") {
  testing::RedisServer server;
  Ears ears;
  Listener listener(AddressOf(server.socket()), {"mediation"}, ears.Hear());
  REQUIRE(WaitUntil([&] { return listener.connected(); }));
  for (int64_t i = 1; i <= 20; ++i) {
    Bell bell(AddressOf(server.socket()));
    REQUIRE(WaitUntil([&] { return bell.connected(); }));
    bell.Ring("mediation", i);
  }
  CHECK(WaitUntil([&] { return ears.Last("mediation") == 20; }));
}

TEST_CASE("a message of no sense is not heard, and harms nothing") {
  testing::RedisServer server;
  Ears ears;
  Listener listener(AddressOf(server.socket()), {}, ears.Hear());
  Bell bell(AddressOf(server.socket()));
  REQUIRE(WaitUntil([&] { return listener.connected(); }));
  REQUIRE(testing::RunProgram({testing::FindProgram("redis-cli"), "-s", server.socket(), "PUBLISH",
                               "sifa:bell:mediation", "no number"},
                              "/dev/null", absl::Seconds(10)) == 0);
  CHECK(RingsThrough(bell, ears, "hotline", 1));
  CHECK(ears.Last("mediation") == -1);
}

}  // namespace sifa::redis
