// What the bell and the listener share: a thread that connects to Redis, hands the connection to one of them,
// and connects again, ever more slowly, when it was lost. Not for use outside libs/redis.
#pragma once

#include <hiredis/hiredis.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "libs/redis/redis.h"

namespace sifa::redis {

struct FreeRedis {
  void operator()(redisContext* p) const { redisFree(p); }
  void operator()(redisReply* p) const { freeReplyObject(p); }
};
using Connection = std::unique_ptr<redisContext, FreeRedis>;
using Reply = std::unique_ptr<redisReply, FreeRedis>;

constexpr absl::string_view kChannelPrefix = "sifa:bell:";

// Time that no one sets back: since some moment in the past.
absl::Duration Steady();

class Lifeline {
 public:
  enum class Event { kWoken, kReadable, kQuiet };
  // Uses the connection until it is lost or `stopping()`; calls Up() once it does what it is for.
  using Serve = std::function<void(redisContext& connection)>;

  // `role` names it in logs and metrics.
  Lifeline(const Address& address, std::string role);
  ~Lifeline();

  void Start(Serve serve);  // nothing happens where the address is empty
  void Stop();              // and waits for the thread

  // From any thread: makes a Wait return, now or the next time.
  void Wake();
  bool connected() const { return connected_; }

  // For Serve:
  Event Wait(redisContext& connection, absl::Duration limit);
  bool stopping() const { return stopping_; }
  void Up();

 private:
  void Run(const Serve& serve);
  Connection Connect();
  void Down(const std::string& cause);
  void Pause();

  const Address address_;
  const std::string role_;
  const int wake_;  // eventfd
  std::atomic<bool> stopping_{false};
  std::atomic<bool> connected_{false};
  bool told_away_ = false;  // so that an absence is logged once, not at each attempt
  absl::Duration pause_;
  std::thread thread_;
};

}  // namespace sifa::redis
