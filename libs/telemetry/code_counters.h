// Counters of one thing by status code. What alerts ask for by its increase is there from the start, at 0, since an increase of a
// series that was not there is not seen; the others come into being with their first event, lest every method have seventeen.
// Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "prometheus/counter.h"

namespace sifa::telemetry {

class CodeCounters {
 public:
  // `make` gives the counter of a code, "INVALID_ARGUMENT".
  using Make = std::function<prometheus::Counter&(const std::string& code)>;
  explicit CodeCounters(Make make) : make_(std::move(make)) {
    for (const auto code : {absl::StatusCode::kOk, absl::StatusCode::kInternal, absl::StatusCode::kDataLoss,
                            absl::StatusCode::kUnavailable, absl::StatusCode::kDeadlineExceeded}) {
      Of(code);
    }
  }
  void Increment(absl::StatusCode code) { Of(code).Increment(); }

 private:
  prometheus::Counter& Of(absl::StatusCode code) {
    std::atomic<prometheus::Counter*>& slot = counters_[static_cast<size_t>(code) % counters_.size()];
    prometheus::Counter* counter = slot.load(std::memory_order_acquire);
    if (counter == nullptr) {
      counter = &make_(absl::StatusCodeToString(code));
      slot.store(counter, std::memory_order_release);
    }
    return *counter;
  }

  const Make make_;
  std::array<std::atomic<prometheus::Counter*>, 17> counters_{};
};

}  // namespace sifa::telemetry
