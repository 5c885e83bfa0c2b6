// 开放时间: when a service point serves. A day has the hours of the exceptions dated on it, where there are any, and otherwise
// those of every rule that holds on it. Hours are half open, and may go through midnight into the next day.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/calendar/calendar.h"

namespace sifa::hotline::circle {

// Minutes after the midnight with which their day begins; `to` is behind `from`, and beyond 1440 where they go through midnight.
struct Hours {
  int from = 0;
  int to = 0;
};

// "08:30", "17:30"; "22:00", "06:00" goes through midnight; "00:00", "24:00" is the whole day. Nothing where they are none.
std::optional<Hours> ReadHours(absl::string_view from, absl::string_view to);

// The days of a rule: WORKING_DAY, DAY_OFF (by the calendar), MON to SUN, or MON#1 to SUN#5, the first to fifth of the month.
class Days {
 public:
  static std::optional<Days> Read(absl::string_view text);
  // A year of which no notice is known goes by its weeks: whoever asks is told the likely hours rather than none.
  bool Include(absl::CivilDay day, const calendar::Calendar& calendar) const;

 private:
  enum class Kind { kWorkingDay, kDayOff, kWeekday };
  Kind kind_ = Kind::kWorkingDay;
  absl::Weekday weekday_ = absl::Weekday::monday;
  int of_month_ = 0;  // 0: each
};

struct Rule {
  Days days;
  Hours hours;
};
struct Exception {
  absl::CivilDay day;
  std::optional<Hours> hours;  // nothing: closed
};

class Timetable {
 public:
  Timetable(std::vector<Rule> rules, std::vector<Exception> exceptions)
      : rules_(std::move(rules)), exceptions_(std::move(exceptions)) {}

  std::vector<Hours> On(absl::CivilDay day, const calendar::Calendar& calendar) const;
  bool IsOpen(absl::Time at, const calendar::Calendar& calendar) const {
    return ServedAt(at, absl::ZeroDuration(), calendar, 0) == at;
  }
  // The first instant from `arrival` on at which it serves for another `margin` at least. Nothing within so many days.
  std::optional<absl::Time> ServedAt(absl::Time arrival, absl::Duration margin, const calendar::Calendar& calendar,
                                     int days_ahead = 60) const;

 private:
  const std::vector<Rule> rules_;
  const std::vector<Exception> exceptions_;
};

}  // namespace sifa::hotline::circle
