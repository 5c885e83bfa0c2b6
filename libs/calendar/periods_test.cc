#include "libs/calendar/periods.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "libs/calendar/instruments.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::calendar {
namespace {

using Date = absl::CivilDay;

const Calendar& Holidays() {
  static const Calendar calendar = *Calendar::Load(HOLIDAYS_CSV);
  return calendar;
}

Deadline Of(const Period& period, Date event, const Options& options = {}) {
  const auto deadline = Compute(Holidays(), period, event, options);
  INFO(deadline.status());
  REQUIRE(deadline.ok());
  return *deadline;
}

std::string Due(const Period& period, Date event, const Options& options = {}) {
  return FormatDay(Of(period, event, options).due);
}

std::string Why(const Deadline& deadline) {
  std::string text;
  for (const Step& step : deadline.steps)
    text += std::string(StepKindName(step.kind)) + " " + step.text + "\n";
  return text;
}

int Count(const Deadline& deadline, StepKind kind) {
  return static_cast<int>(std::count_if(deadline.steps.begin(), deadline.steps.end(),
                                        [&](const Step& step) { return step.kind == kind; }));
}

bool Works(absl::string_view instrument, int amount, Date event = Date(2024, 3, 1)) {
  return Of(Days(instrument, amount), event).unit_applied == Unit::kWorkingDay;
}

}  // namespace

// ---- which days are working days, instrument by instrument

TEST_CASE("行政处罚法 §85: 2, 3, 5 and 7 days are working days, 15 and 90 are not") {
  for (int amount : {2, 3, 5, 7}) CHECK(Works("APL", amount));
  for (int amount : {1, 4, 6, 10, 15, 90}) CHECK_FALSE(Works("APL", amount));
  CHECK_FALSE(Works("APL", 7, Date(2021, 7, 14)));  // the law before its revision had no such clause
  CHECK(Works("APL", 7, Date(2021, 7, 15)));
}

TEST_CASE("行政强制法 §69: all limits up to ten days are working days") {
  for (int amount = 1; amount <= 10; ++amount) CHECK(Works("AEL", amount));
  for (int amount : {11, 15, 30}) CHECK_FALSE(Works("AEL", amount));
}

TEST_CASE("行政复议法 §88: 3, 5, 7 and 10 days are working days; before 2024 only 5 and 7") {
  for (int amount : {3, 5, 7, 10}) CHECK(Works("ARL", amount));
  for (int amount : {15, 20, 30, 60}) CHECK_FALSE(Works("ARL", amount));
  CHECK_FALSE(Works("ARL", 10, Date(2023, 12, 31)));
  CHECK(Works("ARL", 5, Date(2023, 12, 31)));
}

TEST_CASE("诉讼, mediation, corrections, transfer and decision-making laws count calendar days") {
  for (absl::string_view law :
       {"ALL", "CVL", "TYR", "PML", "CCL", "CCM", "TRF", "MAD", "JCR", "CPL", "SDSR"}) {
    INFO(law);
    for (int amount : {3, 5, 7, 10, 15, 30}) CHECK_FALSE(Works(law, amount));
  }
}

TEST_CASE("人民法院在线调解规则: 2 and 3 days are working days, 7, 15 and 30 are not") {
  for (int amount : {2, 3}) CHECK(Works("OMR", amount));
  for (int amount : {7, 15, 30}) CHECK_FALSE(Works("OMR", amount));
}

TEST_CASE("三项制度 and 政府信息公开条例: 7 and 20 days are working days") {
  for (absl::string_view law : {"G118", "GIR"}) {
    for (int amount : {7, 20}) CHECK(Works(law, amount));
    CHECK_FALSE(Works(law, 30));
  }
}

TEST_CASE("法律援助法 is silent: calendar days that roll over, unless the office sets working days") {
  CHECK(Due(Days("LAL", 7), Date(2024, 9, 27)) == "2024-10-08");  // day 7 is 4 October
  CHECK(Due(Days("LAL", 7), Date(2024, 9, 27), {.open_days_are_working = true}) == "2024-10-12");
  CHECK(Due(Days("APL", 15), Date(2024, 3, 1), {.open_days_are_working = true}) ==
        "2024-03-18");  // not open: a Saturday
}

TEST_CASE("社区矫正法实施办法: the ten working days of 调查评估 are written explicitly") {
  CHECK(Due(WorkingDays("CCM", 10), Date(2024, 9, 12)) == "2024-09-27");
  CHECK(Due(WorkingDays("CCM", 5), Date(2024, 9, 12)) == "2024-09-20");
  CHECK(Due(Days("CCM", 10), Date(2024, 9, 12)) == "2024-09-23");
}

TEST_CASE("重大行政决策: seven working days of review are explicit, thirty days of comment are not") {
  CHECK(Due(WorkingDays("MAD", 7), Date(2024, 9, 27)) == "2024-10-12");
  CHECK(Due(Days("MAD", 30), Date(2024, 8, 30)) == "2024-09-29");
}

// ---- the vectors of 2024

TEST_CASE("G118: a penalty of 27 September 2024 is published within 7 working days, by 12 October") {
  const Deadline deadline = Of(Days("G118", 7), Date(2024, 9, 27));
  CHECK(FormatDay(deadline.due) == "2024-10-12");
  INFO(Why(deadline));
  CHECK(Count(deadline, StepKind::kMakeup) == 2);
  CHECK(Count(deadline, StepKind::kHoliday) == 1);
  CHECK(Why(deadline).find("2024年10月1日（星期二）至2024年10月7日（星期一）为国庆节放假，不计入") !=
        std::string::npos);
  CHECK(Why(deadline).find("2024年9月29日（星期日）为国庆节调休上班日，计入") != std::string::npos);
}

TEST_CASE("G118: other decisions of 27 September 2024 are published within 20 working days, by 30 October") {
  CHECK(Due(Days("G118", 20), Date(2024, 9, 27)) == "2024-10-30");
}

TEST_CASE("APL §63: five days from a hearing notice of 12 September 2024 end on the 20th") {
  CHECK(Due(Days("APL", 5), Date(2024, 9, 12)) == "2024-09-20");
}

TEST_CASE("AEL §54: ten days from a demand of 30 September 2024 end on 18 October") {
  CHECK(Due(Days("AEL", 10), Date(2024, 9, 30)) == "2024-10-18");
}

TEST_CASE("CVL: thirty days from 30 August 2024 end on a make-up Sunday and do not roll over") {
  const Deadline deadline = Of(Days("TYR", 30), Date(2024, 8, 30));
  CHECK(FormatDay(deadline.due) == "2024-09-29");
  CHECK(Count(deadline, StepKind::kMakeup) == 1);
  CHECK(Count(deadline, StepKind::kRolledOver) == 0);
}

TEST_CASE("ARL §20: sixty days from 2 August 2024 end in the holidays and roll over to 8 October") {
  const Deadline deadline = Of(Days("ARL", 60), Date(2024, 8, 2));
  CHECK(FormatDay(deadline.due) == "2024-10-08");
  CHECK(Count(deadline, StepKind::kRolledOver) == 1);
  CHECK(Why(deadline).find("《民事诉讼法》第85条") != std::string::npos);
}

TEST_CASE("APL §67: fifteen days from 20 September 2024 roll over to 8 October") {
  CHECK(Due(Days("APL", 15), Date(2024, 9, 20)) == "2024-10-08");
}

TEST_CASE("APL §60: ninety days from 5 July 2024 roll over to 8 October") {
  CHECK(Due(Days("APL", 90), Date(2024, 7, 5)) == "2024-10-08");
}

// ---- months, years, terms

TEST_CASE("民法典 §202: a period of months ends on the corresponding day, and where there is none on the month's last") {
  CHECK(Due(Months("PMR", 1), Date(2025, 2, 28)) == "2025-03-28");
  CHECK(Due(Months("ALL", 6), Date(2025, 4, 30)) == "2025-10-30");
  CHECK(Due(Months("AEL", 3), Date(2025, 2, 28)) == "2025-05-28");
  CHECK(Due(Months("CVL", 6), Date(2024, 2, 29)) == "2024-08-29");
  CHECK(Due(Months("CVL", 1), Date(2026, 6, 30)) == "2026-07-30");
  CHECK(Due(Months("CVL", 1), Date(2025, 1, 31)) == "2025-02-28");
  CHECK(Due(Months("CVL", 1), Date(2024, 3, 11)) == "2024-04-11");
  const Deadline clipped = Of(Months("CVL", 1), Date(2024, 1, 30));
  CHECK(FormatDay(clipped.due) == "2024-02-29");
  CHECK(Count(clipped, StepKind::kMonthEnd) == 1);
  CHECK(Why(clipped).find("2024年2月没有30日，计至该月最后一日（《民法典》第202条）") != std::string::npos);
}

TEST_CASE("刑诉法解释 §202: a criminal period of months from a month's end ends on the month's end") {
  CHECK(Due(Months("CCL", 3), Date(2024, 11, 30), {.is_measure = true}) == "2025-02-28");
  const Deadline end = Of(Months("CPL", 1), Date(2025, 2, 28));
  CHECK(FormatDay(end.due) == "2025-03-31");
  CHECK(Why(end).find("即该月最后一日（《最高人民法院关于适用刑事诉讼法的解释》第202条）") != std::string::npos);
  CHECK(Why(Of(Months("CPL", 1), Date(2019, 4, 30))).find("第165条") != std::string::npos);  // as the text of 2012 numbers it
}

TEST_CASE("民法典 §202 counts the months of every instrument but those of criminal procedure, and each trace cites its law") {
  for (const Instrument& instrument : AllInstruments()) {
    if (instrument.valid_to != kForever) continue;
    INFO(instrument.key);
    const bool criminal = instrument.counting.general == "CPL";
    const Deadline deadline = Of(Months(instrument.key, 1), Date(2026, 6, 30));
    CHECK(FormatDay(deadline.due) == (criminal ? "2026-07-31" : "2026-07-30"));
    CHECK(Why(deadline).find(criminal ? "《最高人民法院关于适用刑事诉讼法的解释》第202条" : "《民法典》第202条") !=
          std::string::npos);
  }
  CHECK(Why(Of(Months("CVL", 1), Date(2018, 6, 30))).find("《民法总则》第202条") != std::string::npos);
  CHECK(Why(Of(Months("CVL", 1), Date(2015, 6, 30))).find("《民法通则》第154条") != std::string::npos);
}

TEST_CASE("a committee's term (人民调解法 §9) is no criminal term: its trace cites no criminal law") {
  const Deadline deadline = Of(Term(3, 0, 0, "PML"), Date(2026, 2, 28));
  CHECK(FormatDay(deadline.due) == "2029-02-27");
  CHECK(Why(deadline).find("刑事") == std::string::npos);
}

TEST_CASE("a year ends on the same day, and 29 February on the 28th; both roll over") {
  CHECK(Due(Years("APL", 2), Date(2022, 3, 15)) == "2024-03-15");
  CHECK(Due(Years("APL", 1), Date(2024, 2, 29)) == "2025-02-28");
  CHECK(Due(Years("ARL", 1), Date(2023, 10, 3)) == "2024-10-08");
}

TEST_CASE("刑诉法解释 §202: a term ends on the day before and never rolls over") {
  CHECK(Due(Term(1, 0, 0), Date(2024, 3, 10)) == "2025-03-09");  // a Sunday
  CHECK(Due(Term(1, 0, 0), Date(2024, 2, 29)) == "2025-02-27");
  CHECK(Due(Term(0, 1, 0), Date(2024, 2, 29)) == "2024-03-30");
  CHECK(Due(Term(1, 6, 0), Date(2024, 3, 10)) == "2025-09-09");
  CHECK(Due(Term(0, 0, 15), Date(2024, 3, 10)) == "2024-03-24");
  CHECK(Due(Term(1, 0, 15), Date(2024, 3, 10)) == "2025-03-24");
  CHECK(Due(Term(3, 0, 0), Date(2025, 1, 1)) == "2027-12-31");  // a year without notice: no calendar is asked
  const Deadline deadline = Of(Term(1, 0, 0), Date(2024, 3, 10));
  CHECK(deadline.unit_applied == Unit::kTerm);
  CHECK(Count(deadline, StepKind::kNotCounted) == 0);
  CHECK(Count(deadline, StepKind::kFirstDay) == 1);
}

// ---- custody, measures, hours, exclusions

TEST_CASE("CPL §105: in custody a limit ends on its day, though it be a holiday") {
  CHECK(Due(Days("CPL", 15), Date(2024, 9, 20)) == "2024-10-08");
  const Deadline deadline = Of(Days("CPL", 15), Date(2024, 9, 20), {.in_custody = true});
  CHECK(FormatDay(deadline.due) == "2024-10-05");
  CHECK(Why(deadline).find("《刑事诉讼法》第105条") != std::string::npos);
  CHECK(Due(Days("CCL", 30), Date(2026, 12, 20), {.in_custody = true}) ==
        "2027-01-19");  // no calendar is asked
  for (const char* other : {"CVL", "APL"}) {
    CHECK(ReasonOf(Compute(Holidays(), Days(other, 15), Date(2024, 9, 20), {.in_custody = true}).status()) == "FIELD_NOT_APPLICABLE");
  }
}

TEST_CASE("CCL §47: 48 hours run from the next full hour and on through the holidays") {
  const absl::Time event = absl::FromCivil(absl::CivilSecond(2024, 9, 30, 16, 20, 0), ChinaTime());
  const auto deadline = Compute(Holidays(), Hours("CCL", 48), event);
  REQUIRE(deadline.ok());
  CHECK(deadline->due_at == absl::FromCivil(absl::CivilSecond(2024, 10, 2, 17, 0, 0), ChinaTime()));
  CHECK(FormatDay(deadline->due) == "2024-10-02");
  CHECK(deadline->unit_applied == Unit::kHour);
  const auto midnight = Compute(Holidays(), Hours("AEL", 24),
                                absl::FromCivil(absl::CivilSecond(2024, 9, 30, 23, 0, 0), ChinaTime()));
  CHECK(FormatDay(midnight->due) == "2024-10-01");  // until midnight of the first, which is still that day
  CHECK(ReasonOf(Compute(Holidays(), Hours("AEL", 24), Date(2024, 9, 30)).status()) == "PERIOD_MALFORMED");
}

TEST_CASE("an instant counts from its day in China") {
  const absl::Time event = absl::FromCivil(absl::CivilSecond(2024, 9, 26, 16, 0, 0), absl::UTCTimeZone());
  const auto deadline = Compute(Holidays(), Days("G118", 7), event);
  CHECK(FormatDay(deadline->due) == "2024-10-12");
  CHECK(deadline->due_at == absl::FromCivil(Date(2024, 10, 13), ChinaTime()));
}

TEST_CASE("excluded days put the end off, in calendar and in working days") {
  const Options suspended{.excluded = {{Date(2024, 3, 5), Date(2024, 3, 8), "听证期间"}}};
  CHECK(Due(Days("APL", 15), Date(2024, 3, 1), suspended) == "2024-03-20");
  CHECK(Due(Days("APL", 5), Date(2024, 3, 1), suspended) == "2024-03-14");
  CHECK(Due(Months("CVL", 1), Date(2024, 3, 1), suspended) ==
        "2024-04-07");  // 5 April is a holiday, 7 April a make-up Sunday
  const Deadline deadline = Of(Days("APL", 15), Date(2024, 3, 1), suspended);
  CHECK(Count(deadline, StepKind::kExcluded) == 1);
}

// ---- errors and versions

TEST_CASE("an unknown instrument is refused by its name") {
  const auto refused = Compute(Holidays(), Days("XYZ", 7), Date(2024, 3, 1));
  CHECK(refused.status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(ReasonOf(refused.status()) == "INSTRUMENT_UNKNOWN");
  CHECK(refused.status().message().find("XYZ") != absl::string_view::npos);
  CHECK(ReasonOf(Compute(Holidays(), Days("CCL", 7), Date(2020, 6, 30)).status()) ==
        "INSTRUMENT_NOT_IN_FORCE");
}

TEST_CASE("a period that reaches into a year without notice is an error, not a guess") {
  for (const Period& period : {Days("APL", 15), Days("APL", 7), Months("CVL", 1)}) {
    const auto unknown = Compute(Holidays(), period, Date(2026, 12, 25));
    CHECK(unknown.status().code() == absl::StatusCode::kOutOfRange);
    CHECK(ReasonOf(unknown.status()) == "CALENDAR_YEAR_UNKNOWN");
  }
}

TEST_CASE(
    "民事诉讼法 §85: a period or a count of working days that touches the last days of December waits for the next notice") {
  for (const auto& [period, event] : {std::pair{Days("CVL", 30), Date(2026, 12, 1)},
                                      {Days("APL", 3), Date(2026, 12, 28)},
                                      {Days("APL", 7), Date(2026, 12, 20)},
                                      {Months("PMR", 1), Date(2026, 11, 26)}}) {
    CHECK(ReasonOf(Compute(Holidays(), period, event).status()) == "CALENDAR_YEAR_UNKNOWN");
  }
  const Deadline provisional = Of(Days("CVL", 30), Date(2026, 12, 1), {.provisional = true});
  CHECK(FormatDay(provisional.due) == "2026-12-31");
  CHECK(Why(provisional).find("2027年的节假日安排尚未公布，暂计至2026年12月31日") != std::string::npos);
  CHECK(Due(Days("CVL", 30), Date(2026, 11, 24)) == "2026-12-24");
  const Calendar published =
      Holidays().With(*Calendar::Parse("date,kind,name\n2026-12-27,makeup,元旦\n2026-12-31,holiday,元旦\n"
                                       "2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"));
  CHECK(FormatDay(Compute(published, Days("CVL", 30), Date(2026, 12, 1))->due) == "2027-01-04");
  CHECK(FormatDay(Compute(published, Days("APL", 3), Date(2026, 12, 28))->due) == "2027-01-04");
  CHECK(FormatDay(Compute(published, Days("APL", 7), Date(2026, 12, 20))->due) == "2026-12-28");  // the 27th is made up
}

TEST_CASE("a period of nothing is refused") {
  for (const Period& period :
       {Days("APL", 0), Days("APL", -3), Term(0, 0, 0), Term(-1, 2, 0), Years("APL", 1000)}) {
    CHECK(ReasonOf(Compute(Holidays(), period, Date(2024, 3, 1)).status()) == "PERIOD_MALFORMED");
  }
}

TEST_CASE("an end after the year 9999 cannot be told and is refused, whatever the unit") {
  const Date last(9999, 12, 31);
  const absl::Time evening = absl::FromCivil(absl::CivilHour(9999, 12, 31, 20), ChinaTime());
  const Options custody{.in_custody = true}, measure{.is_measure = true};
  const Options out{.excluded = {{Date(2024, 3, 5), last, "鉴定"}}};
  CHECK(Due(Term(0, 0, 1), last) == "9999-12-31");
  CHECK(Due(Years("CL", 1), Date(9998, 6, 1)) == "9999-06-01");
  for (const auto& end :
       {Compute(Holidays(), Term(0, 0, 2), last), Compute(Holidays(), Years("CL", 1), Date(9999, 6, 1)),
        Compute(Holidays(), Months("CPL", 1), last, custody), Compute(Holidays(), Days("CPL", 3), last, custody),
        Compute(Holidays(), Days("CVL", 3), last, measure), Compute(Holidays(), Days("CVL", 3), last),
        Compute(Holidays(), WorkingDays("MAD", 3), last), Compute(Holidays(), Hours("CCL", 48), evening),
        Compute(Holidays(), Days("APL", 15), Date(2024, 3, 1), out)}) {
    CHECK(ReasonOf(end.status()) == "PERIOD_MALFORMED");
  }
}

TEST_CASE("a deadline names the versions that made it and its trace ends with the day") {
  const Deadline deadline = Of(Days("ARL", 5), Date(2024, 3, 1));
  CHECK(deadline.rule_version == "ARL@2024-01-01 calendar@" + Holidays().version());
  CHECK(deadline.steps.front().kind == StepKind::kRule);
  CHECK(deadline.steps.back().kind == StepKind::kDue);
  CHECK(deadline.steps.back().date == deadline.due);
}

TEST_CASE("the versions of an instrument follow each other without overlap") {
  for (const Instrument& a : AllInstruments()) {
    CHECK(a.valid_from <= a.valid_to);
    CHECK(FindInstrument(a.key, a.valid_from).value() == &a);
    CHECK(FindInstrument(a.counting.general, a.valid_from).ok());
  }
}

TEST_CASE("a period is described as a clerk writes it") {
  CHECK(Describe(Term(1, 6, 0)) == "1年6个月");
  CHECK(Describe(WorkingDays("APL", 7)) == "7个工作日");
}

}  // namespace sifa::calendar
