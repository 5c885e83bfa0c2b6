// Which days are working days (工作日): the State Council's holidays and make-up working days, as data.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace sifa::calendar {

enum class DayKind {
  kWorkday,  // 工作日
  kWeekend,  // 周末
  kHoliday,  // 节假日, with the days off that a notice joins to it
  kMakeup,   // 调休上班日: a weekend day on which one works
};

struct Day {
  absl::CivilDay date;
  DayKind kind = DayKind::kWorkday;
  std::string name;  // "国庆节" of a holiday or a make-up day, else empty

  bool Works() const { return kind == DayKind::kWorkday || kind == DayKind::kMakeup; }
};

// The year whose notice settles the day: what is off or made up before New Year's Day (元旦) stands in the notice of the year that it
// begins.
int NoticeYear(const Day& day);

// Immutable after it is made, so thread-safe. A day that no notice covers has no answer: every question about it is OUT_OF_RANGE
// with reason CALENDAR_YEAR_UNKNOWN, even for a Monday, since any Monday may be a holiday. The days from 25 December on need the
// notice of the next year as well, whose New Year (元旦) may take them off or make them up (2007, 2018, 2022); but one that is
// listed is known.
class Calendar {
 public:
  // Reads "date,kind,name" with kind holiday or makeup. INVALID_ARGUMENT, reason CALENDAR_MALFORMED, names
  // the line of a date that is not real or stands twice, of a make-up day on a weekday, or of an unknown
  // kind.
  static absl::StatusOr<Calendar> Parse(absl::string_view text);
  static absl::StatusOr<Calendar> Load(const std::string& path);

  // This calendar with the notices of the years that `newer` knows replaced: how next year's notice is imported.
  Calendar With(const Calendar& newer) const;

  // A year is known when both its New Year's Day and its National Day are listed: a notice for January often
  // names days of the December before, which tells nothing of the rest of that year.
  bool Knows(int year) const;
  std::vector<int> Years() const;
  // Whether the date has an answer; and the year whose notice is missing where it has none.
  bool Settles(absl::CivilDay date) const;
  int MissingNotice(absl::CivilDay date) const;
  // All holidays and make-up days, of known years and others.
  const std::map<absl::CivilDay, Day>& days() const { return special_; }
  // The holidays and make-up days of a year, by date.
  absl::StatusOr<std::vector<Day>> ListYear(int year) const;

  absl::StatusOr<Day> Find(absl::CivilDay date) const;
  absl::StatusOr<bool> IsWorkingDay(absl::CivilDay date) const;
  // The day itself if one works on it, else the first after it on which one does.
  absl::StatusOr<absl::CivilDay> WorkingDayFrom(absl::CivilDay date) const;

  // Changes whenever a day changes; journal rows keep it beside each computed date.
  const std::string& version() const { return version_; }
  std::string ToText() const;

 private:
  void SetVersion();

  std::map<absl::CivilDay, Day> special_;
  std::string version_;
};

}  // namespace sifa::calendar
