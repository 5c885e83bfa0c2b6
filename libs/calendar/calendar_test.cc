#include "libs/calendar/calendar.h"

#include <catch2/catch.hpp>

#include "libs/core/status.h"

namespace sifa::calendar {
namespace {

using Date = absl::CivilDay;

const Calendar& Holidays() {
  static const Calendar calendar = *Calendar::Load(HOLIDAYS_CSV);
  return calendar;
}

std::string Refusal(absl::string_view rows) {
  return ReasonOf(Calendar::Parse(std::string("date,kind,name\n") + std::string(rows)).status());
}

}  // namespace

TEST_CASE("the notices of 2004 to 2026 are known, other years are not guessed") {
  const std::vector<int> years = Holidays().Years();
  REQUIRE(years.size() == 23);
  CHECK(years.front() == 2004);
  CHECK(years.back() == 2026);
  for (const Date day : {Date(2003, 12, 31), Date(2027, 1, 4)}) {
    const auto answer = Holidays().IsWorkingDay(day);
    CHECK(answer.status().code() == absl::StatusCode::kOutOfRange);
    CHECK(ReasonOf(answer.status()) == "CALENDAR_YEAR_UNKNOWN");
  }
  CHECK(ReasonOf(Holidays().ListYear(2027).status()) == "CALENDAR_YEAR_UNKNOWN");
}

TEST_CASE("a working day is what the notice says, not what the week says") {
  CHECK(*Holidays().IsWorkingDay(Date(2024, 9, 27)));
  CHECK_FALSE(*Holidays().IsWorkingDay(Date(2024, 9, 28)));
  CHECK(Holidays().Find(Date(2024, 9, 29))->kind == DayKind::kMakeup);
  CHECK(Holidays().Find(Date(2024, 10, 1))->name == "国庆节");
  CHECK(*Holidays().WorkingDayFrom(Date(2024, 10, 1)) == Date(2024, 10, 8));
  CHECK_FALSE(*Holidays().IsWorkingDay(Date(2015, 9, 3)));
  CHECK_FALSE(*Holidays().IsWorkingDay(Date(2020, 1, 31)));  // the Spring Festival that was prolonged
  CHECK(*Holidays().IsWorkingDay(Date(2006, 12, 31)));       // a Sunday, made up for New Year 2007
}

TEST_CASE("a year is listed by date with its names") {
  const auto days = *Holidays().ListYear(2024);
  CHECK(days.size() == 36);
  CHECK(days.front().name == "元旦");
  CHECK(days.back().date == Date(2024, 10, 12));
  CHECK(days.back().kind == DayKind::kMakeup);
}

TEST_CASE("next year's notice is imported over the old days") {
  const auto notice = Calendar::Parse(
      "date,kind,name\n2026-12-27,makeup,元旦\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n");
  const Calendar merged = Holidays().With(*notice);
  CHECK(merged.Knows(2027));
  CHECK(merged.Knows(2026));
  CHECK_FALSE(notice->Knows(2026));
  CHECK_FALSE(*merged.IsWorkingDay(Date(2026, 12, 26)));
  CHECK(*merged.IsWorkingDay(Date(2026, 12, 27)));
  CHECK(merged.version() != Holidays().version());
  CHECK(Calendar::Parse(merged.ToText())->version() == merged.version());
}

TEST_CASE("days before New Year's Day are of the notice of the year that it begins, and stay when their own year's is replaced") {
  CHECK(NoticeYear(*Holidays().Find(Date(2022, 12, 31))) == 2023);
  CHECK(NoticeYear(*Holidays().Find(Date(2023, 1, 1))) == 2023);
  const Calendar merged = Holidays().With(*Calendar::Parse("date,kind,name\n2022-01-01,holiday,元旦\n2022-10-01,holiday,国庆节\n"));
  CHECK(merged.Find(Date(2022, 12, 31))->kind == DayKind::kHoliday);
  CHECK(*merged.IsWorkingDay(Date(2022, 10, 4)));
  const Calendar shorter = Holidays().With(*Calendar::Parse("date,kind,name\n2023-01-01,holiday,元旦\n2023-10-01,holiday,国庆节\n"));
  CHECK(shorter.Find(Date(2022, 12, 31))->kind == DayKind::kWeekend);
}

TEST_CASE(
    "the last days of December are known with the notice of the next year and are not guessed before (as that of 2018-12-06 took "
    "the 31st)") {
  for (int day = 25; day <= 31; ++day) {
    INFO(day);
    const auto unknown = Holidays().IsWorkingDay(Date(2026, 12, day));
    CHECK(ReasonOf(unknown.status()) == "CALENDAR_YEAR_UNKNOWN");
    CHECK(unknown.status().message().find("2027年") != absl::string_view::npos);
    CHECK(Holidays().Find(Date(2025, 12, day)).ok());
  }
  CHECK(*Holidays().IsWorkingDay(Date(2026, 12, 24)));
  CHECK(ReasonOf(Holidays().WorkingDayFrom(Date(2026, 12, 31)).status()) == "CALENDAR_YEAR_UNKNOWN");
  const Calendar merged = Holidays().With(*Calendar::Parse(
      "date,kind,name\n2026-12-27,makeup,元旦\n2026-12-31,holiday,元旦\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"));
  CHECK(*merged.IsWorkingDay(Date(2026, 12, 27)));
  CHECK(*merged.WorkingDayFrom(Date(2026, 12, 31)) == Date(2027, 1, 4));
  CHECK(ReasonOf(merged.IsWorkingDay(Date(2027, 12, 27)).status()) == "CALENDAR_YEAR_UNKNOWN");
}

TEST_CASE("a year without its National Day is not known yet") {
  CHECK_FALSE(Calendar::Parse("date,kind,name\n2030-01-01,holiday,元旦\n")->Knows(2030));
}

TEST_CASE("calendar data with an error is refused as a whole") {
  for (const char* bad :
       {"2024-02-30,holiday,元旦", "2024-01-01,feast,元旦", "2024-01-01,holiday", "2024-01-01,holiday,",
        "2024-09-30,makeup,国庆节", "2024-01-01,holiday,元旦\n2024-01-01,holiday,元旦"}) {
    INFO(bad);
    CHECK(Refusal(bad) == "CALENDAR_MALFORMED");
  }
  CHECK(ReasonOf(Calendar::Parse("2024-01-01,holiday,元旦\n").status()) == "CALENDAR_MALFORMED");
  CHECK(ReasonOf(Calendar::Load("/nowhere.csv").status()) == "DATA_FILE_MISSING");
}

}  // namespace sifa::calendar
