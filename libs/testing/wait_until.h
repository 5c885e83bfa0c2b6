// Waiting for a condition with a bound, in place of sleeping.
#pragma once

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace sifa::testing {

// Looks at `holds` every 2 ms until it is true or `timeout` has passed; whether it held.
template <class Predicate>
bool WaitUntil(Predicate holds, absl::Duration timeout = absl::Seconds(10)) {
  const absl::Time until = absl::Now() + timeout;
  for (;;) {
    if (holds()) return true;
    if (absl::Now() >= until) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
}

}  // namespace sifa::testing
