// 研判: what is found of a case when it is recorded, when it is revised, and when time passes.
#include "services/enforcement/judging.h"

#include "absl/strings/str_join.h"
#include "services/enforcement/basis.h"
#include "services/enforcement/benchmark.h"
#include "services/enforcement/enforcement_fixture.h"
#include "services/enforcement/findings.h"
#include "services/enforcement/officer.h"
#include "services/enforcement/replay.h"
#include "services/enforcement/rule_set.h"

namespace sifa::enforcement {
namespace {

constexpr char kNumber[] = "东综执罚〔2026〕1号";

class Judging : public Enforcement {
 public:
  const Agency agency = Announced();

  // A case typed by hand: the whole form, of which `facts` are filled in.
  Case Recorded(const std::string& facts, const std::string& number = kNumber) {
    return Do<Case>("RecordCase", absl::StrCat(R"({"entry": )", EntryJson(facts, number), "}"), clerk);
  }
  static std::string EntryJson(const std::string& facts, const std::string& number = kNumber) {
    return absl::StrCat(R"({"agencyCode": "11330783002586105F", "decisionNumber": ")", number,
                        R"(", "filingNumber": "L1", "partyName": "甲公司", "partyKind": "1", "procedure": "2", )", facts, "}");
  }
  v1::CaseFindings Found(const Case& c, std::optional<absl::Time> as_of = std::nullopt) {
    v1::CaseFindings found;
    const absl::Status status = backend.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(found, FindingsOf(*backend.backend, connection, *ParseId(c.id()), as_of));
      return absl::OkStatus();
    });
    REQUIRE(status.ok());
    return found;
  }
  // "FAIL T90, PENDING SV7"
  std::string Says(const Case& c, std::optional<absl::Time> as_of = std::nullopt) {
    return absl::StrJoin(Found(c, as_of).findings(), ", ", [](std::string* out, const v1::Finding& one) {
      absl::StrAppend(out, v1::Verdict_Name(one.verdict()), " ", one.rule());
    });
  }
  void DayPasses(const std::string& day) {
    GoTo(day);
    Must(JudgeWhatFellDue(*backend.backend, 200));
  }
};

constexpr char kLawful[] =
    R"("filedOn": "2026-07-01", "decidedOn": "2026-09-01", "noticedOn": "2026-08-10", "servedOn": "2026-09-02", "penalties": ["21"],
       "fineFen": 200000)";

}  // namespace

TEST_CASE("a case decided late and without notice is kept, and both are found with article and calculation") {
  Judging at;
  const Case c =
      at.Recorded(R"("filedOn": "2026-03-02", "decidedOn": "2026-09-01", "servedOn": "2026-09-02", "penalties": ["21"])");
  CHECK(at.Says(c) == "FAIL NT, FAIL P7, FAIL T90");
  const v1::CaseFindings found = at.Found(c);
  CHECK(found.findings(2).article() == "《行政处罚法》第60条");
  CHECK(found.findings(2).text() == "自2026-03-02起90日，至2026-06-01；2026-09-01作出决定");
  CHECK(found.findings(2).severity() == v1::BREACH);
  CHECK(found.findings(0).severity() == v1::VOID);
  // Nothing is said of a sum that nobody told.
  const auto unknown =
      std::find_if(found.unknown().begin(), found.unknown().end(), [](const auto& one) { return one.rule() == "P6"; });
  REQUIRE(unknown != found.unknown().end());
  CHECK(unknown->missing(0) == "fine_fen");
  CHECK(absl::StrJoin(found.passed(), " ") == "ORD SV7");
  CHECK(at.Findings() == "");
}

TEST_CASE("a revision ends the findings that it mends, and they still answer as judged then") {
  Judging at;
  Case c = at.Recorded(R"("filedOn": "2026-03-02", "decidedOn": "2026-05-08", "servedOn": "2026-05-08", "penalties": ["21"])");
  REQUIRE(at.Says(c) == "FAIL NT, FAIL P7");
  const absl::Time then = at.backend.clock.Now();
  at.GoTo("2026-11-05");
  c = at.Do("ReviseCase", c,
            absl::StrCat(R"({"reason": "漏填", "entryKey": ")", c.entries(0).key(), R"(", "entry": )",
                         Judging::EntryJson(R"("filedOn": "2026-03-02", "decidedOn": "2026-05-08", "noticedOn": "2026-04-20",
                                               "servedOn": "2026-05-08", "penalties": ["21"])"),
                         "}"),
            at.clerk);
  CHECK(at.Says(c) == "FAIL P7");
  CHECK(at.Says(c, then) == "FAIL NT, FAIL P7");
  c = at.Do("VoidCase", c, R"({"reason": "并无此案"})", at.clerk);
  CHECK(at.Says(c) == "");
}

TEST_CASE("what is pending becomes a finding by the calendar alone") {
  Judging at;
  const Case c = at.Recorded(R"("filedOn": "2026-09-01", "officers": ["A"])", "");
  CHECK(at.Says(c) == "PENDING T90");
  CHECK(at.Found(c).findings(0).until() == "2026-11-30");
  at.DayPasses("2026-11-30");
  CHECK(at.Says(c) == "PENDING T90");
  at.DayPasses("2026-12-01");
  CHECK(at.Says(c) == "FAIL T90");
}

TEST_CASE(
    "行政处罚法 §60: a case that is filed and silent warns before its ninetieth day; what had passed before it was told does "
    "not") {
  Judging at;
  Case c = at.Recorded(R"("filedOn": "2026-09-01")", "");
  REQUIRE(c.clocks_size() == 1);
  CHECK(c.clocks(0).due_on() == "2026-11-30");
  CHECK(c.clocks(0).colour() == casework::v1::Clock::GREEN);
  at.GoTo("2026-11-16");
  CHECK(at.Now(c, at.clerk).clocks(0).colour() == casework::v1::Clock::YELLOW);
  c = at.Do("ReviseCase", c,
            absl::StrCat(R"({"reason": "已决定", "entryKey": ")", c.entries(0).key(), R"(", "entry": )",
                         Judging::EntryJson(R"("filedOn": "2026-09-01", "decidedOn": "2026-11-13", "penalties": ["11"])"), "}"),
            at.clerk);
  CHECK(c.clocks(0).state() == casework::v1::Clock::STOPPED);
  c = at.Do<Case>("RecordCase", R"({"entry": {"agencyCode": "11330783002586105F", "filingNumber": "L2", "partyName": "乙公司",
                                             "filedOn": "2026-08-01"}})",
                  at.clerk);
  CHECK(c.clocks().empty());
}

TEST_CASE("行政处罚法 §42: officers are judged by the register, as of the day of the act") {
  Judging at;
  Officer one =
      at.Do<Officer>("RegisterOfficer",
                     absl::StrCat(R"({"agency": ")", at.agency.id(),
                                  R"(", "name": "王建国", "idNumber": "33078319900307001X", "occurredOn": "2026-01-04"})"),
                     at.clerk);
  one = at.Do("TrainOfficer", one, R"({"subject": "行政处罚法", "hours": 40, "occurredOn": "2026-01-05"})", at.clerk);
  one =
      at.Do("CertifyOfficer", one,
            R"({"certificate": "A", "district": "330783", "from": "2026-01-06", "to": "2026-12-31", "occurredOn": "2026-01-06"})",
            at.officer);
  const auto with = [&](const char* investigated, const char* officers, const char* number) {
    return at.Recorded(absl::StrCat(kLawful, R"(, "investigatedOn": ")", investigated, R"(", "officers": [)", officers, "]"),
                       number);
  };
  CHECK(at.Says(with("2026-07-02", R"("A", "A")", "1号")) == "");
  CHECK(at.Says(with("2026-07-02", R"("A")", "2号")) == "FAIL P7");
  CHECK(at.Says(with("2026-01-05", R"("A", "A")", "3号")) == "FAIL P7");
  const Case unregistered = with("2026-07-02", R"("A", "B")", "4号");
  CHECK(at.Says(unregistered) == "");
  bool named = false;
  const v1::CaseFindings found = at.Found(unregistered);
  for (const auto& unknown : found.unknown()) named |= unknown.rule() == "P7" && unknown.text() == "执法证B未登记";
  CHECK(named);
  // Once it is registered the case is judged again: its certificate began after that day.
  Officer two = at.Do<Officer>(
      "RegisterOfficer",
      absl::StrCat(R"({"agency": ")", at.agency.id(), R"(", "name": "李秀英", "idNumber": "37020219851130422X"})"), at.clerk);
  two = at.Do("TrainOfficer", two, R"({"subject": "行政处罚法", "hours": 40})", at.clerk);
  at.Do("CertifyOfficer", two, R"({"certificate": "B", "district": "330783", "from": "2026-11-02", "to": "2026-12-31"})",
        at.officer);
  at.DayPasses("2026-11-02");
  CHECK(at.Says(unregistered) == "FAIL P7");
  at.GoTo("2026-11-03");
  at.Do("SuspendOfficer", one, R"({"reason": "投诉"})", at.officer);
  CHECK(at.Says(with("2026-07-02", R"("A", "A")", "5号")) == "");
  CHECK(at.Says(with("2026-11-03", R"("A", "A")", "6号")) == "FAIL ORD, FAIL P7");
}

TEST_CASE("a set of rules judges all cases beside what is in force; its difference is read and approved before it counts") {
  Judging at;
  const Case slow = at.Recorded(kLawful, "1号");  // 62 days
  const Case quick = at.Recorded(R"("filedOn": "2026-07-01", "decidedOn": "2026-07-20", "noticedOn": "2026-07-10",
                                    "servedOn": "2026-07-20", "penalties": ["21"], "fineFen": 200000)",
                                 "2号");
  REQUIRE(at.Says(slow) == "FAIL P7");
  const auto draw_up = [&](const std::string& rule, const std::string& region) {
    return absl::StrCat(R"({"office": "330783", "region": "330783", "name": "东阳市办案期限", "changes": [{"rule": ")", rule,
                        R"(", "name": "days", "region": ")", region, R"(", "value": 60, "source": "东阳市规定"}]})");
  };
  CHECK(at.Refusal<RuleSet>("DrawUpRuleSet", draw_up("T91", ""), at.officer) == "RULE_UNKNOWN");
  CHECK(at.Refusal<RuleSet>("DrawUpRuleSet", draw_up("T90", "330782"), at.officer) == "REGION_OUTSIDE");
  RuleSet set = at.Do<RuleSet>("DrawUpRuleSet", draw_up("T90", ""), at.officer);
  CHECK(at.Refusal("ApproveRuleSet", set, R"({"newlyFound": 1})", at.head) == "ACTION_NOT_ALLOWED");
  set = at.Do("ReplayRuleSet", set, "{}", at.officer);
  CHECK(at.Must(ReplayNext(*at.backend.backend)));
  CHECK(!at.Must(ReplayNext(*at.backend.backend)));
  set = at.Now(set, at.officer);
  CHECK(set.state() == RuleSet::REPLAYED);
  CHECK(set.cases() == 2);
  CHECK(set.newly_found() == 1);
  CHECK(set.no_longer_found() == 0);
  CHECK(at.Says(slow) == "FAIL P7");
  CHECK(at.Refusal("ApproveRuleSet", set, R"({"newlyFound": 2})", at.head) == "DIFFERENCE_NOT_READ");
  const RuleSet own = at.Do("ReplayRuleSet", at.Do<RuleSet>("DrawUpRuleSet", draw_up("T90", ""), at.head), "{}", at.head);
  REQUIRE(at.Must(ReplayNext(*at.backend.backend)));
  CHECK(at.Refusal("ApproveRuleSet", own, R"({"newlyFound": 1})", at.head) == "APPROVED_BY_DRAFTER");
  const absl::Time before = at.backend.clock.Now();
  at.GoTo("2026-11-03");
  set = at.Do("ApproveRuleSet", set, R"({"newlyFound": 1})", at.head);
  at.DayPasses("2026-11-03");
  CHECK(at.Says(slow) == "FAIL P7, FAIL T90");
  CHECK(at.Found(slow).findings(1).rule_set() == set.id());
  CHECK(at.Says(quick) == "FAIL P7");
  CHECK(at.Says(slow, before) == "FAIL P7");
  set = at.Do("RetireRuleSet", set, R"({"reason": "上级另有规定"})", at.head);
  at.DayPasses("2026-11-04");
  CHECK(at.Says(slow) == "FAIL P7");
  CHECK(at.Findings() == "");
}

TEST_CASE("a benchmark judges all cases as though it were published, before it is") {
  Judging at;
  const Case c = at.Recorded(absl::StrCat(kLawful, R"(, "conductFrom": "2026-06-01", "benchmark": "DYCG001", "tier": "4")"));
  CHECK(at.Says(c) == "FAIL P7");
  const Basis basis =
      at.Do<Basis>("DrawUpBasis", R"({"office": "330783-cm", "region": "330783", "title": "城市市容和环境卫生管理条例",
      "rank": "ADMINISTRATIVE_REGULATION", "article": 34, "text": "可以并处警告、罚款", "validFrom": "1992-08-01"})",
                   at.clerk);
  const Benchmark strict = at.Do<Benchmark>("DrawUpBenchmark",
                                            absl::StrCat(R"({"office": "330783-cm", "region": "330783",
      "code": "DYCG001", "name": "占道经营", "field": "01", "measure": "AMOUNT", "validFrom": "2026-01-01", "basis": ")",
                                                         basis.id(), R"(",
      "statutory": {"most": 100000}, "tiers": [{"tier": "4", "grounds": "一般", "band": {"least": 30000, "most": 70000}}]})"),
                                            at.clerk);
  const char* kSet = R"({"office": "330783", "region": "330783", "name": "裁量基准试算", "benchmarks": [%s]})";
  CHECK(at.Refusal<RuleSet>("DrawUpRuleSet", absl::StrReplaceAll(kSet, {{"%s", ""}}), at.officer) == "NOTHING_CHANGES");
  RuleSet set =
      at.Do<RuleSet>("DrawUpRuleSet", absl::StrReplaceAll(kSet, {{"%s", absl::StrCat("\"", strict.id(), "\"")}}), at.officer);
  at.Do("ReplayRuleSet", set, "{}", at.officer);
  REQUIRE(at.Must(ReplayNext(*at.backend.backend)));
  CHECK(at.Now(set, at.officer).newly_found() == 1);
  CHECK(at.Says(c) == "FAIL P7");
  at.Do("PublishBenchmark", at.Do("FileBenchmark", strict, "{}", at.clerk), "{}", at.clerk);
  at.DayPasses("2026-11-02");
  CHECK(at.Says(c) == "FAIL P7, FAIL P8");
}

TEST_CASE("a finding that was altered in the database is found") {
  Judging at;
  const Case c = at.Recorded(kLawful);
  REQUIRE(at.Says(c) == "FAIL P7");
  const auto altered = [&](const char* sql) {
    std::vector<journal::Finding> findings;
    const absl::Status status = at.backend.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      RETURN_IF_ERROR(connection.Execute(sql).status());
      return VerifyFindings(*at.backend.keyring, connection, &findings);
    });
    REQUIRE(status.ok());
    return findings.size();
  };
  CHECK(altered("UPDATE judgement SET region = region") == 0);
  CHECK(altered("UPDATE finding SET rule_id = 'P8'") == 1);
  CHECK(altered("UPDATE finding SET rule_id = 'P7', body = CONCAT(body, 'x')") == 1);
  CHECK(altered("UPDATE judgement SET body = CONCAT(body, 'x')") == 2);
}

TEST_CASE("of n cases m could be judged: what the rules say is counted case by case") {
  Judging at;
  at.Recorded(kLawful, "1号");
  at.Recorded(R"("filedOn": "2026-03-02", "decidedOn": "2026-09-01", "penalties": ["21"])", "2号");
  std::string lines;
  const absl::Status status = at.backend.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto counts, CountVerdicts(connection, {.scopes = {"/33/3307/"}, .region = "330700"}));
    int64_t judged = 0, unknown = 0;
    for (const auto& [verdicts, count] : counts) {
      const char p6 = verdicts[rules::FindRule("P6")->place], nt = verdicts[rules::FindRule("NT")->place];
      unknown += p6 == 'U' ? count : 0;
      judged += nt == 'K' || nt == 'F' ? count : 0;
    }
    lines = absl::StrCat("NT ", judged, ", P6 unknown ", unknown);
    ASSIGN_OR_RETURN(const auto none, CountVerdicts(connection, {.scopes = {"/33/3307/330783/330783-ms/"}}));
    CHECK(none.empty());
    return absl::OkStatus();
  });
  REQUIRE(status.ok());
  CHECK(lines == "NT 2, P6 unknown 1");
}

}  // namespace sifa::enforcement
