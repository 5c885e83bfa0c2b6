// Hashing and checking of passwords, never more than a few at once: each takes 64 MiB and a core for a while. Networks take
// turns. Thread-safe.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/identity/fair_turns.h"

namespace sifa::identity {

class Passwords {
 public:
  Passwords();

  // RESOURCE_EXHAUSTED "LOG_IN_BUSY" where too many wait already.
  absl::StatusOr<std::string> Hash(const Caller& caller, absl::string_view password);
  // An empty hash takes as long as any other and never matches: whether an account exists does not show in
  // the time.
  absl::StatusOr<bool> Verify(const Caller& caller, absl::string_view hash, absl::string_view password);

 private:
  class Turn;

  std::string dummy_;
  FairTurns turns_;
};

}  // namespace sifa::identity
