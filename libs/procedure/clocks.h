// Limits of an object: started, stopped, suspended, resumed, extended; and how they stand on a day. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/repeated_field.h"
#include "libs/calendar/periods.h"
#include "sifa/casework/v1/casework.pb.h"

namespace sifa::procedure {

using Clocks = google::protobuf::RepeatedPtrField<casework::v1::Clock>;

// The clock of that kind, or nullptr. An object has at most one of each kind; starting it again replaces it.
casework::v1::Clock* FindClock(Clocks* clocks, const std::string& kind);
const casework::v1::Clock* FindClock(const Clocks& clocks, const std::string& kind);

// A TERM is of whole years.
absl::Status StartClock(Clocks* clocks, const std::string& kind, const std::string& label, const calendar::Period& period,
                        absl::string_view article, absl::CivilDay from, const calendar::Calendar& calendar);
// A limit that the parties or a decision set: it ends on that date and is not computed.
void StartAgreedClock(Clocks* clocks, const std::string& kind, const std::string& label, absl::CivilDay from, absl::CivilDay until);
// No effect on a clock that is not there or already stopped.
void StopClock(Clocks* clocks, const std::string& kind, absl::CivilDay on);
void SuspendClock(Clocks* clocks, const std::string& kind, absl::CivilDay on, const std::string& reason);
// The suspended days do not count: the last day is computed again without them, or put off by them where it was agreed.
absl::Status ResumeClock(Clocks* clocks, const std::string& kind, absl::CivilDay on, const calendar::Calendar& calendar);
// INVALID_ARGUMENT "EXTENSION_NOT_LATER" unless `until` is after the present last day.
absl::Status ExtendClock(Clocks* clocks, const std::string& kind, absl::CivilDay until);

// Whether a notice of holidays may move the clock: it runs and was computed, or it has ended and was provisional or late.
bool MayMove(const casework::v1::Clock& clock);
// Computes again by `calendar` the clocks that a notice may move; what has changed, in words. What ended is judged again in
// favour of who acted and never against him: an act that was in time by the notices of its day stays so.
absl::StatusOr<std::vector<std::string>> SettleClocks(Clocks* clocks, const calendar::Calendar& calendar, absl::CivilDay today);

// No holiday, with the days off before and after it, has lasted longer.
constexpr int kLongestRollOver = 14;
// The last day on which it is not too late. A provisional limit may still roll over, so it is given the longest that it can: a
// lawful act is not refused for want of a calendar, nor called late.
inline absl::CivilDay LastDay(absl::CivilDay due_on, bool provisional) { return due_on + (provisional ? kLongestRollOver : 0); }
absl::CivilDay LastDay(const casework::v1::Clock& clock);
bool IsPast(const casework::v1::Clock& clock, absl::CivilDay day);

// Why a clock ends on its day (为什么是这一天), step by step in plain Chinese.
absl::StatusOr<std::vector<std::string>> ExplainClock(const casework::v1::Clock& clock, const calendar::Calendar& calendar);

// Of a running limit that nothing is known of but its day.
casework::v1::Clock::Colour ColourOn(absl::CivilDay due_on, bool provisional, absl::CivilDay today, int warn_days);
// No colour once a right has lapsed or a target has passed.
casework::v1::Clock::Colour ColourOn(const casework::v1::Clock& clock, absl::CivilDay today, int warn_days);
// The running clock that is due first, one that is past before a provisional one of an earlier day that may not be; a right that
// has lapsed is due no more, and a target never is.
const casework::v1::Clock* NextDue(const Clocks& clocks, absl::CivilDay today);
// Whether a right of the parties still runs.
bool HasRunningRight(const Clocks& clocks, absl::CivilDay today);

}  // namespace sifa::procedure
