// What an operator may set. Times that only tests change have no flag.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "libs/core/clock.h"
#include "services/gateway/networks.h"

namespace sifa::gateway {

using Millis = std::chrono::milliseconds;

// A token bucket: `per_second` calls on average, `burst` at once. per_second 0: no limit.
struct Rate {
  double per_second = 0;
  double burst = 0;
};

struct Options {
  std::string listen = "127.0.0.1:0";
  // Directory with cert.pem and key.pem, shown to front ends.
  std::string https;
  // Directory with ca.pem, cert.pem and key.pem of this process, for calls to the services.
  std::string tls;
  // Service name -> address.
  std::map<std::string, std::string> peers;
  // Proxies whose X-Forwarded-For is believed.
  Networks trusted_proxies;
  int threads = 2;
  bool log_every_request = false;

  size_t max_connections = 10'000;
  size_t max_connections_of_address = 1'000;  // trusted proxies excepted
  size_t max_body = 4 << 20;       // of a request read as a whole
  size_t max_stranger_body = 64 << 10;  // the same where the caller's token is not known to be good
  size_t max_held = 64 << 20;           // bytes of bodies that are held at once, in the whole process
  int max_live = 2'000;                 // streams of changes
  size_t max_line = 1 << 20;       // of an NDJSON upload
  size_t max_head = 16 << 10;
  size_t max_target = 8 << 10;

  Rate per_caller{1000, 2000};     // by token, or by address without one
  Rate per_stranger{20, 60};       // public methods without a token, by address
  Rate per_offender{5, 30};        // refused tokens, by address: guessing does not pay

  Millis default_deadline{15'000};
  Millis max_deadline{60'000};
  Millis stream_deadline{3'600'000};
  Millis worklist_timeout{2'000};  // within which a service answers, or is missing in the worklist over all

  Millis handshake_timeout{10'000};
  Millis head_timeout{10'000};     // from its first byte to its last
  Millis body_timeout{60'000};     // the same for a body read as a whole
  Millis stranger_body_timeout{15'000};  // and where nobody has accepted the caller's token lately
  Millis stall_timeout{30'000};          // within which an upload, or a client reading an answer, moves least_rate
  double least_rate = 1 << 10;           // bytes a second
  Millis answer_margin{5'000};           // beyond a call's deadline, for its answer
  Millis idle_timeout{75'000};     // between requests
  Millis crowded_timeout{2'000};   // for all that no known caller has asked for, while the door is crowded
  Millis drain_timeout{16'000};    // longer than an ordinary call may take
  Millis drain_grace{1'000};       // for a request that is on its way when draining begins
  Millis drain_stall{3'000};       // while draining: a client that moves nothing for so long is given up

  const Clock* clock = nullptr;
};

}  // namespace sifa::gateway
