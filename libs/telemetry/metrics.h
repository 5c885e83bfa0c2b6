// Prometheus metrics of one process. A module declares its metrics in one block and resolves label values
// once; the returned references live as long as the process. A name or label that Prometheus does not allow,
// or a name used for two kinds of metric, is a fault of the program and ends it. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace sifa::telemetry {

using Labels = std::map<std::string, std::string>;

prometheus::Counter& Counter(const std::string& name, const std::string& help, const Labels& labels = {});
prometheus::Gauge& Gauge(const std::string& name, const std::string& help, const Labels& labels = {});
// Seconds, buckets from 0.5 ms to 10 s.
prometheus::Histogram& Latency(const std::string& name, const std::string& help, const Labels& labels = {});
// `read` runs at each scrape, to set gauges from pools, lags and queues, for the rest of the process: what it
// touches must live as long. It must not block nor add hooks.
void OnScrape(std::function<void()> read);
// The same until the hook is destroyed: for objects that end before the process. Destruction waits for a
// running `read`.
class ScrapeHook {
 public:
  explicit ScrapeHook(std::function<void()> read);
  ~ScrapeHook();
  ScrapeHook(const ScrapeHook&) = delete;
  ScrapeHook& operator=(const ScrapeHook&) = delete;

 private:
  const int64_t id_;
};
// Runs the hooks and writes all metrics in Prometheus' text format: the body of /metrics.
std::string ScrapeText();

// The inner plain HTTP port of a process: /metrics, /healthz (alive), /readyz (200 or 503 with the failing
// checks, one a line). Serves until destroyed.
class InnerServer {
 public:
  struct Check {
    std::string name;
    std::function<absl::Status()> run;  // must return within a second; thread-safe
    bool warns = false;                 // told by /readyz, which says that the process is ready all the same
  };
  // `address` "127.0.0.1:0" picks a free port.
  static absl::StatusOr<std::unique_ptr<InnerServer>> Start(const std::string& address,
                                                            std::vector<Check> checks);
  virtual ~InnerServer() = default;
  virtual int port() const = 0;
};

}  // namespace sifa::telemetry
