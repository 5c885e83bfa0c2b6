// Instants as objects hold them: to the microsecond.
#pragma once

#include "absl/time/time.h"
#include "google/protobuf/util/time_util.h"

namespace sifa {

inline google::protobuf::Timestamp StampOf(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}
inline absl::Time TimeOf(const google::protobuf::Timestamp& stamp) {
  return absl::FromUnixMicros(google::protobuf::util::TimeUtil::TimestampToMicroseconds(stamp));
}

}  // namespace sifa
