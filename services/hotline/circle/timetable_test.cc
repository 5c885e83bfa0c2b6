#include "services/hotline/circle/timetable.h"

#include <catch2/catch.hpp>

#include "libs/core/clock.h"

namespace sifa::hotline::circle {
namespace {

const calendar::Calendar& Holidays() {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(SIFA_ROOT "/data/calendar/holidays.csv");
  return calendar;
}

Rule RuleOf(const char* days, const char* from, const char* to) { return {*Days::Read(days), *ReadHours(from, to)}; }
absl::Time At(int year, int month, int day, int hour, int minute) {
  return absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), ChinaTime());
}
std::string Served(const Timetable& table, absl::Time arrival) {
  const auto at = table.ServedAt(arrival, absl::Minutes(15), Holidays());
  return at ? absl::FormatTime("%m-%d %H:%M", *at, ChinaTime()) : "never";
}

}  // namespace

TEST_CASE("days and hours that are none are not read") {
  for (const char* days : {"", "MONDAY", "MON#0", "MON#6", "MON#1#2", "MON#x", "HOLIDAY"}) CHECK_FALSE(Days::Read(days));
  for (const auto& [from, to] : {std::pair("8:30", "17:30"),
                                 {"08:30", "08:30"},
                                 {"08:60", "09:00"},
                                 {"24:00", "06:00"},
                                 {"", "09:00"},
                                 {"08:00", "24:01"}}) {
    CHECK_FALSE(ReadHours(from, to));
  }
  CHECK(ReadHours("22:00", "06:00")->to == 30 * 60);
  CHECK(ReadHours("00:00", "24:00")->to == 24 * 60);
}

TEST_CASE("who arrives before it opens waits, and a quarter of an hour before it closes is the latest") {
  const Timetable table({RuleOf("WORKING_DAY", "08:30", "11:30"), RuleOf("WORKING_DAY", "14:00", "17:30")}, {});
  CHECK(Served(table, At(2026, 3, 2, 7, 0)) == "03-02 08:30");  // a Monday
  CHECK(Served(table, At(2026, 3, 2, 9, 10)) == "03-02 09:10");
  CHECK(Served(table, At(2026, 3, 2, 11, 15)) == "03-02 11:15");
  CHECK(Served(table, At(2026, 3, 2, 11, 16)) == "03-02 14:00");
  CHECK(Served(table, At(2026, 3, 6, 17, 30)) == "03-09 08:30");  // over the weekend
}

TEST_CASE("国务院办公厅 notices: a make-up Sunday works, a holiday does not") {
  const Timetable table({RuleOf("WORKING_DAY", "09:00", "17:00")}, {});
  CHECK(Served(table, At(2024, 9, 29, 8, 0)) == "09-29 09:00");
  CHECK(Served(table, At(2024, 10, 1, 8, 0)) == "10-08 09:00");
  const Timetable off({RuleOf("DAY_OFF", "09:00", "12:00")}, {});
  CHECK(Served(off, At(2024, 9, 29, 8, 0)) == "10-01 09:00");
}

TEST_CASE("a van comes on the first and third Monday") {
  const Timetable table({RuleOf("MON#1", "09:00", "11:00"), RuleOf("MON#3", "09:00", "11:00")}, {});
  CHECK(Served(table, At(2026, 6, 2, 0, 0)) == "06-15 09:00");
  CHECK(Served(table, At(2026, 6, 16, 0, 0)) == "07-06 09:00");
  const Timetable fifth({RuleOf("FRI#5", "09:00", "11:00")}, {});
  CHECK(Served(fifth, At(2026, 6, 1, 0, 0)) == "07-31 09:00");
}

TEST_CASE("hours through midnight belong to the day on which they begin") {
  const Timetable table({RuleOf("FRI", "22:00", "06:00")}, {});
  CHECK(Served(table, At(2026, 3, 7, 5, 0)) == "03-07 05:00");  // Saturday morning
  CHECK(Served(table, At(2026, 3, 7, 5, 46)) == "03-13 22:00");
}

TEST_CASE("dated exceptions stand instead of the rules of their day") {
  const Timetable table({RuleOf("WORKING_DAY", "09:00", "17:00")},
                        {{absl::CivilDay(2026, 3, 2), std::nullopt}, {absl::CivilDay(2026, 3, 3), ReadHours("13:00", "15:00")}});
  CHECK(Served(table, At(2026, 3, 2, 8, 0)) == "03-03 13:00");
  CHECK(Served(Timetable({}, {}), At(2026, 3, 2, 8, 0)) == "never");
}

TEST_CASE("hours are half open") {
  const Timetable table({RuleOf("WORKING_DAY", "09:00", "17:00"), RuleOf("FRI", "22:00", "02:00")}, {});
  for (const auto& [at, open] : {std::pair(At(2026, 3, 2, 8, 59), false),
                                 {At(2026, 3, 2, 9, 0), true},
                                 {At(2026, 3, 2, 16, 59), true},
                                 {At(2026, 3, 2, 17, 0), false},
                                 {At(2026, 3, 7, 1, 59), true},
                                 {At(2026, 3, 7, 2, 0), false}}) {
    CHECK(table.IsOpen(at, Holidays()) == open);
  }
}

TEST_CASE("a year without a notice goes by its weeks") {
  const Timetable table({RuleOf("WORKING_DAY", "09:00", "17:00")}, {});
  CHECK(Served(table, At(2031, 3, 1, 8, 0)) == "03-03 09:00");  // Saturday to Monday
}

}  // namespace sifa::hotline::circle
