// Who waits for whom at the hashing of passwords (finding: log-in can be denied to all).
#include "services/identity/fair_turns.h"

#include <catch2/catch.hpp>
#include <deque>
#include <thread>
#include <vector>

#include "libs/testing/wait_until.h"

namespace sifa::identity {
namespace {

// One turn at once, held until Next() is asked for; callers come one after another.
class Door {
 public:
  explicit Door(int waiting) : turns_(1, waiting) { turns_.Take(holder_); }
  ~Door() {
    for (auto& thread : threads_) thread.join();
  }

  void Come(const std::string& name, const Caller& caller, int waiting_then) {
    threads_.emplace_back([this, name, caller] {
      const bool taken = turns_.Take(caller);
      {
        std::lock_guard lock(mutex_);
        (taken ? served_ : refused_).push_back(name);
      }
      if (taken) turns_.GiveBack(caller);
    });
    REQUIRE(testing::WaitUntil([&] { return turns_.waiting() == waiting_then && Settled(); }, absl::Seconds(5)));
  }
  // All who wait, in the order in which they had their turn.
  std::vector<std::string> Served() {
    turns_.GiveBack(holder_);
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    return served_;
  }
  std::vector<std::string> refused() {
    std::lock_guard lock(mutex_);
    return refused_;
  }

 private:
  // Everybody who came waits or has been refused.
  bool Settled() {
    std::lock_guard lock(mutex_);
    return static_cast<size_t>(turns_.waiting()) + refused_.size() == threads_.size();
  }

  const Caller holder_{"holder", true};
  FairTurns turns_;
  std::mutex mutex_;
  std::vector<std::string> served_, refused_;
  std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("Networks take turns, whoever came first") {
  Door door(8);
  for (int i = 1; i <= 4; ++i) door.Come("flood" + std::to_string(i), {"10.0.0.1"}, i);
  door.Come("other1", {"10.0.0.2"}, 5);
  door.Come("other2", {"10.0.0.2"}, 6);
  CHECK(door.Served() == std::vector<std::string>{"flood1", "other1", "flood2", "other2", "flood3", "flood4"});
}

TEST_CASE("A caller who has signed in from there before goes before strangers") {
  Door door(8);
  for (int i = 1; i <= 3; ++i) door.Come("stranger" + std::to_string(i), {"10.0.0." + std::to_string(i)}, i);
  door.Come("known", {"10.0.0.9", true}, 4);
  CHECK(door.Served() == std::vector<std::string>{"known", "stranger1", "stranger2", "stranger3"});
}

TEST_CASE("Where no room is left, it is the network with the most who wait that gives way") {
  Door door(4);
  for (int i = 1; i <= 4; ++i) door.Come("flood" + std::to_string(i), {"10.0.0.1"}, i);
  door.Come("flood5", {"10.0.0.1"}, 4);
  CHECK(door.refused() == std::vector<std::string>{"flood5"});
  door.Come("other", {"10.0.0.2"}, 4);
  CHECK(door.refused() == std::vector<std::string>{"flood5", "flood4"});
  for (int i = 1; i <= 4; ++i) door.Come("known" + std::to_string(i), {"10.0.0.9", true}, 4);
  CHECK(door.refused() == std::vector<std::string>{"flood5", "flood4", "flood3", "flood2", "other", "flood1"});
  door.Come("stranger", {"10.0.0.3"}, 4);
  CHECK(door.refused().back() == "stranger");
  CHECK(door.Served() == std::vector<std::string>{"known1", "known2", "known3", "known4"});
}

TEST_CASE("A network is an IPv4 address, or the 64 bits that one subscriber of IPv6 has") {
  CHECK(NetworkOf("192.0.2.1") == "192.0.2.1");
  CHECK(NetworkOf("::ffff:192.0.2.1") == "192.0.2.1");
  CHECK(NetworkOf("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::");
  CHECK(NetworkOf("2001:db8:1:2::7") == "2001:db8:1:2::");
  CHECK(NetworkOf("2001:db8:1:3::7") == "2001:db8:1:3::");
  CHECK(NetworkOf("") == "");
}

}  // namespace sifa::identity
