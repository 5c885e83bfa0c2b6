#include "services/gateway/rate_limit.h"

#include <algorithm>
#include <chrono>

#include "absl/hash/hash.h"

namespace sifa::gateway {

constexpr int64_t kSweepEveryMs = 10'000;
constexpr int64_t kKnownForMs = 300'000;  // the life of a token

int64_t MonotonicMillis() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

RateLimit::RateLimit(Rate rate) : rate_{rate.per_second, std::max(rate.burst, 1.0)} {}

bool RateLimit::Take(absl::string_view caller, int64_t now_ms) { return Look(caller, now_ms, 1); }
bool RateLimit::Allows(absl::string_view caller, int64_t now_ms) { return Look(caller, now_ms, 0); }

bool RateLimit::Look(absl::string_view caller, int64_t now_ms, double take) {
  if (rate_.per_second <= 0) return true;
  // Only the hash is kept: no token stays in memory. It is seeded by the process, so callers cannot aim at a bucket.
  const uint64_t key = absl::HashOf(caller);
  Shard& shard = shards_[key % shards_.size()];
  const absl::MutexLock lock(&shard.mutex);
  if (now_ms - shard.swept_at_ms > kSweepEveryMs) Sweep(shard, now_ms);
  auto found = shard.buckets.find(key);
  if (found == shard.buckets.end()) {
    if (take == 0) return true;
    found = shard.buckets.emplace(key, Bucket{rate_.burst, now_ms}).first;
  }
  Bucket& bucket = found->second;
  const double grown = static_cast<double>(std::max<int64_t>(now_ms - bucket.filled_at_ms, 0)) * rate_.per_second / 1000;
  bucket.tokens = std::min(rate_.burst, bucket.tokens + grown);
  bucket.filled_at_ms = now_ms;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= take;
  return true;
}

void RateLimit::Sweep(Shard& shard, int64_t now_ms) const {
  shard.swept_at_ms = now_ms;
  const double full_after_ms = rate_.burst / rate_.per_second * 1000;
  absl::erase_if(shard.buckets,
                 [&](const auto& entry) { return static_cast<double>(now_ms - entry.second.filled_at_ms) > full_after_ms; });
}

void KnownCallers::Remember(absl::string_view token, int64_t now_ms) {
  const absl::MutexLock lock(&mutex_);
  if (now_ms - swept_at_ms_ > kSweepEveryMs) {
    swept_at_ms_ = now_ms;
    absl::erase_if(until_ms_, [&](const auto& entry) { return entry.second < now_ms; });
  }
  until_ms_[absl::HashOf(token)] = now_ms + kKnownForMs;
}

void KnownCallers::Forget(absl::string_view token) {
  const absl::MutexLock lock(&mutex_);
  until_ms_.erase(absl::HashOf(token));
}

bool KnownCallers::Knows(absl::string_view token, int64_t now_ms) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = until_ms_.find(absl::HashOf(token));
  return found != until_ms_.end() && found->second >= now_ms;
}

size_t RateLimit::size() const {
  size_t size = 0;
  for (const Shard& shard : shards_) {
    const absl::MutexLock lock(&shard.mutex);
    size += shard.buckets.size();
  }
  return size;
}

}  // namespace sifa::gateway
