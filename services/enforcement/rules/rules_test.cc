// The rules of law §4.4 with their examples: values in, verdicts out.
#include <catch2/catch.hpp>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "services/enforcement/rules/judgements.h"
#include "services/enforcement/rules/procedure.h"

namespace sifa::enforcement::rules {
namespace {

CivilDay Day(const std::string& text) {
  CivilDay day;
  REQUIRE(ParseDay(text, &day));
  return day;
}

const calendar::Calendar& TheCalendar() {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(SIFA_ROOT "/data/calendar/holidays.csv");
  return calendar;
}
const Parameters& TheParameters() {
  static const Parameters parameters = *Parameters::Load(SIFA_ROOT "/data/enforcement");
  return parameters;
}

// A case of one party as its agency told it, in a form that has all columns.
struct Told : Facts {
  Told() {
    field = "02";
    region = "330783";
    for (AnyFact* fact : Columns()) fact->asked = true;
    party_kind.Tell(PartyKind::kOrganisation);
    procedure.Tell("2");
  }
  Told& Fined(int64_t yuan) {
    penalties.Tell({"21"});
    fine_fen.Tell(yuan * 100);
    return *this;
  }
  Told& On(Fact<CivilDay> Facts::*fact, const std::string& day) {
    (this->*fact).Tell(Day(day));
    return *this;
  }
};

Judgement By(const char* rule, const Facts& facts, const std::string& today = "2026-11-02") {
  return Judge(*FindRule(rule), facts, {TheCalendar(), TheParameters(), Day(today)});
}
// "PASS", "UNKNOWN noticed_on", "PENDING 2026-12-01".
std::string Is(const char* rule, const Facts& facts, const std::string& today = "2026-11-02") {
  const Judgement found = By(rule, facts, today);
  switch (found.verdict) {
    case Verdict::kPass:
      return "PASS";
    case Verdict::kFail:
      return "FAIL";
    case Verdict::kUnknown:
      return absl::StrCat("UNKNOWN ", absl::StrJoin(found.missing, " "));
    case Verdict::kPending:
      return absl::StrCat("PENDING ", FormatDay(*found.until));
    case Verdict::kNotApplicable:
      return "NOT_APPLICABLE";
  }
  return "";
}

}  // namespace

TEST_CASE("行政处罚法 §60: decided by the ninetieth day, which rolls over a holiday, without what is excluded") {
  Told t;
  t.On(&Facts::filed_on, "2024-07-05");
  CHECK(Is("T90", Told(t).On(&Facts::decided_on, "2024-10-08")) == "PASS");  // day 90 is 3 October
  CHECK(Is("T90", Told(t).On(&Facts::decided_on, "2024-10-09")) == "FAIL");
  CHECK(Is("T90", t, "2024-10-08") == "PENDING 2024-10-08");
  CHECK(Is("T90", t, "2024-10-09") == "FAIL");
  Told tested = Told(t).On(&Facts::decided_on, "2024-10-14");
  tested.exclusions.Tell({{Day("2024-08-01"), Day("2024-08-10"), "检测"}});
  CHECK(Is("T90", tested) == "PASS");
  CHECK(By("T90", tested).text == "自2024-07-05起90日，扣除2024-08-01至2024-08-10检测，至2024-10-14；2024-10-14作出决定");
  CHECK(Is("T90", Told().On(&Facts::filed_on, "2021-07-14").On(&Facts::decided_on, "2022-07-14")) == "NOT_APPLICABLE");
  Told national;
  national.filed_on.asked = false;
  CHECK(Is("T90", national.On(&Facts::decided_on, "2024-10-09")) == "UNKNOWN filed_on");
}

TEST_CASE(
    "行政处罚法 §36: found within two years of the end of the conduct, on the corresponding day, which does not roll over") {
  Told t;
  t.On(&Facts::conduct_from, "2022-01-01").On(&Facts::conduct_to, "2022-10-05");
  CHECK(Is("P2", Told(t).On(&Facts::found_on, "2024-10-05")) == "PASS");  // a holiday
  CHECK(Is("P2", Told(t).On(&Facts::found_on, "2024-10-06")) == "UNKNOWN harm");
  Told harmful = Told(t).On(&Facts::found_on, "2027-10-05");
  harmful.harm.Tell(true);
  CHECK(Is("P2", harmful) == "PASS");
  CHECK(Is("P2", harmful.On(&Facts::found_on, "2027-10-06")) == "FAIL");
  // The law of 2021 lengthened it; the milder law of the conduct stays.
  CHECK(Is("P2", Told().On(&Facts::conduct_from, "2020-02-29").On(&Facts::found_on, "2022-02-28")) == "PASS");
  CHECK(Is("P2", Told().On(&Facts::conduct_from, "2020-02-29").On(&Facts::found_on, "2022-03-01")) == "FAIL");
  Told lasting = Told().On(&Facts::conduct_from, "2022-01-01").On(&Facts::found_on, "2022-02-01");
  lasting.conduct_to.asked = false;
  CHECK(Is("P2", lasting) == "UNKNOWN conduct_to");
}

TEST_CASE("行政处罚法 §30: a birthday is reached on the day after it") {
  Told t;
  t.party_kind.Tell(PartyKind::kPerson);
  t.On(&Facts::birth, "2010-06-01");
  CHECK(Is("P3", Told(t).On(&Facts::conduct_from, "2024-06-01")) == "FAIL");
  CHECK(Is("P3", Told(t).On(&Facts::conduct_from, "2024-06-02")) == "PASS");
  CHECK(Is("P3", Told().On(&Facts::conduct_from, "2024-06-01")) == "NOT_APPLICABLE");
}

TEST_CASE("行政处罚法 §72: three per cent a day after the fifteenth, which rolls over, and no more than the fine") {
  Told t;
  t.Fined(10000).On(&Facts::served_on, "2024-09-20");  // to 2024-10-08
  const auto owed = [&](const char* paid, int64_t yuan) {
    Told late = Told(t).On(&Facts::paid_on, paid);
    late.extra_fine_fen.Tell(yuan * 100);
    return Is("P9", late);
  };
  CHECK(owed("2024-10-09", 300) == "PASS");
  CHECK(owed("2024-10-09", 301) == "FAIL");
  CHECK(owed("2024-11-10", 9900) == "PASS");   // 33 days
  CHECK(owed("2024-11-11", 10000) == "PASS");  // 34 days: capped
  CHECK(owed("2024-11-11", 10200) == "FAIL");
  Told sued = Told(t).On(&Facts::paid_on, "2024-10-19");
  sued.challenges.Tell({{Day("2024-10-10"), Day("2024-10-19"), "复议"}});
  sued.extra_fine_fen.Tell(30000);
  CHECK(Is("P9", sued) == "PASS");  // §73: one day, of eleven
}

TEST_CASE("行政处罚法 §51: on the spot a warning or a small fine; 以下 includes the figure; before 2021-07-15 a smaller one") {
  Told t;
  t.procedure.Tell("1");
  t.On(&Facts::decided_on, "2024-09-02");
  CHECK(Is("SP", Told(t).Fined(3000)) == "PASS");
  CHECK(Is("SP", Told(t).Fined(3001)) == "FAIL");
  Told person(t);
  person.party_kind.Tell(PartyKind::kPerson);
  CHECK(Is("SP", Told(person).Fined(200)) == "PASS");
  CHECK(Is("SP", Told(person).Fined(201)) == "FAIL");
  CHECK(Is("SP", Told(person).On(&Facts::decided_on, "2021-07-14").Fined(51)) == "FAIL");
  Told closed(t);
  closed.penalties.Tell({"11", "12"});
  CHECK(Is("SP", closed) == "FAIL");  // 通报批评 is not included
  CHECK(Is("SP", Told().Fined(9000).On(&Facts::decided_on, "2024-09-02")) == "NOT_APPLICABLE");
}

TEST_CASE("行政处罚法 §63: the right to a hearing by kind or by the sector's amount, which 以上 includes; 暂扣 gives none") {
  Told t;
  t.On(&Facts::decided_on, "2024-09-02");
  t.hearing_told.Tell(false);
  CHECK(Is("P6", Told(t).Fined(100000)) == "FAIL");
  CHECK(Is("P6", Told(t).Fined(99999)) == "NOT_APPLICABLE");
  Told police = Told(t).Fined(2000);
  police.field = "04";
  CHECK(Is("P6", police) == "FAIL");
  const auto of_kind = [&](const char* kind) {
    Told of(t);
    of.penalties.Tell({kind});
    return Is("P6", of);
  };
  CHECK(of_kind("31") == "NOT_APPLICABLE");
  CHECK(of_kind("33") == "FAIL");
  CHECK(of_kind("44") == "FAIL");
  CHECK(of_kind("41") == "UNKNOWN penalties");
  Told told = Told(t).Fined(100000);
  told.hearing_told.Tell(true);
  CHECK(Is("P6", told) == "PASS");
}

TEST_CASE("行政处罚法 §64: no decision within the five working days to ask; the notice seven working days before the hearing") {
  Told t;
  t.Fined(200000).On(&Facts::noticed_on, "2024-09-12");  // Saturday 14 is made up: to 2024-09-20
  CHECK(Is("HR5", Told(t).On(&Facts::decided_on, "2024-09-20")) == "UNKNOWN waived");
  CHECK(Is("HR5", Told(t).On(&Facts::decided_on, "2024-09-21")) == "PASS");
  Told waived = Told(t).On(&Facts::decided_on, "2024-09-13");
  waived.waived.Tell(true);
  CHECK(Is("HR5", waived) == "PASS");
  waived.waived.Tell(false);
  CHECK(Is("HR5", waived) == "FAIL");
  Told heard;
  heard.On(&Facts::hearing_noticed_on, "2024-09-27");
  CHECK(Is("HN7", Told(heard).On(&Facts::hearing_on, "2024-10-11")) == "FAIL");
  CHECK(Is("HN7", Told(heard).On(&Facts::hearing_on, "2024-10-12")) == "PASS");
  CHECK(Is("HN7", heard) == "NOT_APPLICABLE");
}

TEST_CASE(
    "行政处罚法 §44, §58, §61: noticed before, reviewed after the hearing and before, served within seven working days after") {
  Told t;
  t.On(&Facts::decided_on, "2024-09-27");
  CHECK(Is("NT", t) == "FAIL");
  CHECK(Is("NT", Told(t).On(&Facts::noticed_on, "2024-09-27")) == "PASS");
  CHECK(Is("NT", Told(t).On(&Facts::noticed_on, "2024-09-28")) == "FAIL");
  Told national(t);
  national.noticed_on.asked = false;
  CHECK(Is("NT", national) == "UNKNOWN noticed_on");

  CHECK(Is("LR", t) == "NOT_APPLICABLE");
  Told heard = Told(t).On(&Facts::hearing_on, "2024-09-20");
  CHECK(Is("LR", heard) == "FAIL");
  heard.review_passed.Tell(true);
  CHECK(Is("LR", Told(heard).On(&Facts::reviewed_on, "2024-09-25")) == "PASS");
  CHECK(Is("LR", Told(heard).On(&Facts::reviewed_on, "2024-09-19")) == "FAIL");
  CHECK(Is("LR", Told(heard).On(&Facts::reviewed_on, "2024-09-28")) == "FAIL");
  heard.review_passed.Tell(false);
  CHECK(Is("LR", Told(heard).On(&Facts::reviewed_on, "2024-09-25")) == "FAIL");

  CHECK(Is("SV7", Told(t).On(&Facts::served_on, "2024-10-12")) == "PASS");  // Sunday 29 and Saturday 12 are made up
  CHECK(Is("SV7", Told(t).On(&Facts::served_on, "2024-10-13")) == "FAIL");
  CHECK(Is("SV7", t, "2024-10-12") == "PENDING 2024-10-12");
}

TEST_CASE("行政处罚法 §42: two officers whose certificates count there on the day; a sector may let one act on the spot") {
  const OfficerFact good{"A", true, true, true, true};
  Told t;
  t.On(&Facts::decided_on, "2024-09-27").On(&Facts::investigated_on, "2024-09-02");
  const auto by = [&](std::vector<OfficerFact> officers, const char* procedure = "2", const char* field = "02") {
    Told of(t);
    of.field = field;
    of.procedure.Tell(procedure);
    of.officers.Tell(std::move(officers));
    return Is("P7", of);
  };
  CHECK(Is("P7", t) == "FAIL");
  CHECK(by({good}) == "FAIL");
  CHECK(by({good, good}) == "PASS");
  CHECK(by({good}, "1", "03") == "PASS");
  CHECK(by({good}, "2", "03") == "FAIL");
  CHECK(by({good, {"B", true, false, true, true}}) == "FAIL");  // expired or suspended
  CHECK(by({good, {"B", true, true, false, true}}) == "FAIL");  // of another agency
  CHECK(by({good, {"B", true, true, true, false}}) == "FAIL");
  CHECK(by({good, {"B"}}) == "UNKNOWN officers");
}

TEST_CASE("行政处罚法 §34: both ends belong to a tier; outside it reasons are given; below the minimum only by 减轻") {
  Told t;
  t.On(&Facts::conduct_from, "2024-01-01");
  BenchmarkFact benchmark{.registered = true, .least_fen = 100000, .most_fen = 500000, .tiers = {{"4", 220000, 380000}}};
  const auto fined = [&](int64_t yuan, const char* tier, const char* reason = "") {
    Told of = Told(t).Fined(yuan);
    of.benchmark.Tell(benchmark);
    of.tier.Tell(tier);
    if (*reason != 0) of.tier_reason.Tell(reason);
    return Is("P8", of);
  };
  CHECK(fined(2200, "4") == "PASS");
  CHECK(fined(3800, "4") == "PASS");
  CHECK(fined(3801, "4") == "FAIL");
  CHECK(fined(3801, "4", "社会影响恶劣") == "PASS");
  // Without tiers of its own, market supervision parts the width of the band: 1000 + 30 % of 4000.
  CHECK(fined(2200, "3") == "PASS");
  CHECK(fined(2201, "3") == "FAIL");
  CHECK(fined(3800, "5") == "PASS");
  CHECK(fined(999, "3") == "FAIL");
  CHECK(fined(999, "2") == "FAIL");
  CHECK(fined(500, "1") == "FAIL");
  benchmark.tiers.push_back({"2", 10000, 99900});
  CHECK(fined(500, "2", "主动消除危害后果") == "PASS");
  benchmark.valued = false;
  CHECK(fined(3000, "4") == "UNKNOWN goods_fen");
}

TEST_CASE("行政处罚法 §16, §37: a law, regulation or rule in force at the conduct, or a later one found milder") {
  Told t;
  t.Fined(1000).On(&Facts::conduct_from, "2022-03-01").On(&Facts::decided_on, "2022-06-01");
  const auto cited = [&](std::vector<Wording> wordings) {
    Told of(t);
    of.bases.Tell({{{"某条例", 35}, std::move(wordings)}});
    return Is("P1", of);
  };
  CHECK(cited({}) == "UNKNOWN basis");
  CHECK(cited({{Day("2008-10-01"), CivilDay::max()}}) == "PASS");
  CHECK(cited({{Day("2008-10-01"), Day("2022-02-28")}}) == "FAIL");
  CHECK(cited({{Day("2022-03-02"), CivilDay::max()}}) == "FAIL");
  CHECK(cited({{Day("2022-03-02"), CivilDay::max(), true, true}}) == "PASS");
  CHECK(cited({{Day("2008-10-01"), CivilDay::max(), false}}) == "FAIL");
}

TEST_CASE("行政处罚法 §68, §71: on the spot up to the figure or on a ground; handed in within two working days") {
  Told t;
  t.On(&Facts::decided_on, "2024-09-27").On(&Facts::paid_on, "2024-09-27");
  t.collected_on_spot.Tell(true);
  CHECK(Is("CASH", Told(t).Fined(100)) == "PASS");
  CHECK(Is("CASH", Told(t).Fined(101)) == "UNKNOWN spot_ground");
  CHECK(Is("HAND2", Told(t).On(&Facts::handed_in_on, "2024-09-30")) == "PASS");  // Sunday 29 is made up
  CHECK(Is("HAND2", Told(t).On(&Facts::handed_in_on, "2024-10-01")) == "FAIL");
}

TEST_CASE("行政处罚法 §29: no second fine, where somebody has settled that the act is one") {
  Told t;
  t.Fined(1000);
  CHECK(Is("P4", t) == "NOT_APPLICABLE");
  t.fined_for_same_act = {"东综执罚决字〔2024〕第1号"};
  CHECK(Is("P4", t) == "FAIL");
  t.penalties.Tell({"31"});
  CHECK(Is("P4", t) == "PASS");
}

TEST_CASE("行政处罚法 §41, §56: what no column holds is unknown, and judged where it is told") {
  Told t;
  t.On(&Facts::decided_on, "2024-09-27");
  CHECK(Is("CAM", t) == "UNKNOWN by_camera");
  CHECK(Is("EP7", t) == "UNKNOWN evidence_kept_on");
  t.by_camera.Tell(true);
  t.camera_reviewed.Tell(true);
  t.camera_announced.Tell(false);
  CHECK(Is("CAM", t) == "FAIL");
  t.On(&Facts::evidence_kept_on, "2024-09-27");
  CHECK(Is("EP7", Told(t).On(&Facts::evidence_settled_on, "2024-10-12")) == "PASS");
  CHECK(Is("EP7", Told(t).On(&Facts::evidence_settled_on, "2024-10-13")) == "FAIL");
}

TEST_CASE("dates out of order are a defect that names each pair") {
  Told t;
  t.On(&Facts::filed_on, "2024-09-10").On(&Facts::noticed_on, "2024-09-09").On(&Facts::decided_on, "2024-09-08");
  CHECK(By("ORD", t).text == "告知2024-09-09早于立案2024-09-10；决定2024-09-08早于立案2024-09-10");
  CHECK(FindRule("ORD")->severity == Severity::kDefect);
}

TEST_CASE("of what nobody asked no rule says more than UNKNOWN or NOT_APPLICABLE, and it names a field") {
  const Facts nothing;
  for (const Rule& rule : AllRules()) {
    INFO(rule.id);
    const Judgement found = Judge(rule, nothing, {TheCalendar(), TheParameters(), Day("2026-11-02")});
    CHECK((found.verdict == Verdict::kUnknown || found.verdict == Verdict::kNotApplicable));
    CHECK((found.verdict == Verdict::kUnknown) == !found.missing.empty());
  }
}

TEST_CASE("rules stand in the order of their ids, each once, with an article and a place of its own") {
  absl::string_view before;
  std::set<int> places;
  for (const Rule& rule : AllRules()) {
    CHECK(places.insert(rule.place).second);
    CHECK(before < rule.id);
    CHECK(!rule.law.empty());
    CHECK(!ArticleOf(rule, Facts(), {TheCalendar(), TheParameters(), Day("2026-11-02")}).empty());
    before = rule.id;
  }
}

TEST_CASE("a basis is read as people write it") {
  const auto read = [](absl::string_view text) {
    return absl::StrJoin(ParseCitations(text), " ",
                         [](std::string* out, const Citation& citation) { out->append(citation.ToString()); });
  };
  CHECK(read("依据《浙江省城市市容和环境卫生管理条例》第三十五条第一款第（二）项的规定") ==
        "《浙江省城市市容和环境卫生管理条例》第35条第1款第2项");
  CHECK(read("《某法》第一百二十三条、第10条第二款，《某条例》第一十条") ==
        "《某法》第123条 《某法》第10条第2款 《某条例》第10条");
  CHECK(read("违反了有关规定") == "");
  CHECK(read("《某法》") == "");
  CHECK(read("第三条") == "");
  CHECK(read("《某法》第99999999999999999999条") == "");
}

TEST_CASE("a figure of the place wins over one of the sector, and either over the general one; a day chooses") {
  const auto parameters = Parameters::Parse(
      "rule,name,field,region,value,valid_from,valid_to,source\n"
      "T90,days,,,90,,,x\nT90,days,02,,120,,2024-12-31,x\nT90,days,,330000,100,,,x\nT90,days,,330783,60,2025-01-01,,x\n");
  REQUIRE(parameters.ok());
  CHECK(parameters->Find("T90", "days", "01", "110101", Day("2024-01-01")) == 90);
  CHECK(parameters->Find("T90", "days", "02", "110101", Day("2024-01-01")) == 120);
  CHECK(parameters->Find("T90", "days", "02", "110101", Day("2025-01-01")) == 90);
  CHECK(parameters->Find("T90", "days", "02", "330783", Day("2024-01-01")) == 100);
  CHECK(parameters->Find("T90", "days", "02", "330783", Day("2025-01-01")) == 60);
  CHECK(!parameters->Find("T90", "hours", "02", "330783", Day("2025-01-01")));
  CHECK(parameters->With({{.rule = "T90", .name = "days", .value = 80}}).Find("T90", "days", "01", "110101", Day("2024-01-01")) ==
        80);
}

}  // namespace sifa::enforcement::rules
