#include "libs/calendar/periods.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/calendar/instruments.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::calendar {
namespace {

using absl::CivilDay;
using absl::CivilMonth;
using absl::StrCat;

constexpr absl::string_view kCriminal = "CPL";
constexpr absl::string_view kCriminalInterpretation = "最高人民法院关于适用刑事诉讼法的解释";
constexpr int kMostDays = 100 * 366;  // the longest count of any unit; also bounds the loops

// ---- words

std::string Say(CivilDay day) {
  static constexpr const char* kNames[] = {"一", "二", "三", "四", "五", "六", "日"};
  const char* weekday = kNames[static_cast<int>(absl::GetWeekday(day))];
  return StrCat(day.year(), "年", day.month(), "月", day.day(), "日（星期", weekday, "）");
}

std::string Say(CivilDay from, CivilDay to) {
  return from == to ? Say(from) : StrCat(Say(from), "至", Say(to));
}

std::string Cite(absl::string_view name, absl::string_view article) {
  return article.empty() ? StrCat("《", name, "》") : StrCat("《", name, "》第", article, "条");
}

// The days of one trace, in order; like days that follow each other become one step.
class Trace {
 public:
  explicit Trace(std::vector<Step>& steps) : steps_(steps) {}

  void Add(CivilDay date, StepKind kind, std::string text) {
    steps_.push_back({date, date, kind, std::move(text)});
  }

  // `what` follows the dates: "为国庆节放假，不计入".
  void AddRun(CivilDay date, StepKind kind, absl::string_view what) {
    if (!steps_.empty()) {
      Step& last = steps_.back();
      if (last.kind == kind && last.until + 1 == date &&
          last.text == StrCat(Say(last.date, last.until), what)) {
        last.until = date;
        last.text = StrCat(Say(last.date, date), what);
        return;
      }
    }
    Add(date, kind, StrCat(Say(date), what));
  }

 private:
  std::vector<Step>& steps_;
};

// ---- arithmetic

absl::Status Malformed(absl::string_view why) { return Error(absl::StatusCode::kInvalidArgument, "PERIOD_MALFORMED", why); }

// Dates are told with four digits of the year.
absl::Status CheckEnd(CivilDay due) { return due > kForever ? Malformed("期限届满日在9999年以后，无法表示") : absl::OkStatus(); }

CivilDay LastDayOf(CivilMonth month) { return CivilDay(month + 1) - 1; }

// The same day so many months on. Where that month has no such day: its last. From the last day of a month to the last day of
// one, where the rule is so.
CivilDay AddMonths(CivilDay start, int months, bool to_month_end, absl::string_view cite, Trace& trace) {
  const CivilMonth month = CivilMonth(start) + months;
  const CivilDay last = LastDayOf(month);
  if (to_month_end && start == LastDayOf(CivilMonth(start)) && start.day() != last.day()) {
    trace.Add(last, StepKind::kMonthEnd,
              StrCat(Say(start), "为当月最后一日，相应计至", Say(last), "即该月最后一日（", cite, "）"));
    return last;
  }
  if (start.day() > last.day()) {
    trace.Add(last, StepKind::kMonthEnd,
              StrCat(month.year(), "年", month.month(), "月没有", start.day(), "日，计至该月最后一日（", cite, "）"));
    return last;
  }
  const CivilDay same = CivilDay(month) + (start.day() - 1);
  trace.Add(same, StepKind::kRule, StrCat("到期月的对应日为", Say(same), "（", cite, "）"));
  return same;
}

const Excluded* ExcludedOn(const Options& options, CivilDay day) {
  for (const Excluded& excluded : options.excluded) {
    if (day >= excluded.from && day <= excluded.to) return &excluded;
  }
  return nullptr;
}

bool SkipExcluded(const Options& options, CivilDay day, Trace& trace) {
  const Excluded* excluded = ExcludedOn(options, day);
  if (excluded != nullptr)
    trace.AddRun(day, StepKind::kExcluded,
                 StrCat("为", excluded->reason.empty() ? "依法扣除的期间" : excluded->reason, "，不计入期限"));
  return excluded != nullptr;
}

// Every excluded day between the event and the end puts the end off by one.
absl::StatusOr<CivilDay> PutOffByExcluded(const Options& options, CivilDay event, CivilDay due,
                                          Trace& trace) {
  if (options.excluded.empty()) return due;
  for (CivilDay day = event + 1; day <= due; ++day) {
    if (SkipExcluded(options, day, trace)) ++due;
    if (day - event > 2 * kMostDays) return Malformed("扣除的期间过长，期限无从届满");
    RETURN_IF_ERROR(CheckEnd(due));
  }
  return due;
}

absl::StatusOr<CivilDay> CountWorkingDays(const Calendar& calendar, const Options& options, CivilDay event,
                                          int amount, Trace& trace) {
  CivilDay date = event;
  for (int counted = 0; counted < amount;) {
    ASSIGN_OR_RETURN(const Day day, calendar.Find(++date));
    if (SkipExcluded(options, date, trace)) continue;
    switch (day.kind) {
      case DayKind::kWeekend:
        trace.AddRun(date, StepKind::kWeekend, "为周末，不计入");
        continue;
      case DayKind::kHoliday:
        trace.AddRun(date, StepKind::kHoliday, StrCat("为", day.name, "放假，不计入"));
        continue;
      case DayKind::kMakeup:
        trace.AddRun(date, StepKind::kMakeup, StrCat("为", day.name, "调休上班日，计入"));
        break;
      case DayKind::kWorkday:
        break;
    }
    ++counted;
  }
  return date;
}

// The general law says that a period ending on a day off ends on the first day after it.
absl::StatusOr<CivilDay> RollOver(const Calendar& calendar, CivilDay due, absl::string_view cite,
                                  Trace& trace) {
  ASSIGN_OR_RETURN(Day day, calendar.Find(due));
  if (day.kind == DayKind::kMakeup) {
    trace.Add(due, StepKind::kMakeup, StrCat("届满日", Say(due), "为", day.name, "调休上班日，不顺延"));
    return due;
  }
  if (day.Works()) return due;
  while (!day.Works()) {
    const std::string off = day.kind == DayKind::kWeekend ? "周末" : StrCat(day.name, "放假");
    trace.AddRun(day.date, day.kind == DayKind::kWeekend ? StepKind::kWeekend : StepKind::kHoliday,
                 StrCat("为", off, "，期限不在此届满"));
    ASSIGN_OR_RETURN(day, calendar.Find(day.date + 1));
  }
  trace.Add(
      day.date, StepKind::kRolledOver,
      StrCat("届满日", Say(due), "为法定休假日，顺延至其后第一个工作日", Say(day.date), "（", cite, "）"));
  return day.date;
}

// ---- one computation

// Which text says on what day of its last month a period of months or years ends, and since when; the latest first.
struct MonthLaw {
  absl::string_view general;
  CivilDay from;
  absl::string_view name, article;
};
constexpr MonthLaw kMonthLaws[] = {
    {"CVL", CivilDay(2021, 1, 1), "民法典", "202"},
    {"CVL", CivilDay(2017, 10, 1), "民法总则", "202"},
    {"CVL", CivilDay(1987, 1, 1), "民法通则", "154"},
    {kCriminal, CivilDay(2021, 3, 1), kCriminalInterpretation, "202"},
    {kCriminal, CivilDay(2013, 1, 1), kCriminalInterpretation, "165"},
};

struct Law {
  const Instrument& own;
  const Instrument& general;
  CivilDay event;

  bool IsCriminal() const { return general.key == kCriminal; }
  // 民法典 §202 ends a period on the corresponding day; by the criminal interpretation alone one from the last day of a month
  // ends on the last day of a month.
  CivilDay AddMonths(int months, bool counts_months, Trace& trace) const {
    return calendar::AddMonths(event, months, IsCriminal() && counts_months, CiteMonths(), trace);
  }
  std::string CiteMonths() const {
    for (const MonthLaw& law : kMonthLaws) {
      if (law.general == general.key && event >= law.from) return calendar::Cite(law.name, law.article);
    }
    return Cite();
  }

  std::string Cite() const { return calendar::Cite(general.name, general.counting.period_article); }
  std::string Version() const { return StrCat(own.key, "@", FormatDay(own.valid_from)); }
};

absl::StatusOr<Law> FindLaw(const Period& period, CivilDay event, const Options& options) {
  ASSIGN_OR_RETURN(const Instrument* own, FindInstrument(period.instrument, event));
  ASSIGN_OR_RETURN(const Instrument* general, FindInstrument(own->counting.general, event));
  if (options.in_custody && general->key != kCriminal) {
    return Error(absl::StatusCode::kInvalidArgument, "FIELD_NOT_APPLICABLE", "只有依照刑事诉讼法计算的期限，才因在押而不顺延");
  }
  return Law{*own, *general, event};
}

absl::Status Check(const Period& period) {
  if (period.unit != Unit::kTerm) {
    const int most = period.unit == Unit::kMonth ? 1200 : period.unit == Unit::kYear ? 100 : kMostDays;
    if (period.amount < 1 || period.amount > most) return Malformed("期限的数值应为正数且在合理范围内");
    return absl::OkStatus();
  }
  const auto within = [](int value, int most) { return value >= 0 && value <= most; };
  if (!within(period.years, 100) || !within(period.months, 1200) || !within(period.days, kMostDays) ||
      period.years + period.months + period.days == 0) {
    return Malformed("刑期的年、月、日应为非负数，且不能全为零");
  }
  return absl::OkStatus();
}

// DAY becomes WORKING_DAY where the instrument says so for that number.
Unit Resolve(const Period& period, const Instrument& own, const Options& options, CivilDay event,
             Trace& trace) {
  if (period.unit != Unit::kDay) return period.unit;
  if (own.counting.configurable && options.open_days_are_working) {
    trace.Add(event, StepKind::kRule,
              StrCat("《", own.name, "》未明定，按本机关设定，", period.amount, "日按工作日计算"));
    return Unit::kWorkingDay;
  }
  const bool working = own.CountsWorkingDays(period.amount);
  const std::string cite = Cite(own.name, working ? own.counting.article : "");
  trace.Add(event, StepKind::kRule,
            StrCat(cite, working ? "中“" : "未将“", period.amount,
                   working ? "日”指工作日" : "日”定为工作日，按自然日计算"));
  return working ? Unit::kWorkingDay : Unit::kDay;
}

// Terms of years end on the day before the anniversary, those of months on the day before the same day, those
// of days after so many days, the first included. Nothing rolls over. Only a criminal term cites 刑诉法解释.
CivilDay EndOfTerm(const Period& period, const Law& law, Trace& trace) {
  const CivilDay start = law.event;
  trace.Add(start, StepKind::kFirstDay, StrCat(Say(start), "为", Describe(period), "期限的第一日，当日计入"));
  CivilDay same = start;
  if (period.years + period.months > 0) same = law.AddMonths(12 * period.years + period.months, period.months > 0, trace);
  const CivilDay due = same + period.days - 1;
  std::string how;
  if (period.years + period.months > 0)
    how = StrCat("满", Describe(Term(period.years, period.months, 0)), "计至", Say(same), "的前一日");
  if (period.days > 0) absl::StrAppend(&how, how.empty() ? "连同首日计满" : "，再加", period.days, "日");
  trace.Add(due, StepKind::kDayBefore, law.IsCriminal() ? StrCat(how, "（", law.CiteMonths(), "）") : how);
  return due;
}

absl::StatusOr<CivilDay> EndOfPeriod(const Calendar& calendar, const Period& period, Unit unit, const Law& law,
                                     const Options& options, Trace& trace) {
  CivilDay due;
  switch (unit) {
    case Unit::kWorkingDay:
      RETURN_IF_ERROR(CheckEnd(law.event + period.amount));
      return CountWorkingDays(calendar, options, law.event, period.amount, trace);
    case Unit::kMonth:
      due = law.AddMonths(period.amount, true, trace);
      break;
    case Unit::kYear:
      due = law.AddMonths(12 * period.amount, false, trace);
      break;
    default:
      due = law.event + period.amount;
  }
  RETURN_IF_ERROR(CheckEnd(due));
  return PutOffByExcluded(options, law.event, due, trace);
}

// The end of a period once it is known on which day it falls.
absl::StatusOr<CivilDay> Settle(const Calendar& calendar, const Law& law, CivilDay due,
                                const Options& options, Trace& trace) {
  if (!options.in_custody && !options.is_measure && !options.provisional && law.own.counting.rolls_over)
    return RollOver(calendar, due, law.Cite(), trace);
  if (options.in_custody) {
    trace.Add(due, StepKind::kNotRolled, StrCat("在押期间的期限不因节假日顺延（", law.Cite(), "）"));
  } else if (options.is_measure) {
    trace.Add(due, StepKind::kNotRolled, "对人采取的措施到期即止，不因节假日延长");
  } else if (options.provisional) {
    trace.Add(due, StepKind::kNotRolled,
              StrCat(calendar.MissingNotice(due), "年的节假日安排尚未公布，暂计至", Say(due), "，公布后核定是否顺延"));
  }
  return due;
}

absl::Status Finish(const Calendar& calendar, const Law& law, Deadline& deadline, Trace& trace) {
  RETURN_IF_ERROR(CheckEnd(deadline.due));
  deadline.due_at = absl::FromCivil(deadline.due + 1, ChinaTime());
  deadline.rule_version = StrCat(law.Version(), " calendar@", calendar.version());
  trace.Add(deadline.due, StepKind::kDue, StrCat("最后一日为", Say(deadline.due)));
  return absl::OkStatus();
}

// Hours run from the next full hour and end on the clock, day off or not.
absl::StatusOr<Deadline> ComputeHours(const Calendar& calendar, const Period& period, absl::Time event,
                                      const Options& options) {
  RETURN_IF_ERROR(Check(period));
  const CivilDay day = DayOf(event);
  ASSIGN_OR_RETURN(const Law law, FindLaw(period, day, options));
  const absl::CivilHour start = absl::ToCivilHour(event, ChinaTime()) + 1;
  const absl::CivilHour end = start + period.amount;
  Deadline deadline{.due_at = absl::FromCivil(end, ChinaTime()), .unit_applied = Unit::kHour};
  deadline.due = DayOf(deadline.due_at - absl::Nanoseconds(1));
  RETURN_IF_ERROR(CheckEnd(deadline.due));
  deadline.rule_version = StrCat(law.Version(), " calendar@", calendar.version());
  Trace trace(deadline.steps);
  trace.Add(
      day, StepKind::kNotCounted,
      StrCat("起始的一小时不计入，自", Say(CivilDay(start)), start.hour(), "时起算（", law.Cite(), "）"));
  trace.Add(
      deadline.due, StepKind::kDue,
      StrCat("计", period.amount, "小时，至", Say(CivilDay(end)), end.hour(), "时届满，不因节假日顺延"));
  return deadline;
}

}  // namespace

absl::StatusOr<Deadline> Compute(const Calendar& calendar, const Period& period, CivilDay event,
                                 const Options& options) {
  if (period.unit == Unit::kHour) return Malformed("以小时计算的期限应给出起始的时刻");
  RETURN_IF_ERROR(Check(period));
  ASSIGN_OR_RETURN(const Law law, FindLaw(period, event, options));
  Deadline deadline;
  Trace trace(deadline.steps);
  if (period.unit == Unit::kTerm) {
    deadline.unit_applied = Unit::kTerm;
    deadline.due = EndOfTerm(period, law, trace);
  } else {
    deadline.unit_applied = Resolve(period, law.own, options, event, trace);
    trace.Add(event, StepKind::kNotCounted, StrCat(Say(event), "为期间开始的日，不计入（", law.Cite(), "）"));
    ASSIGN_OR_RETURN(const CivilDay end, EndOfPeriod(calendar, period, deadline.unit_applied, law, options, trace));
    deadline.due = end;
    if (deadline.unit_applied != Unit::kWorkingDay) {
      ASSIGN_OR_RETURN(deadline.due, Settle(calendar, law, end, options, trace));
    }
  }
  RETURN_IF_ERROR(Finish(calendar, law, deadline, trace));
  return deadline;
}

absl::StatusOr<Deadline> Compute(const Calendar& calendar, const Period& period, absl::Time event,
                                 const Options& options) {
  if (period.unit == Unit::kHour) return ComputeHours(calendar, period, event, options);
  return Compute(calendar, period, DayOf(event), options);
}

std::string Describe(const Period& period) {
  switch (period.unit) {
    case Unit::kHour:
      return StrCat(period.amount, "小时");
    case Unit::kDay:
      return StrCat(period.amount, "日");
    case Unit::kWorkingDay:
      return StrCat(period.amount, "个工作日");
    case Unit::kMonth:
      return StrCat(period.amount, "个月");
    case Unit::kYear:
      return StrCat(period.amount, "年");
    case Unit::kTerm:
      break;
  }
  std::string text;
  if (period.years > 0) absl::StrAppend(&text, period.years, "年");
  if (period.months > 0) absl::StrAppend(&text, period.months, "个月");
  if (period.days > 0) absl::StrAppend(&text, period.days, "日");
  return text;
}

absl::string_view UnitName(Unit unit) {
  static constexpr absl::string_view kNames[] = {"HOUR", "DAY", "WORKING_DAY", "MONTH", "YEAR", "TERM"};
  return kNames[static_cast<int>(unit)];
}

absl::string_view StepKindName(StepKind kind) {
  static constexpr absl::string_view kNames[] = {"RULE",       "NOT_COUNTED", "FIRST_DAY",  "WEEKEND",
                                                 "HOLIDAY",    "MAKEUP",      "EXCLUDED",   "MONTH_END",
                                                 "DAY_BEFORE", "ROLLED_OVER", "NOT_ROLLED", "DUE"};
  return kNames[static_cast<int>(kind)];
}

}  // namespace sifa::calendar
