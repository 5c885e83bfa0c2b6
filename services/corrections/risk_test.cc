// 风险评估 (mission 6): every point names its fact, by the rules of the day, and never what a person is by birth, belief or
// conviction.
#include "services/corrections/risk.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "libs/core/code_table.h"
#include "libs/core/status.h"
#include "services/corrections/breach.h"
#include "services/corrections/check.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/duty.h"
#include "services/corrections/psychology_case.h"
#include "services/corrections/record.h"
#include "services/corrections/record_fixture.h"
#include "services/corrections/risk_override.h"
#include "services/corrections/sanction.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

constexpr char kHeader[] = "rule,valid_from,valid_to,fact,codes,at_least,at_most,within_days,count,points,most,basis,text\n";
constexpr char kLevels[] =
    "valid_from,valid_to,level,at_least,management_class\n2020-07-01,,LOW,-100,02\n2020-07-01,,MIDDLE,20,03\n2020-07-01,,HIGH,45,"
    "04\n";

RiskRules Rules(const std::string& lines) {
  auto rules = RiskRules::Parse(absl::StrCat(kHeader, lines), kLevels);
  if (!rules.ok()) FAIL(rules.status());
  return *rules;
}
const RiskRules& Shipped() {
  static const RiskRules rules = *RiskRules::Load(std::string(SIFA_ROOT) + "/data/corrections");
  return rules;
}
const CodeTables& Codes() {
  static const CodeTables codes = *CodeTables::Load(std::string(SIFA_ROOT) + "/data/code-tables");
  return codes;
}

RiskEvidence Fact(RiskFact fact, const char* day, int code = 0, int number = 0) {
  return {.fact = fact, .code = code, .number = number, .from = RiskDay(DayIn(day))};
}
int Sum(const RiskRules& rules, const std::vector<RiskEvidence>& evidence, const char* day = "2024-12-31") {
  return ScoreRisk(rules, evidence, DayIn(day)).sum;
}

v1::Risk Of(const Subject& s, const char* day, const procedure::Facts& facts, const char* since = "") {
  return RiskOn(Shipped(), Codes(), s, *facts.relatives, DayIn(day), since);
}

Sanction Given(Sanction::Kind kind, const char* day, const char* id) {
  Sanction sanction;
  sanction.set_id(id);
  sanction.set_state(Sanction::DECIDED);
  sanction.set_kind(kind);
  sanction.set_decided_on(day);
  return sanction;
}

}  // namespace

TEST_CASE("mission 6: rules ask for facts of a closed list only; ethnicity, religion and politics are not in it") {
  for (const absl::string_view fact : RiskFactNames()) {
    for (const char* never : {"ethnic", "relig", "polit", "race", "nation", "party", "belief", "sex", "hukou"})
      CHECK(fact.find(never) == absl::string_view::npos);
  }
  for (const char* fact : {"ethnic_group", "religion", "political_status", "name"})
    CHECK_FALSE(RiskRules::Parse(absl::StrCat(kHeader, "r,,,", fact, ",,0,,0,1,5,5,依据,说明\n"), kLevels).ok());
  for (const RiskRule& rule : Shipped().rules()) {
    for (const char* never : {"民族", "宗教", "信仰", "政治", "党"}) {
      CHECK(rule.text.find(never) == std::string::npos);
      CHECK(rule.basis.find(never) == std::string::npos);
    }
    CHECK_FALSE(rule.basis.empty());
  }
}

TEST_CASE("mission 6: two people who differ in ethnicity, name and sex only have the same points") {
  Subject one = Probationer();
  one.mutable_person()->set_id_number("330783200503070017");
  Subject other = one;
  other.mutable_person()->set_ethnic_group("05");
  other.mutable_person()->set_name("阿里木");
  other.mutable_person()->set_sex("2");
  const auto text = [](const Subject& s) { return Of(s, "2024-10-01", On("2024-10-01", s)).SerializeAsString(); };
  CHECK(text(one) == text(other));
}

TEST_CASE("a rule counts on the days between which it holds") {
  const RiskRules rules =
      Rules("old,2020-07-01,2024-06-30,warning,,0,,0,1,10,20,依据,说明\nnew,2024-07-01,,warning,,0,,0,1,12,24,依据,说明\n");
  const std::vector<RiskEvidence> warned = {Fact(RiskFact::kWarning, "2024-01-01")};
  CHECK(Sum(rules, warned, "2024-06-30") == 10);
  CHECK(Sum(rules, warned, "2024-07-01") == 12);
  CHECK(Sum(rules, warned, "2023-12-31") == 0);  // before the warning
}

TEST_CASE("a rule counts by codes, bounds, days, number and most points") {
  const std::vector<RiskEvidence> missed = {Fact(RiskFact::kDutyMissed, "2024-07-04", 1),
                                            Fact(RiskFact::kDutyMissed, "2024-10-01", 2),
                                            Fact(RiskFact::kDutyMissed, "2024-11-01", 1)};
  CHECK(Sum(Rules("r,,,duty_missed,,0,,0,1,4,12,依据,说明\n"), missed) == 12);
  CHECK(Sum(Rules("r,,,duty_missed,,0,,0,1,4,10,依据,说明\n"), missed) == 10);
  CHECK(Sum(Rules("r,,,duty_missed,1,0,,0,1,4,12,依据,说明\n"), missed) == 8);
  CHECK(Sum(Rules("r,,,duty_missed,,0,,180,1,4,12,依据,说明\n"), missed) == 8);  // the first is the 181st day back
  CHECK(Sum(Rules("r,,,duty_missed,,0,,181,1,4,12,依据,说明\n"), missed) == 12);
  CHECK(Sum(Rules("r,,,duty_missed,,0,,0,3,4,12,依据,说明\n"), missed) == 12);
  CHECK(Sum(Rules("r,,,duty_missed,,0,,0,4,4,12,依据,说明\n"), missed) == 0);
  const RiskRules absent = Rules("short,,,absence,,1,10,0,1,8,16,依据,说明\nlong,,,absence,,11,,0,1,15,30,依据,说明\n");
  CHECK(Sum(absent, {Fact(RiskFact::kAbsence, "2024-09-01", 0, 10)}) == 8);
  CHECK(Sum(absent, {Fact(RiskFact::kAbsence, "2024-09-01", 0, 11)}) == 15);
  CHECK(Sum(Rules("r,,,commendation,,0,,0,1,-6,-12,依据,说明\n"),
            std::vector<RiskEvidence>(3, Fact(RiskFact::kCommendation, "2024-09-01"))) == -12);
}

TEST_CASE("the level is the highest that the sum reaches, with its class") {
  const auto level = [](int points) {
    const RiskRules rules = Rules(absl::StrCat("r,,,warning,,0,,0,1,", points, ",", points, ",依据,说明\n"));
    return ScoreRisk(rules, {Fact(RiskFact::kWarning, "2024-09-01")}, DayIn("2024-09-02")).step->level;
  };
  CHECK(level(19) == v1::LOW);
  CHECK(level(20) == v1::MIDDLE);
  CHECK(level(44) == v1::MIDDLE);
  CHECK(level(45) == v1::HIGH);
}

TEST_CASE("mission 6: every point names the object that it comes from, its day, a sentence and its basis") {
  Subject s = Probationer();
  s.set_id("SUBJECT");
  s.set_management_class("02");
  s.mutable_decision()->set_offence("04");
  Search search;
  search.set_id("SEARCH");
  search.set_state(Search::FOUND);
  search.set_absent_after("2024-11-01");
  search.set_found_on("2024-11-13");
  const auto facts = On("2025-06-30", s, search, Given(Sanction::WARNING, "2024-11-20", "WARNED"));
  const v1::Risk risk = Of(s, "2025-06-30", facts, "2024-11-05");
  REQUIRE(risk.points_size() == 3);
  CHECK(risk.points(0).object_type() == "Subject");
  CHECK(risk.points(0).object() == "SUBJECT");
  CHECK(risk.points(1).object() == "SEARCH");
  CHECK(risk.points(1).on() == "2024-11-02");
  CHECK(risk.points(1).sentence() == "脱离监管超过十日（12日）");
  CHECK(risk.points(2).object() == "WARNED");
  CHECK(risk.points(2).basis() == "社区矫正法实施办法第35条");
  CHECK(risk.sum() == 6 + 15 + 12);
  CHECK(risk.computed() == v1::MIDDLE);
  CHECK(risk.proposed_class() == "03");
  CHECK(risk.explanation() == "得分33，测算为中风险，建议普通级；现行管理类别为宽松级，是否调整由县级社区矫正机构决定");

  // What has changed since: then he had been away for four days, and was in his first months.
  CHECK(risk.compared().sum() == 6 + 4 + 8);
  REQUIRE(risk.compared().added_size() == 2);
  CHECK(risk.compared().added(0).rule() == "absent_long");
  CHECK(risk.compared().added(1).rule() == "warning");
  REQUIRE(risk.compared().gone_size() == 2);
  CHECK(risk.compared().gone(0).rule() == "first_months");
  CHECK(risk.compared().gone(1).sentence() == "脱离监管未超过十日（4日）");
}

TEST_CASE("what was voided, dismissed or begun in error is no fact; a psychological level counts until the next") {
  const Subject s = Probationer();
  Search in_error;
  in_error.set_state(Search::CLOSED);
  in_error.set_close_reason("联系上了");
  in_error.set_absent_after("2024-11-01");
  Breach dismissed;
  dismissed.set_state(Breach::DISMISSED);
  dismissed.set_established_on("2024-11-01");
  Sanction voided = Given(Sanction::WARNING, "2024-11-01", "V");
  voided.set_state(Sanction::VOIDED);
  PsychologyCase mind;
  for (const auto& [day, level] :
       {std::pair("2024-10-01", PsychologyCase::SEVERE), std::pair("2025-01-10", PsychologyCase::NONE)}) {
    auto* assessment = mind.add_assessments();
    assessment->set_on(day);
    assessment->set_valid(true);
    assessment->set_level(level);
  }
  const auto facts = On("2025-06-30", s, in_error, dismissed, voided, mind);
  CHECK(Of(s, "2025-01-09", facts).sum() == 12);
  CHECK(Of(s, "2025-01-10", facts).sum() == 0);
}

TEST_CASE("mission 6: an override holds for ninety days at most, and the facts are told beside it") {
  Subject s = Probationer();
  s.set_management_class("02");
  RiskOverride one;
  one.set_from("2025-06-02");
  one.set_to("2025-08-31");
  CHECK(Do(kRiskOverrideProcedure, one, RiskOverride::OVERRIDE, On("2025-06-02")) == "OVERRIDE_TOO_LONG");
  one.set_to("2025-06-01");
  CHECK(Do(kRiskOverrideProcedure, one, RiskOverride::OVERRIDE, On("2025-06-02")) == "OVERRIDE_REVERSED");
  one.set_to("2025-08-30");
  one.set_level(v1::HIGH);
  one.set_id("OVERRIDE");
  REQUIRE(Do(kRiskOverrideProcedure, one, RiskOverride::OVERRIDE, On("2025-06-02")) == "");
  RiskOverride second = one;
  second.set_state(RiskOverride::STATE_UNSPECIFIED);
  CHECK(Do(kRiskOverrideProcedure, second, RiskOverride::OVERRIDE, On("2025-06-02", s, one)) == "OVERRIDE_RUNNING");
  const auto facts = On("2025-06-30", s, one);
  v1::Risk risk = Of(s, "2025-08-30", facts);
  CHECK(risk.level() == v1::HIGH);
  CHECK(risk.computed() == v1::LOW);
  CHECK(risk.override_id() == "OVERRIDE");
  CHECK(risk.proposed_class() == "04");
  CHECK(risk.explanation() ==
        "得分0，测算为低风险；至2025-08-30调整为高风险，建议严格级；现行管理类别为宽松级，是否调整由县级社区矫正机构决定");
  risk = Of(s, "2025-08-31", facts);
  CHECK(risk.level() == v1::LOW);
  CHECK(risk.explanation() == "得分0，测算为低风险，建议宽松级，与现行管理类别一致");
}

TEST_CASE("an override ends by itself, or with the term") {
  Course at;
  const Subject s = at.Active();
  const char* month = R"({"level": "HIGH", "to": "2024-10-02", "grounds": "家庭矛盾激化"})";
  CHECK_FALSE(at.TryMake<RiskOverride>("OverrideRisk", s, month, at.office).ok());
  const auto first = at.Make<RiskOverride>("OverrideRisk", s, month, at.county);
  at.GoTo("2024-10-03");
  CHECK(at.Now(first).state() == RiskOverride::EXPIRED);
  const auto second =
      at.Make<RiskOverride>("OverrideRisk", s, R"({"level": "LOW", "to": "2024-12-01", "grounds": "已化解"})", at.county);
  at.Do("RecordSubjectDeath", s, R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.Now(second).state() == RiskOverride::ENDED);
  CHECK(at.Findings().empty());
}

TEST_CASE("点名、重点时段: what was missed counts for half a year, and more where it was in a heightened period") {
  const auto missed = [](const char* id, bool heightened) {
    Check check;
    check.set_id(id);
    check.set_state(Check::MISSED);
    check.set_missed_on("2024-10-09");
    check.set_heightened(heightened);
    return check;
  };
  Check there = missed("C0", false);
  there.set_state(Check::PRESENT);
  Duty report;
  report.set_id("D1");
  report.set_state(Duty::MISSED);
  report.set_kind(Duty::REPORT);
  report.set_missed_on("2024-10-09");
  report.set_heightening("H1");
  const Subject s = Probationer();
  const int before = Of(s, "2024-12-31", On("2024-12-31", s, there)).sum();
  CHECK(Of(s, "2024-12-31", On("2024-12-31", s, missed("C1", false))).sum() == before + 3);
  const v1::Risk heightened = Of(s, "2024-12-31", On("2024-12-31", s, missed("C1", false), missed("C2", true), report));
  CHECK(heightened.sum() == before + 3 + 5 + 6);
  CHECK(std::any_of(heightened.points().begin(), heightened.points().end(),
                    [](const auto& point) { return point.rule() == "roll_call_missed_heightened" && point.object() == "C2"; }));
  CHECK(Of(s, "2025-12-31", On("2025-12-31", s, missed("C1", false), report)).sum() ==
        Of(s, "2025-12-31", On("2025-12-31", s)).sum());
}

}  // namespace sifa::corrections
