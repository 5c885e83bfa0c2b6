// Turns at something costly for callers that do not trust one another: networks take turns, so that one that asks often makes
// only itself wait. Thread-safe.
#pragma once

#include <list>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "libs/rpc/call.h"

namespace sifa::identity {

// Where a caller stands.
struct Caller {
  std::string network;  // NetworkOf the caller's address
  bool known = false;   // signed in now, or has signed in from there before: goes before strangers
};

// What shares a turn: an IPv4 address, and of an IPv6 address the first 64 bits, since one subscriber has all of the rest. Text
// that is no address stands for itself.
std::string NetworkOf(absl::string_view address);
// Of a call with a token.
Caller CallerOf(const rpc::Call& call);

class FairTurns {
 public:
  // `at_once` callers have a turn at the same time, `waiting` more wait for theirs.
  FairTurns(int at_once, int waiting) : at_once_(at_once), most_waiting_(waiting) {}

  // Waits for a turn. False where too many wait: the one to go is then a stranger before a known caller, of the network with the
  // most who wait, the last to come; not always the one who has just come.
  bool Take(const Caller& caller);
  // REQUIRES: Take was true for this caller.
  void GiveBack(const Caller& caller);

  int waiting() const;

 private:
  enum class State { kWaiting, kTaken, kRefused };
  struct Waiter {
    const Caller* caller;
    State state = State::kWaiting;
    absl::CondVar wake;
  };
  struct Network {
    int present = 0;      // who wait or have a turn
    uint64_t served = 0;  // when it had its last turn
  };

  // All REQUIRE mutex_ to be held.
  void ServeNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RefuseOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Leave(const Caller& caller) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int at_once_;
  const size_t most_waiting_;
  mutable absl::Mutex mutex_;
  std::list<Waiter*> waiting_ ABSL_GUARDED_BY(mutex_);  // as they came
  std::map<std::string, Network> networks_ ABSL_GUARDED_BY(mutex_);
  int taken_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t served_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace sifa::identity
