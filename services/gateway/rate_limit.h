// Token buckets by caller. Thread-safe; a look-up takes one of 64 locks for some 50 ns.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "services/gateway/options.h"

namespace sifa::gateway {

// A monotonic time in milliseconds.
int64_t MonotonicMillis();

class RateLimit {
 public:
  explicit RateLimit(Rate rate);

  // Takes one token of the caller's bucket; false where it is empty. A rate of 0 always allows.
  bool Take(absl::string_view caller, int64_t now_ms);
  // Whether Take would succeed.
  bool Allows(absl::string_view caller, int64_t now_ms);
  size_t size() const;

 private:
  struct Bucket {
    double tokens;
    int64_t filled_at_ms;
  };
  struct Shard {
    mutable absl::Mutex mutex;
    absl::flat_hash_map<uint64_t, Bucket> buckets ABSL_GUARDED_BY(mutex);
    int64_t swept_at_ms ABSL_GUARDED_BY(mutex) = 0;
  };
  bool Look(absl::string_view caller, int64_t now_ms, double take);
  // Full buckets say nothing and are dropped, so that a flood of made-up callers costs memory only for a while.
  void Sweep(Shard& shard, int64_t now_ms) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  const Rate rate_;
  std::array<Shard, 64> shards_;
};

// Whose token a service has accepted lately: the gateway itself checks none. Thread-safe.
class KnownCallers {
 public:
  void Remember(absl::string_view token, int64_t now_ms);
  void Forget(absl::string_view token);
  bool Knows(absl::string_view token, int64_t now_ms) const;

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<uint64_t, int64_t> until_ms_ ABSL_GUARDED_BY(mutex_);  // by hash: no token stays in memory
  int64_t swept_at_ms_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace sifa::gateway
