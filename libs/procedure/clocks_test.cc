#include "libs/procedure/clocks.h"

#include <catch2/catch.hpp>

#include "absl/time/time.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::procedure {
namespace {

using casework::v1::Clock;

const calendar::Calendar& TestCalendar() {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(std::string(SIFA_ROOT) + "/data/calendar/holidays.csv");
  return calendar;
}

Clock::Colour ColourOn(const Clock& clock, absl::CivilDay day, int warn_days) {
  return ColourAt(clock, absl::FromCivil(day, ChinaTime()), warn_days);
}

absl::Time At(int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilSecond(2024, 9, day, hour, minute), ChinaTime());
}

}  // namespace

TEST_CASE("社区矫正法 §30 and 民事诉讼法 §85: a limit in hours runs from the next hour to an instant, through days off") {
  Clocks clocks;
  // Saturday afternoon; 48 hours from 16:00.
  REQUIRE(StartClock(&clocks, "H", "查找期限", calendar::Hours("CCL", 48), "30", {absl::CivilDay(2024, 9, 14), At(14, 15, 20)},
                     TestCalendar())
              .ok());
  Clock& clock = clocks[0];
  CHECK(DueAt(clock) == At(16, 16));
  CHECK(clock.due_on() == "2024-09-16");
  CHECK(EndInWords(clock) == "2024-09-16 16:00");
  CHECK(clock.started_at().seconds() == absl::ToUnixSeconds(At(14, 15, 20)));
  CHECK(ColourAt(clock, At(16, 9, 59), 3) == Clock::GREEN);
  CHECK(ColourAt(clock, At(16, 10), 3) == Clock::YELLOW);
  CHECK(ColourAt(clock, At(16, 15, 59), 3) == Clock::YELLOW);
  CHECK(ColourAt(clock, At(16, 16), 3) == Clock::RED);
  CHECK_FALSE(MayMove(clock));
  CHECK(ExplainClock(clock, TestCalendar())->back() == "计48小时，至2024年9月16日（星期一）16时届满，不因节假日顺延");
  SECTION("in time until its end, late from then on, on the same day") {
    REQUIRE(StopClock(&clocks, "H", {absl::CivilDay(2024, 9, 16), At(16, 15, 59)}).ok());
    CHECK(clock.ended_at().seconds() == absl::ToUnixSeconds(At(16, 15, 59)));
    CHECK_FALSE(EndedLate(clock));
    CHECK(ColourAt(clock, At(30, 0), 3) == Clock::GREEN);
    clock.mutable_ended_at()->set_seconds(absl::ToUnixSeconds(At(16, 16)));
    CHECK(EndedLate(clock));
    CHECK(ColourAt(clock, At(30, 0), 3) == Clock::RED);
  }
  SECTION("it is due before one that ends with that day, and after one of the day before") {
    StartAgreedClock(&clocks, "D", "约定", absl::CivilDay(2024, 9, 14), absl::CivilDay(2024, 9, 16));
    CHECK(NextDue(clocks, absl::CivilDay(2024, 9, 15))->kind() == "H");
    StartAgreedClock(&clocks, "E", "约定", absl::CivilDay(2024, 9, 14), absl::CivilDay(2024, 9, 15));
    CHECK(NextDue(clocks, absl::CivilDay(2024, 9, 15))->kind() == "E");
  }
  SECTION("a decision that puts it off to a day ends it with that day") {
    REQUIRE(ExtendClock(&clocks, "H", absl::CivilDay(2024, 9, 18)).ok());
    CHECK_FALSE(DueAt(clock));
    CHECK(ColourAt(clock, At(18, 23), 3) == Clock::YELLOW);
    CHECK(ColourAt(clock, At(19, 0), 3) == Clock::RED);
  }
  SECTION("it does not stand still") {
    const absl::Status status = SuspendClock(&clocks, "H", absl::CivilDay(2024, 9, 15), "鉴定");
    CHECK(ReasonOf(status) == "HOURS_NOT_SUSPENDED");
    CHECK(clock.state() == Clock::RUNNING);
  }
}

TEST_CASE("a limit agreed to an instant ends there, and warns some hours before only where its kind warns at all") {
  Clocks clocks;
  StartAgreedClock(&clocks, "M", "应答时限", absl::CivilDay(2024, 9, 14), At(14, 16, 30));
  const Clock& clock = clocks[0];
  CHECK(EndInWords(clock) == "2024-09-14 16:30");
  CHECK(ColourAt(clock, At(14, 16, 29), 0) == Clock::GREEN);
  CHECK(ColourAt(clock, At(14, 16, 29), 1) == Clock::YELLOW);
  CHECK(ColourAt(clock, At(14, 16, 30), 0) == Clock::RED);
  CHECK_FALSE(MayMove(clock));
  CHECK(ExplainClock(clock, TestCalendar())->back() == "按约定或决定，至 2024-09-14 16:30 届满");
  CHECK(ReasonOf(StopClock(&clocks, "M", absl::CivilDay(2024, 9, 14))) == "INSTANT_MISSING");
  REQUIRE(StopClock(&clocks, "M", {absl::CivilDay(2024, 9, 14), At(14, 16, 30)}).ok());
  CHECK(EndedLate(clock));
}

TEST_CASE("where only the day of an act is known, a limit in hours refuses and says what it asks for") {
  Clocks clocks;
  const absl::Status status =
      StartClock(&clocks, "H", "查找期限", calendar::Hours("CCL", 24), "30", absl::CivilDay(2024, 9, 14), TestCalendar());
  CHECK(ReasonOf(status) == "INSTANT_MISSING");
  CHECK(status.message() == "“查找期限”按小时计算，请填写办理的时刻");
  clocks.Clear();
  REQUIRE(StartClock(&clocks, "H", "查找期限", calendar::Hours("CCL", 24), "30", {absl::CivilDay(2024, 9, 14), At(14, 8)},
                     TestCalendar())
              .ok());
  CHECK(ReasonOf(StopClock(&clocks, "H", absl::CivilDay(2024, 9, 14))) == "INSTANT_MISSING");
  CHECK(clocks[0].state() == Clock::RUNNING);
  REQUIRE(StartClock(&clocks, "D", "期限", calendar::Days("CVL", 15), "", absl::CivilDay(2024, 9, 14), TestCalendar()).ok());
  CHECK(StopClock(&clocks, "D", absl::CivilDay(2024, 9, 14)).ok());
  CHECK_FALSE(FindClock(clocks, "D")->has_ended_at());
}

TEST_CASE("a limit turns yellow before its last day and red after it") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "CONFIRM", "申请司法确认期限", calendar::Days("CVL", 30), "205", absl::CivilDay(2024, 8, 30), TestCalendar()).ok());
  const Clock& clock = clocks[0];
  CHECK(clock.due_on() == "2024-09-29");
  CHECK(ColourOn(clock, absl::CivilDay(2024, 9, 21), 7) == Clock::GREEN);
  CHECK(ColourOn(clock, absl::CivilDay(2024, 9, 22), 7) == Clock::YELLOW);
  CHECK(ColourOn(clock, absl::CivilDay(2024, 9, 29), 7) == Clock::YELLOW);
  CHECK(ColourOn(clock, absl::CivilDay(2024, 9, 30), 7) == Clock::RED);
}

TEST_CASE("a clock stopped in time stays green for ever, stopped late red") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "A", calendar::Days("CVL", 30), "205", absl::CivilDay(2024, 8, 30), TestCalendar()).ok());
  REQUIRE(StopClock(&clocks, "A", absl::CivilDay(2024, 9, 29)).ok());
  CHECK(ColourOn(clocks[0], absl::CivilDay(2026, 1, 1), 7) == Clock::GREEN);
  clocks[0].set_ended_on("2024-09-30");
  CHECK(ColourOn(clocks[0], absl::CivilDay(2026, 1, 1), 7) == Clock::RED);
  CHECK(NextDue(clocks, absl::CivilDay(2024, 9, 1)) == nullptr);
}

TEST_CASE("days of suspension do not count") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "A", calendar::Days("CVL", 30), "205", absl::CivilDay(2024, 3, 4), TestCalendar()).ok());
  CHECK(clocks[0].due_on() == "2024-04-03");
  REQUIRE(SuspendClock(&clocks, "A", absl::CivilDay(2024, 3, 11), "鉴定").ok());
  CHECK(ColourOn(clocks[0], absl::CivilDay(2024, 12, 1), 7) == Clock::GREEN);
  REQUIRE(ResumeClock(&clocks, "A", absl::CivilDay(2024, 3, 21), TestCalendar()).ok());
  CHECK(clocks[0].due_on() == "2024-04-15");  // ten days on: 13 April is a Saturday
}

TEST_CASE("an extension must be later, and is explained") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "A", calendar::Months("PMR", 1), "33", absl::CivilDay(2024, 3, 4), TestCalendar()).ok());
  CHECK(ReasonOf(ExtendClock(&clocks, "A", absl::CivilDay(2024, 4, 1))) == "EXTENSION_NOT_LATER");
  REQUIRE(ExtendClock(&clocks, "A", absl::CivilDay(2024, 5, 6)).ok());
  CHECK(clocks[0].due_on() == "2024-05-06");
  CHECK(ExplainClock(clocks[0], TestCalendar())->back() == "经延长，至 2024-05-06 届满");
}

TEST_CASE("民事诉讼法 §85: a changed notice moves the limits that run, of every unit and law, and nothing else") {
  struct Kind {
    const char* name;
    calendar::Period period;
    absl::CivilDay from;
    const char* due;
    const char* moved;
  };
  const Kind kinds[] = {
      {"DAY", calendar::Days("CVL", 30), absl::CivilDay(2027, 2, 9), "2027-03-11", "2027-03-15"},
      {"COURT", calendar::Days("TYR", 15), absl::CivilDay(2027, 2, 25), "2027-03-12", "2027-03-15"},
      {"MONTH", calendar::Months("PMR", 1), absl::CivilDay(2027, 2, 11), "2027-03-11", "2027-03-15"},
      {"YEAR", calendar::Years("CVL", 2), absl::CivilDay(2025, 3, 12), "2027-03-12", "2027-03-15"},
      {"WORKING_DAY", calendar::WorkingDays("MAD", 7), absl::CivilDay(2027, 3, 4), "2027-03-15", "2027-03-17"},
      {"APL", calendar::Days("APL", 7), absl::CivilDay(2027, 3, 9), "2027-03-18", "2027-03-22"},  // counts over them
      {"BEFORE", calendar::Days("CVL", 15), absl::CivilDay(2027, 2, 23), "2027-03-10", "2027-03-10"},
      {"AFTER", calendar::Days("CVL", 30), absl::CivilDay(2027, 2, 16), "2027-03-18", "2027-03-18"},
      {"TERM", calendar::Term(3, 0, 0, "PML"), absl::CivilDay(2024, 3, 12), "2027-03-11", "2027-03-11"}};
  const auto published = [](const std::string& rows) {
    return TestCalendar().With(
        *calendar::Calendar::Parse("date,kind,name\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n" + rows));
  };
  const auto before = published(""), after = published("2027-03-11,holiday,放假\n2027-03-12,holiday,放假\n");
  const absl::CivilDay today(2027, 3, 10);
  Clocks clocks;
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    REQUIRE(StartClock(&clocks, kind.name, kind.name, kind.period, "", kind.from, before).ok());
    CHECK(clocks.rbegin()->due_on() == kind.due);
  }
  StartAgreedClock(&clocks, "AGREED", "约定", absl::CivilDay(2027, 2, 9), absl::CivilDay(2027, 3, 11));
  const auto due = [&](const char* kind) { return FindClock(clocks, kind)->due_on(); };
  SECTION("running: by the new notice, and by the old one where that is put back") {
    const auto words = *SettleClocks(&clocks, after, today);
    CHECK(words.size() == 6);
    CHECK(words[0] == "DAY：节假日安排变更，由 2027-03-11 改至 2027-03-15");
    for (const Kind& kind : kinds) {
      INFO(kind.name);
      const Clock& clock = *FindClock(clocks, kind.name);
      CHECK(clock.due_on() == kind.moved);
      CHECK(clock.moved_from() == (std::string(kind.due) == kind.moved ? "" : kind.due));
      CHECK(clock.moved_on() == (clock.moved_from().empty() ? "" : "2027-03-10"));
    }
    CHECK(due("AGREED") == "2027-03-11");
    CHECK(SettleClocks(&clocks, after, today)->empty());
    CHECK(SettleClocks(&clocks, before, today)->size() == 6);
    for (const Kind& kind : kinds) CHECK(due(kind.name) == std::string(kind.due));
  }
  SECTION("ended, extended and suspended") {
    REQUIRE(StopClock(&clocks, "DAY", absl::CivilDay(2027, 3, 11)).ok());    // in time
    REQUIRE(StopClock(&clocks, "COURT", absl::CivilDay(2027, 3, 15)).ok());  // late by the old notice, in time by the new
    REQUIRE(StopClock(&clocks, "MONTH", absl::CivilDay(2027, 3, 16)).ok());  // late by both
    REQUIRE(ExtendClock(&clocks, "YEAR", absl::CivilDay(2027, 4, 1)).ok());
    REQUIRE(SuspendClock(&clocks, "WORKING_DAY", absl::CivilDay(2027, 3, 9), "鉴定").ok());
    REQUIRE(ColourOn(*FindClock(clocks, "COURT"), today, 7) == Clock::RED);
    CHECK(SettleClocks(&clocks, after, today)->size() == 2);
    CHECK(due("DAY") == "2027-03-11");
    CHECK(due("COURT") == "2027-03-15");
    CHECK(ColourOn(*FindClock(clocks, "COURT"), today, 7) == Clock::GREEN);
    CHECK(due("MONTH") == "2027-03-11");
    CHECK(due("YEAR") == "2027-04-01");
    CHECK(due("WORKING_DAY") == "2027-03-15");
    CHECK(due("APL") == "2027-03-22");
    REQUIRE(ResumeClock(&clocks, "WORKING_DAY", absl::CivilDay(2027, 3, 10), after).ok());
    CHECK(due("WORKING_DAY") == "2027-03-18");
    const auto steps = *ExplainClock(*FindClock(clocks, "DAY"), after);
    CHECK(steps.back() == "以上按现行的节假日安排推算；本期限已在此前办结，仍按当时的安排（" +
                              FindClock(clocks, "DAY")->rule_version() + "）至 2027-03-11 届满");
    // What was judged in time stays so, though the days off are taken back.
    CHECK(SettleClocks(&clocks, before, today)->size() == 2);
    CHECK(due("COURT") == "2027-03-15");
  }
}

TEST_CASE("民事诉讼法 §85: a limit that ends in the last days of December is provisional until the next year's notice is in") {
  Clocks clocks;
  for (int day = 25; day <= 31; ++day) {
    const absl::CivilDay due(2026, 12, day);
    REQUIRE(StartClock(&clocks, "A", "甲", calendar::Days("CVL", 30), "205", due - 30, TestCalendar()).ok());
    CHECK(clocks[0].provisional());
    CHECK(clocks[0].due_on() == FormatDay(due));
    CHECK_FALSE(IsPast(clocks[0], absl::CivilDay(2027, 1, 4)));
  }
  const auto published = TestCalendar().With(*calendar::Calendar::Parse(
      "date,kind,name\n2026-12-31,holiday,元旦\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"));
  CHECK(*SettleClocks(&clocks, published, absl::CivilDay(2026, 12, 10)) ==
        std::vector<std::string>{"甲：节假日安排已公布，核定至 2027-01-04"});
  CHECK(clocks[0].moved_from() == "2026-12-31");
  REQUIRE(StartClock(&clocks, "A", "甲", calendar::Days("CVL", 30), "205", absl::CivilDay(2026, 11, 24), TestCalendar()).ok());
  CHECK_FALSE(clocks[0].provisional());
  CHECK(clocks[0].due_on() == "2026-12-24");
}

TEST_CASE("no limit is set that could not be told after it has rolled over, in the year 9999") {
  Clocks clocks;
  CHECK(ReasonOf(StartClock(&clocks, "A", "A", calendar::Years("CVL", 2), "250", absl::CivilDay(9997, 12, 25), TestCalendar())) ==
        "PERIOD_MALFORMED");
  CHECK(ReasonOf(StartClock(&clocks, "A", "A", calendar::Years("CVL", 2), "250", absl::CivilDay(9999, 6, 1), TestCalendar())) ==
        "PERIOD_MALFORMED");
  REQUIRE(StartClock(&clocks, "A", "A", calendar::Months("PMR", 1), "33", absl::CivilDay(2024, 3, 4), TestCalendar()).ok());
  CHECK(ReasonOf(ExtendClock(&clocks, "A", absl::CivilDay(9999, 12, 31))) == "PERIOD_MALFORMED");
}

TEST_CASE("a limit that ends in a year without published holidays is provisional, its earliest day") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "A", calendar::Years("CVL", 2), "250", absl::CivilDay(2026, 11, 21), TestCalendar()).ok());
  CHECK(clocks[0].due_on() == "2028-11-21");
  CHECK(clocks[0].provisional());
  const auto steps = *ExplainClock(clocks[0], TestCalendar());
  CHECK(steps[steps.size() - 2] == "2028年的节假日安排尚未公布，暂计至2028年11月21日（星期二），公布后核定是否顺延");
  SECTION("extended, it is explained as well") {
    REQUIRE(ExtendClock(&clocks, "A", absl::CivilDay(2029, 11, 21)).ok());
    CHECK_FALSE(clocks[0].provisional());
    CHECK(ExplainClock(clocks[0], TestCalendar())->back() == "经延长，至 2029-11-21 届满");
  }
  SECTION("working days cannot be counted there at all") {
    const auto status =
        StartClock(&clocks, "B", "B", calendar::Days("APL", 7), "61", absl::CivilDay(2026, 12, 20), TestCalendar());
    CHECK(ReasonOf(status) == "CALENDAR_YEAR_UNKNOWN");
  }
}

TEST_CASE("a provisional limit is due before one of a later day, until that one has passed") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "甲", calendar::Days("CVL", 30), "205", absl::CivilDay(2026, 12, 2), TestCalendar()).ok());
  REQUIRE((clocks[0].provisional() && clocks[0].due_on() == "2027-01-01"));
  StartAgreedClock(&clocks, "B", "乙", absl::CivilDay(2026, 12, 2), absl::CivilDay(2027, 1, 5));
  CHECK(NextDue(clocks, absl::CivilDay(2027, 1, 5))->kind() == "A");
  CHECK(NextDue(clocks, absl::CivilDay(2027, 1, 6))->kind() == "B");  // late, while A may not be
  CHECK(NextDue(clocks, absl::CivilDay(2027, 1, 16))->kind() == "A");  // both are late
}

TEST_CASE("a provisional limit is settled once the holidays are published, and refuses nobody before") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "甲", calendar::Days("CVL", 30), "205", absl::CivilDay(2026, 12, 2), TestCalendar()).ok());
  CHECK(clocks[0].due_on() == "2027-01-01");
  CHECK(clocks[0].provisional());
  CHECK_FALSE(IsPast(clocks[0], absl::CivilDay(2027, 1, 4)));
  CHECK(ColourOn(clocks[0], absl::CivilDay(2027, 1, 4), 7) == Clock::YELLOW);
  CHECK(IsPast(clocks[0], absl::CivilDay(2027, 2, 1)));
  CHECK(SettleClocks(&clocks, TestCalendar(), absl::CivilDay(2027, 1, 4))->empty());
  CHECK(clocks[0].provisional());
  const auto published = TestCalendar().With(
      *calendar::Calendar::Parse("date,kind,name\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"));
  CHECK(*SettleClocks(&clocks, published, absl::CivilDay(2027, 1, 4)) ==
        std::vector<std::string>{"甲：节假日安排已公布，核定至 2027-01-04"});
  CHECK_FALSE(clocks[0].provisional());
  CHECK_FALSE(IsPast(clocks[0], absl::CivilDay(2027, 1, 4)));
  CHECK(IsPast(clocks[0], absl::CivilDay(2027, 1, 5)));
}

TEST_CASE("an agreed last day is put off by the days of suspension") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "A", calendar::Days("CVL", 30), "205", absl::CivilDay(2024, 3, 4), TestCalendar()).ok());
  REQUIRE(ExtendClock(&clocks, "A", absl::CivilDay(2024, 5, 6)).ok());
  REQUIRE(SuspendClock(&clocks, "A", absl::CivilDay(2024, 3, 11), "鉴定").ok());
  REQUIRE(ResumeClock(&clocks, "A", absl::CivilDay(2024, 3, 21), TestCalendar()).ok());
  CHECK(clocks[0].due_on() == "2024-05-16");
}

TEST_CASE("a right that lapses is due until its last day, and then makes nobody late") {
  Clocks clocks;
  StartAgreedClock(&clocks, "CONFIRM", "申请司法确认期限", absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 2, 1));
  clocks[0].set_lapses(true);
  CHECK(ColourOn(clocks[0], absl::CivilDay(2024, 1, 31), 7) == Clock::YELLOW);
  CHECK(ColourOn(clocks[0], absl::CivilDay(2024, 2, 2), 7) == Clock::COLOUR_UNSPECIFIED);
  CHECK(NextDue(clocks, absl::CivilDay(2024, 2, 1)) == &clocks[0]);
  CHECK(HasRunningRight(clocks, absl::CivilDay(2024, 2, 1)));
  CHECK(NextDue(clocks, absl::CivilDay(2024, 2, 2)) == nullptr);
  CHECK_FALSE(HasRunningRight(clocks, absl::CivilDay(2024, 2, 2)));
  REQUIRE(StopClock(&clocks, "CONFIRM", absl::CivilDay(2024, 3, 1)).ok());
  CHECK(ColourOn(clocks[0], absl::CivilDay(2024, 3, 1), 7) == Clock::COLOUR_UNSPECIFIED);
}

TEST_CASE("a target is shown beside the limit that binds: it turns yellow, makes nobody late and is never due") {
  Clocks clocks;
  StartAgreedClock(&clocks, "TARGET", "审查目标期限", absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 1, 16));
  clocks[0].set_target(true);
  StartAgreedClock(&clocks, "DECIDE", "审查期限", absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 1, 31));
  CHECK(ColourOn(clocks[0], absl::CivilDay(2024, 1, 15), 3) == Clock::YELLOW);
  CHECK(ColourOn(clocks[0], absl::CivilDay(2024, 1, 17), 3) == Clock::COLOUR_UNSPECIFIED);
  CHECK(NextDue(clocks, absl::CivilDay(2024, 1, 2))->kind() == "DECIDE");
  REQUIRE(StopClock(&clocks, "TARGET", absl::CivilDay(2024, 1, 20)).ok());
  CHECK(ColourOn(clocks[0], absl::CivilDay(2024, 1, 20), 3) == Clock::COLOUR_UNSPECIFIED);
}

TEST_CASE("the clock that is due first is the one on the worklist") {
  Clocks clocks;
  StartAgreedClock(&clocks, "LATE", "晚", absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 6, 1));
  StartAgreedClock(&clocks, "EARLY", "早", absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 5, 1));
  CHECK(NextDue(clocks, absl::CivilDay(2024, 1, 2))->kind() == "EARLY");
  REQUIRE(StopClock(&clocks, "EARLY", absl::CivilDay(2024, 2, 1)).ok());
  CHECK(NextDue(clocks, absl::CivilDay(2024, 2, 2))->kind() == "LATE");
}

}  // namespace sifa::procedure
