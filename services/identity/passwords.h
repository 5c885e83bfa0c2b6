// Hashing and checking of passwords, never more than a few at once: each takes 64 MiB and a core for a while.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa::identity {

class Passwords {
 public:
  Passwords();

  // RESOURCE_EXHAUSTED "LOG_IN_BUSY" where too many wait already.
  absl::StatusOr<std::string> Hash(absl::string_view password);
  // An empty hash takes as long as any other and never matches: whether an account exists does not show in
  // the time.
  absl::StatusOr<bool> Verify(absl::string_view hash, absl::string_view password);

 private:
  class Turn;

  std::string dummy_;
  std::mutex mutex_;
  std::condition_variable free_;
  int busy_ = 0;
  int waiting_ = 0;
};

}  // namespace sifa::identity
