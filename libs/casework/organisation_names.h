// What organisations are called, as identity tells it: for people, who do not read paths.
#pragma once

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"

namespace sifa::casework {

// Thread-safe.
class OrganisationNames {
 public:
  explicit OrganisationNames(std::shared_ptr<grpc::Channel> identity) : identity_(std::move(identity)) {}

  // Of "/33/3307/330783/" "东阳市司法局", at most a minute old; empty where identity does not know it or is away.
  std::string Of(const std::string& path);

 private:
  struct Known {
    std::string name;
    absl::Time until;
  };
  const std::shared_ptr<grpc::Channel> identity_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Known> by_path_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sifa::casework
