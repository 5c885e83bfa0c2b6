// Until when the call in hand is waited for. The door says it for the thread that handles the call; what blocks deep below
// (the database) asks for it, and so gives up when nobody listens any more.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace sifa {

// The earlier one counts where scopes nest. Real time, not the suite's clock. Of one thread.
class DeadlineScope {
 public:
  explicit DeadlineScope(absl::Time deadline);
  ~DeadlineScope();
  DeadlineScope(const DeadlineScope&) = delete;
  DeadlineScope& operator=(const DeadlineScope&) = delete;

 private:
  const absl::Time previous_;
};

// absl::InfiniteFuture() outside any scope.
absl::Time CurrentDeadline();
// DEADLINE_EXCEEDED once it has passed.
absl::Status CheckDeadline();

}  // namespace sifa
