#include "libs/telemetry/metrics.h"

#include <cstdlib>
#include <exception>

#include "absl/synchronization/mutex.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/process_metrics.h"
#include "prometheus/text_serializer.h"

namespace sifa::telemetry {
namespace {

// Never destroyed: threads that outlive main may still count.
prometheus::Registry& Registry() {
  static auto* const registry = new prometheus::Registry;
  return *registry;
}

struct Hooks {
  absl::Mutex mutex;
  int64_t last_id ABSL_GUARDED_BY(mutex) = 0;
  std::map<int64_t, std::function<void()>> reads ABSL_GUARDED_BY(mutex);
};

Hooks& TheHooks() {
  static auto* const hooks = new Hooks;
  return *hooks;
}

int64_t AddHook(std::function<void()> read) {
  Hooks& hooks = TheHooks();
  const absl::MutexLock lock(&hooks.mutex);
  hooks.reads.emplace(++hooks.last_id, std::move(read));
  return hooks.last_id;
}

[[noreturn]] void EndOfProgram(const std::string& name, const std::exception& fault) {
  Error("metric_refused", {{"metric", name}, {"fault", fault.what()}});
  std::abort();
}

// `builder` is what BuildCounter() and its like return. Asking again for a name and labels gives the same
// metric.
template <class Builder, class... Args>
auto& AddMetric(Builder builder, const std::string& name, const std::string& help, const Labels& labels,
                const Args&... args) {
  try {
    return builder.Name(name).Help(help).Register(Registry()).Add(labels, args...);
  } catch (const std::exception& fault) {
    EndOfProgram(name, fault);
  }
}

}  // namespace

prometheus::Counter& Counter(const std::string& name, const std::string& help, const Labels& labels) {
  return AddMetric(prometheus::BuildCounter(), name, help, labels);
}

prometheus::Gauge& Gauge(const std::string& name, const std::string& help, const Labels& labels) {
  return AddMetric(prometheus::BuildGauge(), name, help, labels);
}

prometheus::Histogram& Latency(const std::string& name, const std::string& help, const Labels& labels) {
  const prometheus::Histogram::BucketBoundaries seconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                           0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  return AddMetric(prometheus::BuildHistogram(), name, help, labels, seconds);
}

void OnScrape(std::function<void()> read) { AddHook(std::move(read)); }

ScrapeHook::ScrapeHook(std::function<void()> read) : id_(AddHook(std::move(read))) {}

ScrapeHook::~ScrapeHook() {
  Hooks& hooks = TheHooks();
  const absl::MutexLock lock(&hooks.mutex);
  hooks.reads.erase(id_);
}

std::string ScrapeText() {
  {
    Hooks& hooks = TheHooks();
    const absl::MutexLock lock(&hooks.mutex);
    ReadProcessMetrics();
    for (const auto& [id, read] : hooks.reads) read();
  }
  return prometheus::TextSerializer().Serialize(Registry().Collect());
}

}  // namespace sifa::telemetry
