#include "services/gateway/door.h"

#include "services/gateway/route_metrics.h"

namespace sifa::gateway {

std::unique_ptr<Door::Place> Door::Enter(std::string address) {
  const bool exempt = options_.trusted_proxies.Contain(address);
  const absl::MutexLock lock(&mutex_);
  if (full()) {
    ProcessMetrics::Get().turned_away.Increment();
    return nullptr;
  }
  Share& share = shares_[address];
  if (!exempt && share.connections >= static_cast<int64_t>(options_.max_connections_of_address)) {
    ProcessMetrics::Get().turned_away_by_address.Increment();
    return nullptr;
  }
  ++share.connections;
  ++connections_;
  return std::unique_ptr<Place>(new Place(*this, std::move(address), exempt));
}

Door::Place::~Place() { door_.Leave(*this); }

void Door::Leave(const Place& place) {
  const absl::MutexLock lock(&mutex_);
  const auto share = shares_.find(place.address_);
  share->second.held -= place.held_;
  held_ -= place.held_;
  --connections_;
  if (--share->second.connections == 0) shares_.erase(share);
  ProcessMetrics::Get().body_bytes.Set(static_cast<double>(held_.load()));
}

bool Door::Place::Hold(size_t bytes) {
  const auto wanted = static_cast<int64_t>(bytes);
  if (wanted == held_) return true;
  if (!door_.Hold(*this, wanted)) return false;
  held_ = wanted;
  return true;
}

bool Door::Hold(const Place& place, int64_t bytes) {
  const absl::MutexLock lock(&mutex_);
  Share& share = shares_[place.address_];
  const int64_t more = bytes - place.held_;
  if (more > 0) {
    // A quarter is kept for small bodies, so that large ones never stop the ordinary calls; a quarter is what one address gets.
    const auto most = static_cast<int64_t>(options_.max_held);
    const bool small = bytes <= static_cast<int64_t>(options_.max_stranger_body);
    const bool room = held_ + more <= (small ? most : most / 4 * 3) && (place.exempt_ || share.held + more <= most / 4);
    if (!room) {
      ProcessMetrics::Get().bodies_refused.Increment();
      return false;
    }
  }
  share.held += more;
  held_ += more;
  ProcessMetrics::Get().body_bytes.Set(static_cast<double>(held_.load()));
  return true;
}

}  // namespace sifa::gateway
