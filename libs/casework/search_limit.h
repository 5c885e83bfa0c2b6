// How often one caller looks for people by their personal data: often enough for whoever attends to people, too seldom for
// whoever tries numbers one after another. Of this process. Thread-safe.
#pragma once

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace sifa::casework {

class SearchLimit {
 public:
  static constexpr int kUsual = 30;

  // 0: none.
  void set_per_minute(int count) { per_minute_ = count; }

  // Whether the caller may search once more in this minute.
  bool Take(const std::string& caller, absl::Time now) {
    const absl::MutexLock lock(&mutex_);
    const int64_t minute = absl::ToUnixSeconds(now) / 60;
    if (minute != minute_) {
      minute_ = minute;
      searches_.clear();
    }
    return per_minute_ == 0 || ++searches_[caller] <= per_minute_;
  }

 private:
  absl::Mutex mutex_;
  int per_minute_ = kUsual;
  int64_t minute_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, int> searches_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sifa::casework
