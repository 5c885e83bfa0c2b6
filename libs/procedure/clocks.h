// Limits of an object: started, stopped, suspended, resumed, extended; and how they stand at an instant. Pure.
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

// When something was done: its day, and its instant where that is known.
struct When {
  absl::CivilDay day;
  std::optional<absl::Time> at;

  When(absl::CivilDay on, std::optional<absl::Time> instant = std::nullopt) : day(on), at(instant) {}
};

// A TERM is of whole years. INVALID_ARGUMENT "INSTANT_MISSING" for a limit in hours of which only the day is known.
absl::Status StartClock(Clocks* clocks, const std::string& kind, const std::string& label, const calendar::Period& period,
                        absl::string_view article, const When& from, const calendar::Calendar& calendar);
// A limit that the parties or a decision set: it ends on that date and is not computed.
void StartAgreedClock(Clocks* clocks, const std::string& kind, const std::string& label, absl::CivilDay from, absl::CivilDay until);
// The same that ends at an instant: what is done before it is in time.
void StartAgreedClock(Clocks* clocks, const std::string& kind, const std::string& label, absl::CivilDay from, absl::Time until);
// No effect on a clock that is not there or already stopped. INVALID_ARGUMENT "INSTANT_MISSING" as of StartClock.
absl::Status StopClock(Clocks* clocks, const std::string& kind, const When& when);
// FAILED_PRECONDITION "HOURS_NOT_SUSPENDED" for a limit in hours: it runs on through everything.
absl::Status SuspendClock(Clocks* clocks, const std::string& kind, absl::CivilDay on, const std::string& reason);
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
// A limit in hours is past at its end; one in days when its last day is.
bool IsPast(const casework::v1::Clock& clock, absl::Time at);
// Whether it was stopped too late.
bool EndedLate(const casework::v1::Clock& clock);
// The end of a limit in hours, or of one agreed to an instant: what is done before it is in time.
std::optional<absl::Time> DueAt(const casework::v1::Clock& clock);

// "2024-10-08"; of a limit in hours "2024-10-08 15:00".
std::string EndInWords(const casework::v1::Clock& clock);

// Why a clock ends on its day (为什么是这一天), step by step in plain Chinese.
absl::StatusOr<std::vector<std::string>> ExplainClock(const casework::v1::Clock& clock, const calendar::Calendar& calendar);

// One that ends at an instant turns yellow so long before its end; not at all where its kind warns no days before.
inline absl::Duration WarningAhead(int warn_days) { return warn_days == 0 ? absl::ZeroDuration() : absl::Hours(6); }
// Of a running limit that nothing is known of but its end: its last day and, of one in hours, the instant.
casework::v1::Clock::Colour ColourAt(absl::CivilDay due_on, std::optional<absl::Time> due_at, bool provisional, absl::Time now,
                                     int warn_days);
// No colour once a right has lapsed or a target has passed.
casework::v1::Clock::Colour ColourAt(const casework::v1::Clock& clock, absl::Time now, int warn_days);
// The running clock that is due first, one that is past before a provisional one of an earlier day that may not be; a right that
// has lapsed is due no more, and a target never is.
const casework::v1::Clock* NextDue(const Clocks& clocks, absl::CivilDay today);
// Whether a right of the parties still runs.
bool HasRunningRight(const Clocks& clocks, absl::CivilDay today);

}  // namespace sifa::procedure
