#include "libs/procedure/clocks.h"

#include <catch2/catch.hpp>

#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::procedure {
namespace {

using casework::v1::Clock;

const calendar::Calendar& TestCalendar() {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(std::string(SIFA_ROOT) + "/data/calendar/holidays.csv");
  return calendar;
}

}  // namespace

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
  StopClock(&clocks, "A", absl::CivilDay(2024, 9, 29));
  CHECK(ColourOn(clocks[0], absl::CivilDay(2026, 1, 1), 7) == Clock::GREEN);
  clocks[0].set_ended_on("2024-09-30");
  CHECK(ColourOn(clocks[0], absl::CivilDay(2026, 1, 1), 7) == Clock::RED);
  CHECK(NextDue(clocks, absl::CivilDay(2024, 9, 1)) == nullptr);
}

TEST_CASE("days of suspension do not count") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "A", calendar::Days("CVL", 30), "205", absl::CivilDay(2024, 3, 4), TestCalendar()).ok());
  CHECK(clocks[0].due_on() == "2024-04-03");
  SuspendClock(&clocks, "A", absl::CivilDay(2024, 3, 11), "鉴定");
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

TEST_CASE("a limit stands as it was computed, and says so where a notice put right afterwards would have it end on another day") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "A", calendar::Days("CVL", 30), "205", absl::CivilDay(2024, 4, 10), TestCalendar()).ok());
  CHECK(clocks[0].due_on() == "2024-05-10");
  CHECK(ExplainClock(clocks[0], TestCalendar())->back() == "最后一日为2024年5月10日（星期五）");
  const auto later = TestCalendar().With(
      *calendar::Calendar::Parse("date,kind,name\n2024-01-01,holiday,元旦\n2024-05-10,holiday,放假\n2024-10-01,holiday,国庆节\n"));
  const auto steps = *ExplainClock(clocks[0], later);
  CHECK(steps[steps.size() - 2] == "最后一日为2024年5月13日（星期一）");
  CHECK(steps.back() == "以上按现行的节假日安排推算；本期限已按当时的安排（" + clocks[0].rule_version() + "）核定，仍至 2024-05-10 届满");
  REQUIRE(ExtendClock(&clocks, "A", absl::CivilDay(2024, 6, 10)).ok());
  CHECK(ExplainClock(clocks[0], later)->back() == "经延长，至 2024-06-10 届满");
}

TEST_CASE("a limit that ends in a year without published holidays is provisional, its earliest day") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "A", calendar::Years("CVL", 2), "250", absl::CivilDay(2026, 11, 21), TestCalendar()).ok());
  CHECK(clocks[0].due_on() == "2028-11-21");
  CHECK(clocks[0].provisional());
  const auto steps = *ExplainClock(clocks[0], TestCalendar());
  CHECK(steps[steps.size() - 2] == "2028年的节假日安排尚未公布，暂计至2028年11月21日（星期二），公布后核定是否顺延");
  SECTION("working days cannot be counted there at all") {
    const auto status = StartClock(&clocks, "B", "B", calendar::Days("APL", 7), "61", absl::CivilDay(2026, 12, 30), TestCalendar());
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
  CHECK(SettleClocks(&clocks, TestCalendar())->empty());
  CHECK(clocks[0].provisional());
  const auto published = TestCalendar().With(
      *calendar::Calendar::Parse("date,kind,name\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"));
  CHECK(*SettleClocks(&clocks, published) == std::vector<std::string>{"甲：节假日安排已公布，核定至 2027-01-04"});
  CHECK_FALSE(clocks[0].provisional());
  CHECK_FALSE(IsPast(clocks[0], absl::CivilDay(2027, 1, 4)));
  CHECK(IsPast(clocks[0], absl::CivilDay(2027, 1, 5)));
}

TEST_CASE("an agreed last day is put off by the days of suspension") {
  Clocks clocks;
  REQUIRE(StartClock(&clocks, "A", "A", calendar::Days("CVL", 30), "205", absl::CivilDay(2024, 3, 4), TestCalendar()).ok());
  REQUIRE(ExtendClock(&clocks, "A", absl::CivilDay(2024, 5, 6)).ok());
  SuspendClock(&clocks, "A", absl::CivilDay(2024, 3, 11), "鉴定");
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
  StopClock(&clocks, "CONFIRM", absl::CivilDay(2024, 3, 1));
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
  StopClock(&clocks, "TARGET", absl::CivilDay(2024, 1, 20));
  CHECK(ColourOn(clocks[0], absl::CivilDay(2024, 1, 20), 3) == Clock::COLOUR_UNSPECIFIED);
}

TEST_CASE("the clock that is due first is the one on the worklist") {
  Clocks clocks;
  StartAgreedClock(&clocks, "LATE", "晚", absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 6, 1));
  StartAgreedClock(&clocks, "EARLY", "早", absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 5, 1));
  CHECK(NextDue(clocks, absl::CivilDay(2024, 1, 2))->kind() == "EARLY");
  StopClock(&clocks, "EARLY", absl::CivilDay(2024, 2, 1));
  CHECK(NextDue(clocks, absl::CivilDay(2024, 2, 2))->kind() == "LATE");
}

}  // namespace sifa::procedure
