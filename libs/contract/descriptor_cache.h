// What is made once per message type and kept for the life of the process.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/descriptor.h"

namespace sifa::contract {

// Thread-safe. Readers look into an immutable map without a lock. A build publishes a larger copy; the old
// maps stay, since readers may hold them, which costs some kilobytes for the root types of a process.
template <class Value>
class DescriptorCache {
 public:
  using Map = absl::flat_hash_map<const google::protobuf::Descriptor*, const Value*>;

  // `build(type, &map)` enters the type, and all others that it makes on the way, into the map and returns
  // its value.
  template <class Build>
  const Value& Get(const google::protobuf::Descriptor* type, Build build) {
    const Map* map = published_.load(std::memory_order_acquire);
    if (const auto at = map->find(type); at != map->end()) return *at->second;
    const absl::MutexLock lock(&mutex_);
    Map* larger = maps_.emplace_back(std::make_unique<Map>(*published_.load(std::memory_order_acquire))).get();
    const Value* value = build(type, larger);
    published_.store(larger, std::memory_order_release);
    return *value;
  }

 private:
  const Map empty_;
  std::atomic<const Map*> published_{&empty_};
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Map>> maps_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sifa::contract
