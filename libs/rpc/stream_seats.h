// How many streams one caller, and one address, may have at once: each holds a thread while it lasts, and those who send slowly
// must not take them all. Thread-safe.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace sifa::rpc {

class StreamSeats {
 public:
  StreamSeats(int of_caller, int of_address) : of_caller_(of_caller), of_address_(of_address) {}

  // Held until its end; false where the caller or the address had no seat left. An empty address, as of processes of the suite,
  // is not counted.
  class Seat {
   public:
    Seat(StreamSeats& seats, std::string caller, std::string address)
        : seats_(seats), caller_(std::move(caller)), address_(std::move(address)), taken_(seats.Take(*this)) {}
    ~Seat() {
      if (taken_) seats_.Leave(*this);
    }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    explicit operator bool() const { return taken_; }

   private:
    friend class StreamSeats;
    StreamSeats& seats_;
    const std::string caller_, address_;
    const bool taken_;
  };

 private:
  using Taken = std::map<std::string, int>;

  bool Take(const Seat& seat) {
    const absl::MutexLock lock(&mutex_);
    if (Of(callers_, seat.caller_) >= of_caller_ || Of(addresses_, seat.address_) >= of_address_) return false;
    ++callers_[seat.caller_];
    if (!seat.address_.empty()) ++addresses_[seat.address_];
    return true;
  }
  void Leave(const Seat& seat) {
    const absl::MutexLock lock(&mutex_);
    Leave(callers_, seat.caller_);
    Leave(addresses_, seat.address_);
  }
  static int Of(const Taken& taken, const std::string& whose) {
    const auto at = taken.find(whose);
    return at == taken.end() ? 0 : at->second;
  }
  static void Leave(Taken& taken, const std::string& whose) {
    const auto at = taken.find(whose);
    if (at != taken.end() && --at->second == 0) taken.erase(at);
  }

  const int of_caller_, of_address_;
  absl::Mutex mutex_;
  Taken callers_ ABSL_GUARDED_BY(mutex_), addresses_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sifa::rpc
