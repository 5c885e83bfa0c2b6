// Instants as objects hold them, of limits in minutes.
#pragma once

#include <initializer_list>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/util/time_util.h"
#include "libs/casework/act.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"

namespace sifa::corrections {

inline google::protobuf::Timestamp StampOf(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}
inline absl::Time TimeOf(const google::protobuf::Timestamp& stamp) {
  return absl::FromUnixMicros(google::protobuf::util::TimeUtil::TimestampToMicroseconds(stamp));
}

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
