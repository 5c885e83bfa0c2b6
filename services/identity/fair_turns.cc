#include "services/identity/fair_turns.h"

#include <arpa/inet.h>

#include <algorithm>

namespace sifa::identity {

std::string NetworkOf(absl::string_view address) {
  const std::string text(address);
  in6_addr v6;
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return text;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    char v4[INET_ADDRSTRLEN];
    return inet_ntop(AF_INET, v6.s6_addr + 12, v4, sizeof v4);
  }
  std::fill(v6.s6_addr + 8, v6.s6_addr + 16, 0);
  char network[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, &v6, network, sizeof network);
}

Caller CallerOf(const rpc::Call& call) { return {NetworkOf(call.caller_address()), call.signed_in()}; }

bool FairTurns::Take(const Caller& caller) {
  const absl::MutexLock lock(&mutex_);
  Waiter me{.caller = &caller};
  ++networks_[caller.network].present;
  waiting_.push_back(&me);
  ServeNext();
  if (waiting_.size() > most_waiting_) RefuseOne();
  while (me.state == State::kWaiting) me.wake.Wait(&mutex_);
  if (me.state == State::kTaken) return true;
  Leave(caller);
  return false;
}

void FairTurns::GiveBack(const Caller& caller) {
  const absl::MutexLock lock(&mutex_);
  --taken_;
  Leave(caller);
  ServeNext();
}

int FairTurns::waiting() const {
  const absl::MutexLock lock(&mutex_);
  return static_cast<int>(waiting_.size());
}

void FairTurns::ServeNext() {
  while (taken_ < at_once_ && !waiting_.empty()) {
    const auto next = std::min_element(waiting_.begin(), waiting_.end(), [&](const Waiter* a, const Waiter* b) {
      mutex_.AssertHeld();
      if (a->caller->known != b->caller->known) return a->caller->known;
      return networks_[a->caller->network].served < networks_[b->caller->network].served;
    });
    Waiter* waiter = *next;
    waiting_.erase(next);
    networks_[waiter->caller->network].served = ++served_;
    ++taken_;
    waiter->state = State::kTaken;
    waiter->wake.Signal();
  }
}

void FairTurns::RefuseOne() {
  std::map<std::string, int> many;
  for (const Waiter* waiter : waiting_) ++many[waiter->caller->network];
  // From the back, so that among equals it is the last to come.
  const auto last = std::max_element(waiting_.rbegin(), waiting_.rend(), [&](const Waiter* a, const Waiter* b) {
    if (a->caller->known != b->caller->known) return a->caller->known;
    return many[a->caller->network] < many[b->caller->network];
  });
  Waiter* waiter = *last;
  waiting_.erase(std::next(last).base());
  waiter->state = State::kRefused;
  waiter->wake.Signal();
}

void FairTurns::Leave(const Caller& caller) {
  const auto network = networks_.find(caller.network);
  if (--network->second.present == 0) networks_.erase(network);
}

}  // namespace sifa::identity
