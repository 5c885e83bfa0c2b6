// How many streams one caller may have at once: each holds a thread while it lasts, and callers who send slowly must not
// take them all. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace sifa::rpc {

class StreamSeats {
 public:
  explicit StreamSeats(int for_each_caller) : most_(for_each_caller) {}

  // Held until its end; false where the caller had no seat left.
  class Seat {
   public:
    Seat(StreamSeats& seats, std::string caller) : seats_(seats), caller_(std::move(caller)), taken_(seats.Take(caller_)) {}
    ~Seat() {
      if (taken_) seats_.Leave(caller_);
    }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    explicit operator bool() const { return taken_; }

   private:
    StreamSeats& seats_;
    const std::string caller_;
    const bool taken_;
  };

 private:
  bool Take(const std::string& caller) {
    std::lock_guard lock(mutex_);
    int& taken = taken_[caller];
    if (taken >= most_) return false;
    ++taken;
    return true;
  }
  void Leave(const std::string& caller) {
    std::lock_guard lock(mutex_);
    const auto at = taken_.find(caller);
    if (--at->second == 0) taken_.erase(at);
  }

  const int most_;
  std::mutex mutex_;
  std::map<std::string, int> taken_;
};

}  // namespace sifa::rpc
