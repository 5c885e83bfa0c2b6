// Limits in minutes: what ends at an instant.
#pragma once

#include <initializer_list>
#include <string>

#include "absl/time/time.h"
#include "libs/casework/act.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "libs/procedure/instant.h"

namespace sifa::corrections {

// Stops limits that end at an instant by an act of which only the day may be known: it had until the end of that day.
template <class T>
absl::Status StopAtInstant(T& record, std::initializer_list<typename T::Limit> limits, const casework::Act& act) {
  const absl::Time at = act.occurred_at().value_or(absl::FromCivil(act.day() + 1, ChinaTime()));
  for (const auto limit : limits) {
    RETURN_IF_ERROR(procedure::StopClock(record.mutable_clocks(), T::Limit_Name(limit), {act.day(), at}));
  }
  return absl::OkStatus();
}

}  // namespace sifa::corrections
