// Figures of the gateway, resolved once per route; nothing is looked up by name on the way of a request.
#pragma once

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "libs/telemetry/code_counters.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"

namespace sifa::gateway {

// Thread-safe.
class RouteMetrics {
 public:
  explicit RouteMetrics(std::string pattern);
  // A call has ended.
  void Observe(absl::StatusCode code, double seconds);
  // Refused by the gateway before it became a call.
  void Count(absl::StatusCode code);
  // Whether a failure may be logged: so many a second for each route. A service that is away would otherwise fill the
  // disk with one line a request. *skipped: how many were not since the last that was.
  bool MayLog(int64_t now_ms, int64_t* skipped);

 private:
  const std::string pattern_;
  prometheus::Histogram& latency_;
  telemetry::CodeCounters by_code_;
  std::atomic<int64_t> log_second_{0};
  std::atomic<int64_t> logged_{0}, skipped_{0};
};

// What belongs to no route. The names of the metrics stand in route_metrics.cc.
struct ProcessMetrics {
  prometheus::Gauge& in_flight;
  prometheus::Gauge& connections;
  prometheus::Gauge& most_connections;
  prometheus::Gauge& live;
  prometheus::Gauge& most_live;
  prometheus::Counter& accepted;
  prometheus::Gauge& body_bytes;
  prometheus::Counter& bodies_refused;   // no room for them
  prometheus::Counter& turned_away;      // over the limit of connections
  prometheus::Counter& turned_away_by_address;
  prometheus::Counter& handshakes_failed;
  prometheus::Counter& unrouted;         // answered 404, 405
  prometheus::Counter& malformed;        // not HTTP
  prometheus::Counter& limited;          // answered 429 by the gateway itself
  prometheus::Counter& abandoned;        // the client went away before the answer, or was given up

  static ProcessMetrics& Get();
};

// gRPC's name of a code, "INVALID_ARGUMENT".
absl::string_view CodeName(absl::StatusCode code);

// The state of the connections to a service, read at each scrape: 0 idle, 1 connecting, 2 ready, 3 failing.
prometheus::Gauge& BackendState(const std::string& peer);

}  // namespace sifa::gateway
