// What the whole gateway takes in at once: connections, and bytes of bodies that wait until they are whole. Both are bounded in
// all and by address, so that one address can use up neither for the others. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/node_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/gateway/options.h"

namespace sifa::gateway {

class Door {
 public:
  // `options` outlives the door. Trusted proxies bring the connections of many, and are bounded by the sums alone.
  explicit Door(const Options& options) : options_(options) {}
  Door(const Door&) = delete;

  // One connection's place, held while it is open. Used by one thread at a time.
  class Place {
   public:
    ~Place();
    Place(const Place&) = delete;
    // Says how many bytes of bodies the connection holds from now on, in all. False where there is no room for more: what was
    // held before stays counted.
    bool Hold(size_t bytes);
    const std::string& address() const { return address_; }

   private:
    friend class Door;
    Place(Door& door, std::string address, bool exempt) : door_(door), address_(std::move(address)), exempt_(exempt) {}

    Door& door_;
    const std::string address_;
    const bool exempt_;
    int64_t held_ = 0;
  };

  // Null where the connection is turned away.
  std::unique_ptr<Place> Enter(std::string address);

  int64_t connections() const { return connections_; }
  int64_t held_bytes() const { return held_; }
  // No further connection is let in.
  bool full() const { return connections_ >= static_cast<int64_t>(options_.max_connections); }
  // So many are open that those which do nothing have to make room.
  bool crowded() const { return connections_ >= static_cast<int64_t>(options_.max_connections) / 4 * 3; }

 private:
  struct Share {
    int64_t connections = 0;
    int64_t held = 0;
  };
  void Leave(const Place& place);
  bool Hold(const Place& place, int64_t bytes);

  const Options& options_;
  std::atomic<int64_t> connections_{0};
  std::atomic<int64_t> held_{0};
  absl::Mutex mutex_;
  absl::node_hash_map<std::string, Share> shares_ ABSL_GUARDED_BY(mutex_);  // by address; of those that have a connection
};

}  // namespace sifa::gateway
