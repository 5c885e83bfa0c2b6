#include "libs/calendar/calendar.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/core/clock.h"
#include "libs/core/csv.h"
#include "libs/core/status.h"

namespace sifa::calendar {
namespace {

constexpr absl::string_view kHeader = "date,kind,name";

bool IsWeekend(absl::CivilDay date) {
  const absl::Weekday weekday = absl::GetWeekday(date);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

absl::Status Malformed(int line, absl::string_view why) {
  return Error(absl::StatusCode::kInvalidArgument, "CALENDAR_MALFORMED",
               absl::StrCat("节假日数据第", line, "行有误：", why));
}

absl::Status UnknownYear(int64_t year) {
  return Error(absl::StatusCode::kOutOfRange, "CALENDAR_YEAR_UNKNOWN",
               absl::StrCat(year, "年的节假日安排尚未录入，无法计算工作日和期限"));
}

absl::StatusOr<Day> ParseRow(absl::string_view row, int line) {
  const std::vector<absl::string_view> fields = absl::StrSplit(row, ',');
  if (fields.size() != 3 || fields[2].empty()) return Malformed(line, "应为“日期,类别,名称”三项");
  Day day{.name = std::string(fields[2])};
  if (!ParseDay(fields[0], &day.date)) return Malformed(line, "日期不存在");
  if (fields[1] == "holiday") {
    day.kind = DayKind::kHoliday;
  } else if (fields[1] == "makeup") {
    if (!IsWeekend(day.date)) return Malformed(line, "调休上班日应为周末");
    day.kind = DayKind::kMakeup;
  } else {
    return Malformed(line, "类别应为 holiday 或 makeup");
  }
  return day;
}

// From when on the next year's notice may say otherwise; none has reached further back than the 29th.
absl::CivilDay TurnOfYear(int year) { return absl::CivilDay(year, 12, 25); }

// FNV-1a: a fingerprint for the eye and the journal, not a defence.
uint64_t Fingerprint(absl::string_view text) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (unsigned char c : text) hash = (hash ^ c) * 0x100000001b3u;
  return hash;
}

}  // namespace

int NoticeYear(const Day& day) {
  const bool turn = day.date.month() == 12 && absl::StrContains(day.name, "元旦");
  return static_cast<int>(day.date.year()) + turn;
}

absl::StatusOr<Calendar> Calendar::Parse(absl::string_view text) {
  Calendar calendar;
  int line = 0;
  for (absl::string_view row : absl::StrSplit(text, '\n')) {
    row = absl::StripSuffix(row, "\r");
    if (++line == 1) {
      if (absl::StripPrefix(row, "\xef\xbb\xbf") != kHeader) return Malformed(1, "表头应为 date,kind,name");
      continue;
    }
    if (row.empty()) continue;
    ASSIGN_OR_RETURN(Day day, ParseRow(row, line));
    const absl::CivilDay date = day.date;
    if (!calendar.special_.emplace(date, std::move(day)).second) return Malformed(line, "日期重复");
  }
  calendar.SetVersion();
  return calendar;
}

absl::StatusOr<Calendar> Calendar::Load(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadDataFile(path));
  return Parse(text);
}

Calendar Calendar::With(const Calendar& newer) const {
  Calendar merged;
  for (const auto& [date, day] : special_) {
    if (!newer.Knows(NoticeYear(day))) merged.special_.emplace(date, day);
  }
  for (const auto& [date, day] : newer.special_) merged.special_.insert_or_assign(date, day);
  merged.SetVersion();
  return merged;
}

bool Calendar::Knows(int year) const {
  const auto off = [this](absl::CivilDay date) {
    const auto it = special_.find(date);
    return it != special_.end() && it->second.kind == DayKind::kHoliday;
  };
  return off(absl::CivilDay(year, 1, 1)) && off(absl::CivilDay(year, 10, 1));
}

bool Calendar::Settles(absl::CivilDay date) const {
  const int year = static_cast<int>(date.year());
  return Knows(year) && (date < TurnOfYear(year) || Knows(year + 1) || special_.contains(date));
}

int Calendar::MissingNotice(absl::CivilDay date) const {
  const int year = static_cast<int>(date.year());
  return Knows(year) ? year + 1 : year;
}

std::vector<int> Calendar::Years() const {
  std::vector<int> years;
  for (auto it = special_.begin(); it != special_.end();
       it = special_.lower_bound(absl::CivilDay(it->first.year() + 1, 1, 1))) {
    const int year = static_cast<int>(it->first.year());
    if (Knows(year)) years.push_back(year);
  }
  return years;
}

absl::StatusOr<std::vector<Day>> Calendar::ListYear(int year) const {
  if (!Knows(year)) return UnknownYear(year);
  std::vector<Day> days;
  const auto end = special_.lower_bound(absl::CivilDay(year + 1, 1, 1));
  for (auto it = special_.lower_bound(absl::CivilDay(year, 1, 1)); it != end; ++it)
    days.push_back(it->second);
  return days;
}

absl::StatusOr<Day> Calendar::Find(absl::CivilDay date) const {
  if (!Settles(date)) return UnknownYear(MissingNotice(date));
  if (const auto it = special_.find(date); it != special_.end()) return it->second;
  return Day{date, IsWeekend(date) ? DayKind::kWeekend : DayKind::kWorkday, ""};
}

absl::StatusOr<bool> Calendar::IsWorkingDay(absl::CivilDay date) const {
  ASSIGN_OR_RETURN(const Day day, Find(date));
  return day.Works();
}

absl::StatusOr<absl::CivilDay> Calendar::WorkingDayFrom(absl::CivilDay date) const {
  for (;; ++date) {
    ASSIGN_OR_RETURN(const bool works, IsWorkingDay(date));
    if (works) return date;
  }
}

std::string Calendar::ToText() const {
  std::string text = absl::StrCat(kHeader, "\n");
  for (const auto& [date, day] : special_) {
    absl::StrAppend(&text, FormatDay(date), day.kind == DayKind::kHoliday ? ",holiday," : ",makeup,",
                    day.name, "\n");
  }
  return text;
}

void Calendar::SetVersion() { version_ = absl::StrFormat("%016x", Fingerprint(ToText())).substr(0, 8); }

}  // namespace sifa::calendar
