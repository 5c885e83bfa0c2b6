#include "services/hotline/circle/timetable.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "libs/core/clock.h"

namespace sifa::hotline::circle {
namespace {

constexpr int kDay = 24 * 60;
constexpr absl::string_view kWeekdays[] = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};  // as absl::Weekday counts

std::optional<int> ReadMinutes(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  int hours = 0, minutes = 0;
  if (parts.size() != 2 || parts[0].size() != 2 || parts[1].size() != 2 || !absl::SimpleAtoi(parts[0], &hours) ||
      !absl::SimpleAtoi(parts[1], &minutes) || hours < 0 || hours > 24 || minutes < 0 || minutes > 59) {
    return std::nullopt;
  }
  const int total = hours * 60 + minutes;
  return total <= kDay ? std::optional(total) : std::nullopt;
}

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

}  // namespace

std::optional<Hours> ReadHours(absl::string_view from, absl::string_view to) {
  const auto begin = ReadMinutes(from), end = ReadMinutes(to);
  if (!begin || !end || *begin == *end || *begin == kDay) return std::nullopt;
  return Hours{*begin, *end > *begin ? *end : *end + kDay};
}

std::optional<Days> Days::Read(absl::string_view text) {
  Days days;
  if (text == "WORKING_DAY") return days;
  days.kind_ = Kind::kDayOff;
  if (text == "DAY_OFF") return days;
  days.kind_ = Kind::kWeekday;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '#');
  const auto weekday = std::find(std::begin(kWeekdays), std::end(kWeekdays), parts[0]);
  if (weekday == std::end(kWeekdays) || parts.size() > 2) return std::nullopt;
  days.weekday_ = static_cast<absl::Weekday>(weekday - std::begin(kWeekdays));
  if (parts.size() == 2 && (!absl::SimpleAtoi(parts[1], &days.of_month_) || days.of_month_ < 1 || days.of_month_ > 5))
    return std::nullopt;
  return days;
}

bool Days::Include(absl::CivilDay day, const calendar::Calendar& calendar) const {
  if (kind_ == Kind::kWeekday)
    return absl::GetWeekday(day) == weekday_ && (of_month_ == 0 || (day.day() - 1) / 7 + 1 == of_month_);
  const bool works = calendar.IsWorkingDay(day).value_or(!IsWeekend(day));
  return works == (kind_ == Kind::kWorkingDay);
}

std::vector<Hours> Timetable::On(absl::CivilDay day, const calendar::Calendar& calendar) const {
  std::vector<Hours> hours;
  bool excepted = false;
  for (const Exception& exception : exceptions_) {
    if (exception.day != day) continue;
    excepted = true;
    if (exception.hours) hours.push_back(*exception.hours);
  }
  if (!excepted) {
    for (const Rule& rule : rules_) {
      if (rule.days.Include(day, calendar)) hours.push_back(rule.hours);
    }
  }
  std::sort(hours.begin(), hours.end(), [](const Hours& a, const Hours& b) { return a.from < b.from; });
  return hours;
}

std::optional<absl::Time> Timetable::ServedAt(absl::Time arrival, absl::Duration margin, const calendar::Calendar& calendar,
                                              int days_ahead) const {
  const absl::CivilDay today = DayOf(arrival);
  std::optional<absl::Time> first;
  for (int ahead = -1; ahead <= days_ahead && !first; ++ahead) {  // the day before may go through midnight
    const absl::CivilDay day = today + ahead;
    const absl::Time midnight = absl::FromCivil(day, ChinaTime());
    for (const Hours& hours : On(day, calendar)) {
      const absl::Time served = std::max(arrival, midnight + absl::Minutes(hours.from));
      const absl::Time closes = midnight + absl::Minutes(hours.to);
      if (served + margin <= closes && served < closes && (!first || served < *first)) first = served;
    }
  }
  return first;
}

}  // namespace sifa::hotline::circle
