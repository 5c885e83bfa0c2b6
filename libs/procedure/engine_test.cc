#include "libs/procedure/engine.h"

#include <catch2/catch.hpp>

#include "google/rpc/error_details.pb.h"
#include "libs/procedure/proceduretest.pb.h"

namespace sifa::procedure {
namespace {

using casework::v1::Clock;
using proceduretest::v1::Permit;
using Change = std::function<absl::Status(Permit&)>;

const calendar::Calendar& TestCalendar() {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(std::string(SIFA_ROOT) + "/data/calendar/holidays.csv");
  return calendar;
}

constexpr Law kLaw = {"许可办法", "1"};
constexpr Law kOld = {"旧办法", "9", "2000-01-01", "2020-06-30"};
constexpr Law kNew = {"新办法", "7", "2020-07-01"};

bool IsSimple(const Permit& permit) { return permit.simple(); }
absl::CivilDay DayIn(const std::string& text) {
  absl::CivilDay day;
  return ParseDay(text, &day) ? day : absl::CivilDay();
}
absl::CivilDay SignedOn(const Permit& permit) { return DayIn(permit.signed_on()); }
absl::CivilDay ValidUntil(const Permit& permit) { return DayIn(permit.valid_until()); }

const Guard<Permit> kHasSubject = {"一", "SUBJECT_MISSING", "应当写明事项", {"许可办法", "3"}, [](const Permit& p, const Facts&) {
                                     return !p.subject().empty();
                                   }};
const Guard<Permit> kNotBarred = {"二",
                                  "BARRED",
                                  "该事项不予许可",
                                  {{"旧办法", "4", "", "2020-06-30"}, {"新办法", "5", "2020-07-01"}},
                                  [](const Permit& p, const Facts&) { return p.subject() != "禁止" && !p.subject().empty(); },
                                  [](const Permit& p, const Facts&) { return p.subject(); }};
const Guard<Permit> kSigned = {
    "三", "UNSIGNED", "决定应当签发", {"许可办法", "6"}, [](const Permit& p, const Facts&) { return !p.signed_on().empty(); }};
const Guard<Permit> kNotLate = {"四", "LATE", "已逾审查期限", {"许可办法", "6"}, [](const Permit& p, const Facts& facts) {
                                  const Clock* decide = FindClock(p.clocks(), "DECIDE");
                                  return decide == nullptr || !IsPast(*decide, facts.act_day);
                                }};

const Row<Permit> kRows[] = {
    {.act = Permit::FILE, .to = Permit::FILED, .papers = {Permit::RECEIPT}, .law = kLaw},
    {.act = Permit::EXAMINE,
     .from = {Permit::FILED},
     .to = Permit::EXAMINED,
     .when = IsSimple,
     .guards = {&kHasSubject, &kNotBarred},
     .starts = {{.clock = Permit::DECIDE, .period = calendar::Days("CVL", 3), .article = "2"}},
     .law = kLaw},
    {.act = Permit::EXAMINE,
     .from = {Permit::FILED},
     .to = Permit::EXAMINED,
     .guards = {&kHasSubject, &kNotBarred},
     .starts = {{.clock = Permit::DECIDE, .period = calendar::Days("CVL", 10), .article = "2", .parameter = "decide_days"}},
     .law = kLaw},
    {.act = Permit::CONSULT, .from = {Permit::EXAMINED}, .suspends = {Permit::DECIDE}, .law = kLaw},
    {.act = Permit::RESUME, .from = {Permit::EXAMINED}, .resumes = {Permit::DECIDE}, .law = kLaw},
    {.act = Permit::PROLONG, .from = {Permit::EXAMINED}, .extends = {{Permit::DECIDE, ValidUntil}}, .law = kLaw},
    {.act = Permit::NOTE, .from = {Permit::FILED, Permit::EXAMINED, Permit::GRANTED}, .aside = true, .law = kLaw},
    {.act = Permit::GRANT,
     .from = {Permit::EXAMINED},
     .to = Permit::GRANTED,
     .guards = {&kNotLate},
     .checks = {&kSigned, &kNotBarred},
     .starts = {{.clock = Permit::APPEAL, .period = calendar::Days("CVL", 15), .article = "8", .from = SignedOn},
                {.clock = Permit::RENEW,
                 .article = "8",
                 .when = [](const Permit& p) { return !p.valid_until().empty(); },
                 .until = ValidUntil}},
     .stops = {Permit::DECIDE},
     .done_on = SignedOn,
     .papers = {Permit::DECISION, Permit::RECEIPT},
     .law = kLaw},
    {.act = Permit::PUBLISH,
     .from = {Permit::GRANTED},
     .starts = {{.clock = Permit::APPEAL, .period = calendar::Days("CVL", 20)}},
     .law = kOld},
    {.act = Permit::PUBLISH, .from = {Permit::GRANTED}, .law = kNew},
    {.act = Permit::LAPSE, .from = {Permit::GRANTED}, .to = Permit::LAPSED, .level = Level::kSystem, .law = kLaw},
    {.act = Permit::MERGE, .from = {Permit::FILED, Permit::EXAMINED}, .indirect = true, .law = kLaw},
};
const ClockKind kClocks[] = {
    {.clock = Permit::DECIDE}, {.clock = Permit::APPEAL, .lapses = true}, {.clock = Permit::RENEW, .target = true}};

const Procedure<Permit> kProcedure = {
    .name = "许可",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Permit::LAPSED},
    .states = Permit::State_descriptor,
    .acts = Permit::Act_descriptor,
    .clock_kinds = Permit::Limit_descriptor,
    .papers = Permit::Document_descriptor,
};

Facts On(absl::CivilDay day) { return {day, day, &TestCalendar()}; }
absl::CivilDay March(int day) { return absl::CivilDay(2024, 3, day); }

absl::StatusOr<Applied> Act(Permit& permit, int act, const Facts& facts, const Change& change = {}) {
  ASSIGN_OR_RETURN(const Row<Permit>* row, FindRow(kProcedure, act, permit, facts.act_day));
  Permit after = permit;
  ASSIGN_OR_RETURN(Applied applied, Perform(kProcedure, *row, facts, change, &after));
  permit = after;
  return applied;
}
// The reason of a refusal; "" where it was done.
std::string Do(Permit& permit, int act, absl::CivilDay day, const Change& change = {}) {
  return ReasonOf(Act(permit, act, On(day), change).status());
}

Permit Filed(const std::string& subject = "开业") {
  Permit permit;
  REQUIRE(Do(permit, Permit::FILE, March(1)) == "");
  permit.set_subject(subject);
  return permit;
}
// On Monday 2024-03-04; to be decided by the 14th.
Permit Examined() {
  Permit permit = Filed();
  REQUIRE(Do(permit, Permit::EXAMINE, March(4)) == "");
  return permit;
}
Change Signed(const std::string& day) {
  return [=](Permit& p) {
    p.set_signed_on(day);
    return absl::OkStatus();
  };
}
Change Until(const std::string& day) {
  return [=](Permit& p) {
    p.set_valid_until(day);
    return absl::OkStatus();
  };
}

const Clock& ClockOf(const Permit& permit, const std::string& kind) {
  const Clock* clock = FindClock(permit.clocks(), kind);
  REQUIRE(clock != nullptr);
  return *clock;
}

std::string LawOf(const absl::Status& refused) {
  google::rpc::ErrorInfo info;
  REQUIRE(ToProto(refused).details(0).UnpackTo(&info));
  return info.metadata().at("law");
}

std::vector<std::string> Offered(const Permit& permit, absl::CivilDay day) {
  std::vector<std::string> acts;
  for (const auto& option : Options(kProcedure, permit, On(day))) {
    acts.push_back(NameOf(Permit::Act_descriptor(), option.row->act) + (option.status.ok() ? "" : ":" + ReasonOf(option.status)));
  }
  return acts;
}

}  // namespace

TEST_CASE("an act is open from the states of its row, and what creates from none") {
  Permit permit;
  CHECK(Do(permit, Permit::EXAMINE, March(1)) == "ACTION_NOT_ALLOWED");
  CHECK(Do(permit, Permit::FILE, March(1)) == "");
  CHECK(permit.state() == Permit::FILED);
  CHECK(Do(permit, Permit::FILE, March(1)) == "ACTION_NOT_ALLOWED");
  const auto refused = FindRow(kProcedure, Permit::GRANT, permit, March(1)).status();
  CHECK(refused.message() == "当前状态为“已申请”，不能“许可”");
  CHECK(FindRow(kProcedure, Permit::GRANT, permit, Permit::EXAMINED, March(1)).ok());  // as of another state of its past
}

TEST_CASE("of the rows of an act the first one that is for such an object is taken") {
  Permit simple = Filed(), other = Filed();
  simple.set_simple(true);
  REQUIRE(Do(simple, Permit::EXAMINE, March(4)) == "");
  REQUIRE(Do(other, Permit::EXAMINE, March(4)) == "");
  CHECK(ClockOf(simple, "DECIDE").due_on() == "2024-03-07");
  CHECK(ClockOf(other, "DECIDE").due_on() == "2024-03-14");
}

TEST_CASE("an act is done under the law of its own day, and refused on a day of no law") {
  Permit permit;
  permit.set_state(Permit::GRANTED);
  CHECK(Act(permit, Permit::PUBLISH, On(absl::CivilDay(2020, 6, 30)))->law == "《旧办法》第9条");
  CHECK(ClockOf(permit, "APPEAL").started_on() == "2020-06-30");
  Permit later;
  later.set_state(Permit::GRANTED);
  CHECK(Act(later, Permit::PUBLISH, On(absl::CivilDay(2020, 7, 1)))->law == "《新办法》第7条");
  CHECK(later.clocks().empty());
  // Entered today, as of then.
  Facts back_dated = On(absl::CivilDay(2020, 6, 30));
  back_dated.today = absl::CivilDay(2024, 3, 1);
  CHECK(ReasonOf(Act(later, Permit::PUBLISH, back_dated).status()) == "ACT_OUT_OF_ORDER");
  later.clear_acted_on();
  CHECK(Act(later, Permit::PUBLISH, back_dated)->law == "《旧办法》第9条");

  const auto none = FindRow(kProcedure, Permit::PUBLISH, later, absl::CivilDay(1999, 12, 31)).status();
  CHECK(ReasonOf(none) == "LAW_NOT_IN_FORCE");
  CHECK(none.message() == "《新办法》第7条自2020-07-01起施行，1999-12-31尚不能“公示”");
  // Where the state does not allow it, that is the reason.
  later.set_state(Permit::FILED);
  CHECK(ReasonOf(FindRow(kProcedure, Permit::PUBLISH, later, absl::CivilDay(1999, 12, 31)).status()) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("a law that has ended refuses from the day after") {
  const Laws ended(kOld);
  CHECK(ended.HoldOn(absl::CivilDay(2020, 6, 30)));
  CHECK_FALSE(ended.HoldOn(absl::CivilDay(2020, 7, 1)));
  CHECK(NotInForce(ended, "公示", absl::CivilDay(2020, 7, 1)).message() ==
        "《旧办法》第9条自2020-06-30后失效，2020-07-01不能再“公示”");
}

TEST_CASE("guards are asked in their order, before anything is changed; the first that does not hold gives the reason") {
  bool changed = false;
  const Change change = [&](Permit&) {
    changed = true;
    return absl::OkStatus();
  };
  Permit nothing = Filed(""), barred = Filed("禁止");
  CHECK(Do(nothing, Permit::EXAMINE, March(4), change) == "SUBJECT_MISSING");  // kNotBarred does not hold either
  const absl::Status refused = Act(barred, Permit::EXAMINE, On(March(4)), change).status();
  CHECK(ReasonOf(refused) == "BARRED");
  CHECK(refused.message() == "该事项不予许可：禁止");
  CHECK_FALSE(changed);
  CHECK(barred.state() == Permit::FILED);
}

TEST_CASE("a refusal cites the article that stood on the day of the act") {
  const auto refused = [](absl::CivilDay day) {
    const auto row = FindRow(kProcedure, Permit::EXAMINE, Filed("禁止"), day);
    return LawOf(CheckAll((*row)->guards, Filed("禁止"), On(day)));
  };
  CHECK(refused(absl::CivilDay(2020, 6, 30)) == "《旧办法》第4条");
  CHECK(refused(absl::CivilDay(2020, 7, 1)) == "《新办法》第5条");
}

TEST_CASE("checks are asked of the object as it would become, after the change has had its say") {
  Permit permit = Examined();
  CHECK(Do(permit, Permit::GRANT, March(5)) == "UNSIGNED");
  CHECK(Do(permit, Permit::GRANT, March(5), [](Permit&) { return InvalidField("x", "MINE", "我"); }) == "MINE");
  CHECK(Do(permit, Permit::GRANT, March(5), [](Permit& p) {
          p.set_subject("禁止");
          return absl::OkStatus();
        }) == "UNSIGNED");  // kNotBarred, which comes second, does not hold either
  CHECK(Do(permit, Permit::GRANT, March(5), [](Permit& p) {
          p.set_subject("禁止");
          p.set_signed_on("2024-03-01");  // and out of order
          return absl::OkStatus();
        }) == "BARRED");
  CHECK(Do(permit, Permit::GRANT, March(15), Signed("2024-03-05")) == "LATE");
  CHECK(permit.state() == Permit::EXAMINED);
  CHECK(Do(permit, Permit::GRANT, March(5), Signed("2024-03-05")) == "");
  CHECK(permit.state() == Permit::GRANTED);
}

TEST_CASE("an act that may fall either way leads where the object as it became says") {
  const Row<Permit> ruling = {
      .act = Permit::GRANT, .from = {Permit::EXAMINED}, .to = Permit::GRANTED, .fork = {Permit::LAPSED, IsSimple}, .law = kLaw};
  const auto ruled = [&](bool simple) {
    Permit permit = Examined();
    const Change change = [=](Permit& p) {
      p.set_simple(simple);
      return absl::OkStatus();
    };
    const auto applied = Perform(kProcedure, ruling, On(March(5)), change, &permit);
    REQUIRE(applied.ok());
    CHECK(applied->to == permit.state());
    return permit.state();
  };
  CHECK(ruled(false) == Permit::GRANTED);
  CHECK(ruled(true) == Permit::LAPSED);
}

TEST_CASE("of a record of what others did the state is what its facts say, whatever the act") {
  Procedure<Permit> record = kProcedure;
  record.state_of = [](const Permit& p) -> int { return p.signed_on().empty() ? Permit::EXAMINED : Permit::GRANTED; };
  Permit permit = Filed();
  const auto noted = [&](const Change& change) {
    const auto row = FindRow(record, Permit::NOTE, permit, March(5));
    REQUIRE(row.ok());
    const auto applied = Perform(record, **row, On(March(5)), change, &permit);
    REQUIRE(applied.ok());
    CHECK(applied->to == permit.state());
    return permit.state();
  };
  CHECK(noted({}) == Permit::EXAMINED);
  CHECK(noted(Signed("2024-03-05")) == Permit::GRANTED);
  CHECK(noted([](Permit& p) {
          p.clear_signed_on();
          return absl::OkStatus();
        }) == Permit::EXAMINED);
}

TEST_CASE("acts follow one another by their days; one beside the course is done in any order, and moves it not") {
  Permit permit = Examined();
  CHECK(permit.acted_on() == "2024-03-04");
  const absl::Status early = Act(permit, Permit::CONSULT, On(March(3))).status();
  CHECK(ReasonOf(early) == "ACT_OUT_OF_ORDER");
  CHECK(early.message() == "办理日期不能早于前一次办理的日期：2024-03-03早于2024-03-04");
  CHECK(LawOf(early) == "《许可办法》第1条");
  CHECK(Do(permit, Permit::NOTE, March(2)) == "");
  CHECK(permit.acted_on() == "2024-03-04");
  CHECK(Do(permit, Permit::NOTE, March(8)) == "");
  CHECK(Do(permit, Permit::CONSULT, March(4)) == "");  // the same day is not earlier
  CHECK(Do(permit, Permit::RESUME, March(7)) == "");
  CHECK(permit.acted_on() == "2024-03-07");
}

TEST_CASE("an act that records its own day has that one: in the course, and for what it stops") {
  Permit permit = Examined();
  CHECK(Do(permit, Permit::GRANT, March(12), Signed("2024-03-01")) == "ACT_OUT_OF_ORDER");
  REQUIRE(Do(permit, Permit::GRANT, March(12), Signed("2024-03-06")) == "");
  CHECK(permit.acted_on() == "2024-03-06");
  CHECK(ClockOf(permit, "DECIDE").state() == Clock::STOPPED);
  CHECK(ClockOf(permit, "DECIDE").ended_on() == "2024-03-06");
  CHECK(permit.papers().rbegin()->made_on() == "2024-03-12");  // the day of the act itself
}

TEST_CASE("the instant of an act is that of what it ends only where it was done on that very day") {
  for (const auto& [signed_on, known] : {std::pair{"2024-03-12", true}, {"2024-03-06", false}}) {
    Permit permit = Examined();
    Facts facts = On(March(12));
    facts.occurred_at = absl::FromCivil(absl::CivilSecond(2024, 3, 12, 15, 20, 0), ChinaTime());
    REQUIRE(Act(permit, Permit::GRANT, facts, Signed(signed_on)).ok());
    CHECK(ClockOf(permit, "DECIDE").has_ended_at() == known);
  }
}

TEST_CASE("limits start by the act's day, by a date of the object, or on an agreed day, where the row says so") {
  Permit permit = Examined();
  const auto applied = Act(permit, Permit::GRANT, On(March(12)), Signed("2024-03-06"));
  REQUIRE(applied.ok());
  CHECK(ClockOf(permit, "APPEAL").started_on() == "2024-03-06");
  CHECK(ClockOf(permit, "APPEAL").due_on() == "2024-03-21");
  CHECK(ClockOf(permit, "APPEAL").lapses());
  CHECK_FALSE(ClockOf(permit, "DECIDE").lapses());
  CHECK(FindClock(permit.clocks(), "RENEW") == nullptr);
  CHECK(applied->clocks == std::vector<std::string>{"审查期限：2024-03-06 办结", "复议期限：2024-03-06 起，至 2024-03-21"});

  Permit dated = Examined();
  dated.set_valid_until("2024-12-31");
  REQUIRE(Do(dated, Permit::GRANT, March(12), Signed("2024-03-06")) == "");
  CHECK(ClockOf(dated, "RENEW").started_on() == "2024-03-12");
  CHECK(ClockOf(dated, "RENEW").due_on() == "2024-12-31");
  CHECK(ClockOf(dated, "RENEW").target());
}

TEST_CASE("a local rule sets the length of a limit that names it, and of no other") {
  const Parameters shorter = {{"decide_days", 7}, {"appeal_days", 1}};
  Permit permit = Filed();
  Facts facts = On(March(4));
  facts.parameters = &shorter;
  REQUIRE(Act(permit, Permit::EXAMINE, facts).ok());
  CHECK(ClockOf(permit, "DECIDE").due_on() == "2024-03-11");
  Facts granted = On(March(6));
  granted.parameters = &shorter;
  REQUIRE(Act(permit, Permit::GRANT, granted, Signed("2024-03-06")).ok());
  CHECK(ClockOf(permit, "APPEAL").due_on() == "2024-03-21");
}

TEST_CASE("a limit stands still, goes on without those days, and is put off") {
  Permit permit = Examined();
  const auto consulted = Act(permit, Permit::CONSULT, On(March(6)));
  REQUIRE(consulted.ok());
  CHECK(consulted->from == Permit::EXAMINED);
  CHECK(consulted->to == Permit::EXAMINED);
  CHECK(consulted->clocks == std::vector<std::string>{"审查期限：2024-03-06 起中止"});
  CHECK(ClockOf(permit, "DECIDE").state() == Clock::SUSPENDED);
  const auto resumed = Act(permit, Permit::RESUME, On(March(11)));
  REQUIRE(resumed.ok());
  CHECK(resumed->clocks == std::vector<std::string>{"审查期限：2024-03-11 恢复"});
  CHECK(ClockOf(permit, "DECIDE").due_on() == "2024-03-19");
  CHECK(Do(permit, Permit::PROLONG, March(12), Until("2024-03-19")) == "EXTENSION_NOT_LATER");
  CHECK(ClockOf(permit, "DECIDE").due_on() == "2024-03-19");
  const auto extended = Act(permit, Permit::PROLONG, On(March(12)), Until("2024-04-10"));
  REQUIRE(extended.ok());
  CHECK(extended->clocks == std::vector<std::string>{"审查期限：延长至 2024-04-10"});
  CHECK(ClockOf(permit, "DECIDE").due_on() == "2024-04-10");
}

TEST_CASE("papers of a row are made on the day of the act, and told by their labels") {
  Permit permit;
  CHECK(Act(permit, Permit::FILE, On(March(1)))->papers == std::vector<std::string>{"受理回执"});
  permit.set_subject("开业");
  REQUIRE(Do(permit, Permit::EXAMINE, March(4)) == "");
  CHECK(Act(permit, Permit::GRANT, On(March(12)), Signed("2024-03-06"))->papers ==
        std::vector<std::string>{"决定书", "受理回执"});
  REQUIRE(permit.papers_size() == 3);
  CHECK(permit.papers(0).made_on() == "2024-03-01");
  CHECK(permit.papers(1).kind() == "DECISION");
  CHECK(permit.papers(1).label() == "决定书");
}

TEST_CASE(
    "what people may do by themselves is offered with its reason against it; acts of the system and indirect ones are not") {
  CHECK(Offered(Filed(), March(4)) == std::vector<std::string>{"EXAMINE", "NOTE"});
  CHECK(Offered(Filed(""), March(4)) == std::vector<std::string>{"EXAMINE:SUBJECT_MISSING", "NOTE"});
  Permit simple = Filed();
  simple.set_simple(true);
  const auto options = Options(kProcedure, simple, On(March(4)));
  REQUIRE(options.size() == 2);
  CHECK(options[0].row == &kRows[1]);  // the one for such an object, once
  CHECK(Offered(Examined(), March(4)) == std::vector<std::string>{"CONSULT", "RESUME", "PROLONG", "NOTE", "GRANT"});
  CHECK(Offered(Examined(), March(15)) == std::vector<std::string>{"CONSULT", "RESUME", "PROLONG", "NOTE", "GRANT:LATE"});
  Permit granted;
  granted.set_state(Permit::GRANTED);
  CHECK(Offered(granted, absl::CivilDay(1999, 12, 31)) == std::vector<std::string>{"NOTE"});
  CHECK(Offered(granted, absl::CivilDay(2020, 6, 30)) == std::vector<std::string>{"NOTE", "PUBLISH"});
  // Both are acts all the same.
  CHECK(Do(granted, Permit::LAPSE, March(1)) == "");
  Permit merged = Examined();
  CHECK(Do(merged, Permit::MERGE, March(5)) == "");
}

TEST_CASE("what may be done is judged by the holidays of today, as the act itself would find them") {
  // Examined on 2024-03-04, when the 14th was a working day; a later notice has made it a holiday.
  Permit permit = Examined();
  const auto moved = TestCalendar().With(
      *calendar::Calendar::Parse("date,kind,name\n2024-01-01,holiday,元旦\n2024-03-14,holiday,节\n2024-10-01,holiday,国庆节\n"));
  Facts facts = On(March(15));
  facts.calendar = &moved;
  const auto options = Options(kProcedure, permit, facts);
  CHECK(options.back().status.ok());
  const auto applied = Act(permit, Permit::GRANT, facts, Signed("2024-03-15"));
  REQUIRE(applied.ok());
  CHECK(applied->clocks.front() == "审查期限：节假日安排变更，由 2024-03-14 改至 2024-03-15");
}

}  // namespace sifa::procedure
