// 开放时间 as messages tell it (opening.proto): checked, and as a timetable.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/hotline/circle/timetable.h"
#include "sifa/hotline/v1/opening.pb.h"

namespace sifa::hotline {

using Openings = google::protobuf::RepeatedPtrField<v1::Opening>;
using DatedOpenings = google::protobuf::RepeatedPtrField<v1::DatedOpening>;

// INVALID_ARGUMENT "HOURS_MALFORMED", of the fields `openings` and `exceptions`.
absl::Status CheckOpenings(const Openings& openings, const DatedOpenings& exceptions);
// REQUIRES: checked.
circle::Timetable TimetableOf(const Openings& openings, const DatedOpenings& exceptions);

}  // namespace sifa::hotline
