#include "libs/core/deadline.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "libs/core/status.h"

namespace sifa {
namespace {

thread_local absl::Time current = absl::InfiniteFuture();

}  // namespace

DeadlineScope::DeadlineScope(absl::Time deadline) : previous_(current) { current = std::min(current, deadline); }
DeadlineScope::~DeadlineScope() { current = previous_; }

absl::Time CurrentDeadline() { return current; }

absl::Status CheckDeadline() {
  if (current == absl::InfiniteFuture() || absl::Now() < current) return absl::OkStatus();
  return Error(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED", "请求超时");
}

}  // namespace sifa
