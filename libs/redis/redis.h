// Redis as a doorbell: "service X has something new, up to position N" for whoever follows X's journal. Only
// a hint to look at once instead of at the next poll: rings may be lost, merged or heard twice, and nothing
// waits or fails because Redis is away. A ring carries a service's name and a number, never anything about a
// person.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace sifa::redis {

// Where Redis is: `socket`, `host` and `port`, or what the sentinels say; none of them means that there is none, and bells stay
// silent.
struct Address {
  std::string socket;
  std::string host;
  int port = 0;
  // Sentinels, which are asked at each connecting where the master named `master` is now. They are asked without a password.
  std::string master;
  std::vector<std::pair<std::string, int>> sentinels;
  std::string user;      // of the ACL; the default one where empty
  std::string password;  // sent where not empty
  // Silence after which a connection is asked whether it still lives: a peer that vanished says no goodbye.
  absl::Duration heartbeat = absl::Seconds(10);

  bool empty() const { return socket.empty() && host.empty() && sentinels.empty(); }
};

// "/run/redis.sock", "unix:/run/redis.sock", "redis.local:6379", "[::1]:6379" or ""; with `master` the sentinels, separated by
// commas: "a:26379,b:26379". INVALID_ARGUMENT with REDIS_ADDRESS_MALFORMED for anything else.
absl::StatusOr<Address> ParseAddress(absl::string_view text, const std::string& master = "");

// Thread-safe.
class Bell {
 public:
  explicit Bell(
      const Address& address);  // returns at once; connects, and connects again, on a thread of its own
  ~Bell();                      // sends what waits if Redis is there; takes a second at most

  // Returns at once. Rings of one service that wait to be sent are merged into the one with the highest
  // position, so what waits is bounded, and the latest news is never dropped for old.
  void Ring(absl::string_view service, int64_t position);
  bool connected() const;

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

// Calls `heard` on a thread of its own. It should only wake another: while it runs nothing else is heard.
// After an absence of Redis it listens again by itself; what was rung meanwhile is not heard, so followers
// also poll.
class Listener {
 public:
  using Heard = std::function<void(absl::string_view service, int64_t position)>;

  // No services means all of them.
  Listener(const Address& address, const std::vector<std::string>& services, Heard heard);
  ~Listener();  // after it `heard` does not run; not to be called from `heard`

  bool connected() const;  // subscribed

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace sifa::redis
