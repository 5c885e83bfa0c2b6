// 安置帮教 (law §9): its table by days, its five rates, and what leads to it over a database.
#include "services/corrections/resettlement.h"

#include "libs/testing/procedure_checks.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/record_fixture.h"
#include "services/corrections/release.h"

namespace sifa::corrections {
namespace {

using Change = std::function<absl::Status(Resettlement&)>;

Resettlement Prisoner(const std::string& term_to = "2025-01-15") {
  Resettlement r;
  r.set_origin(Resettlement::PRISON);
  r.set_release_type("01");
  r.set_term_from("2022-01-16");
  r.set_term_to(term_to);
  r.set_release_on(term_to);
  r.set_received_on("2024-09-02");
  return r;
}

std::string Act(Resettlement& r, int act, const std::string& day, const Change& change = {}) {
  return Do(kResettlementProcedure, r, act, On(day), change);
}

std::string DueOf(const Resettlement& r, const std::string& clock) {
  const auto* found = procedure::FindClock(r.clocks(), clock);
  return found == nullptr ? "" : found->due_on();
}

Change Prerelease(const std::string& risk, const std::string& report_by = "2025-01-22") {
  return [=](Resettlement& r) {
    r.set_risk(risk);
    r.set_report_by(report_by);
    return absl::OkStatus();
  };
}
const Change kVerified = [](Resettlement& r) {
  r.set_verified_on("2024-09-20");
  return absl::OkStatus();
};
const Change kLinked = [](Resettlement& r) {
  r.set_linked_on("2025-01-15");
  return absl::OkStatus();
};
const Change kFetched = [](Resettlement& r) {
  r.set_linked_on("2025-01-15");
  r.set_fetched(true);
  return absl::OkStatus();
};
const Change kHelped = [](Resettlement& r) {
  r.set_agreed(true);
  r.set_helped_on("2025-01-20");
  return absl::OkStatus();
};
Change Ended(Resettlement::End end, const std::string& document = "") {
  return [=](Resettlement& r) {
    r.set_end(end);
    r.set_end_document(document);
    return absl::OkStatus();
  };
}

Resettlement BeforeRelease(const std::string& risk = kOrdinaryPerson) {
  Resettlement r = Prisoner();
  REQUIRE(Act(r, Resettlement::RECEIVE, "2024-09-02") == "");
  REQUIRE(Act(r, Resettlement::VERIFY, "2024-09-20", kVerified) == "");
  REQUIRE(Act(r, Resettlement::PRERELEASE, "2024-12-10", Prerelease(risk)) == "");
  return r;
}

}  // namespace

TEST_CASE("law §9: verified within a month, a sentence of up to one year within two weeks; the prison's notice a month ahead") {
  Resettlement r = Prisoner();
  REQUIRE(Act(r, Resettlement::RECEIVE, "2024-09-02") == "");
  CHECK(DueOf(r, "VERIFY_BY") == "2024-10-08");  // 2 October is a day off
  CHECK(DueOf(r, "NOTICE_BY") == "2024-12-15");
  Resettlement year = Prisoner("2023-01-15");
  REQUIRE(Act(year, Resettlement::RECEIVE, "2022-09-05") == "");
  CHECK(DueOf(year, "VERIFY_BY") == "2022-09-19");
  Resettlement longer = Prisoner("2023-01-16");
  REQUIRE(Act(longer, Resettlement::RECEIVE, "2022-09-05") == "");
  CHECK(DueOf(longer, "VERIFY_BY") == "2022-10-08");
  Resettlement month_end = Prisoner("2025-03-31");
  REQUIRE(Act(month_end, Resettlement::RECEIVE, "2024-09-02") == "");
  CHECK(DueOf(month_end, "NOTICE_BY") == "2025-02-28");
  Resettlement soon = Prisoner("2024-09-20");  // told too late for a notice a month ahead
  REQUIRE(Act(soon, Resettlement::RECEIVE, "2024-09-02") == "");
  CHECK(DueOf(soon, "NOTICE_BY") == "");
  Resettlement reversed = Prisoner("2022-01-15");
  CHECK(Act(reversed, Resettlement::RECEIVE, "2024-09-02") == "TERM_REVERSED");
}

TEST_CASE("law §9: whom nobody knows goes back to the prison") {
  Resettlement r = Prisoner();
  REQUIRE(Act(r, Resettlement::RECEIVE, "2024-09-02") == "");
  REQUIRE(Act(r, Resettlement::DECLARE_UNKNOWN, "2024-09-20") == "");
  CHECK(r.state() == Resettlement::UNVERIFIED);
  CHECK(Act(r, Resettlement::PRERELEASE, "2024-12-10", Prerelease(kOrdinaryPerson)) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("law §9: who reports on the day of release or after it is linked; who does not is lost, and may still be") {
  Resettlement r = BeforeRelease();
  CHECK(DueOf(r, "REPORT_BY") == "2025-01-22");
  CHECK(Act(r, Resettlement::LINK, "2025-01-14", kLinked) == "NOT_YET_RELEASED");
  Resettlement lost = r;
  REQUIRE(Act(r, Resettlement::LINK, "2025-01-15", kLinked) == "");
  CHECK(r.state() == Resettlement::LINKED);
  REQUIRE(Act(lost, Resettlement::MISS, "2025-01-23") == "");
  CHECK(lost.state() == Resettlement::UNLINKED);
  REQUIRE(Act(lost, Resettlement::LINK, "2025-02-20", kLinked) == "");
  Resettlement early = Prisoner();
  early.set_state(Resettlement::VERIFIED);
  CHECK(Act(early, Resettlement::PRERELEASE, "2024-12-10", Prerelease(kOrdinaryPerson, "2025-01-14")) == "REPORT_BEFORE_RELEASE");
}

TEST_CASE("law §9: a key person is fetched, or it is said why not; who was lost comes as he comes") {
  Resettlement r = BeforeRelease(kKeyPerson);
  CHECK(Act(r, Resettlement::LINK, "2025-01-15", kLinked) == "KEY_PERSON_NOT_FETCHED");
  Resettlement explained = r, fetched = r, lost = r;
  const Change with_reason = [](Resettlement& x) {
    x.set_not_fetched_reason("家属先行接回");
    return kLinked(x);
  };
  CHECK(Act(explained, Resettlement::LINK, "2025-01-15", with_reason) == "");
  CHECK(Act(fetched, Resettlement::LINK, "2025-01-15", kFetched) == "");
  REQUIRE(Act(lost, Resettlement::MISS, "2025-01-23") == "");
  CHECK(Act(lost, Resettlement::LINK, "2025-01-24", kLinked) == "");
}

TEST_CASE("law §9: help is voluntary; visits follow the class; five years after prison, to the day") {
  Resettlement r = BeforeRelease(kKeyPerson);
  REQUIRE(Act(r, Resettlement::LINK, "2025-01-15", kFetched) == "");
  CHECK(DueOf(r, "HELP_UNTIL") == "2030-01-15");
  CHECK(Act(r, Resettlement::HELP, "2025-01-20") == "HELP_NOT_AGREED");
  REQUIRE(Act(r, Resettlement::HELP, "2025-01-20", kHelped) == "");
  CHECK(DueOf(r, "VISIT_BY") == "2025-02-20");
  REQUIRE(Act(r, Resettlement::VISIT, "2025-02-19") == "");
  CHECK(DueOf(r, "VISIT_BY") == "2025-03-19");
  Resettlement ordinary = BeforeRelease();
  REQUIRE(Act(ordinary, Resettlement::LINK, "2025-01-15", kLinked) == "");
  REQUIRE(Act(ordinary, Resettlement::HELP, "2025-01-20", kHelped) == "");
  CHECK(DueOf(ordinary, "VISIT_BY") == "2025-04-21");  // 20 April is a Sunday
}

TEST_CASE("law §9: it ends by the period and not before it, by a new offence with its document, by death, by a move") {
  Resettlement r = BeforeRelease();
  REQUIRE(Act(r, Resettlement::LINK, "2025-01-15", kLinked) == "");
  CHECK(Act(r, Resettlement::END, "2025-05-06", Ended(Resettlement::EXPIRED)) == "HELP_PERIOD_NOT_OVER");
  CHECK(Act(r, Resettlement::END, "2025-05-06", Ended(Resettlement::REOFFENDED)) == "REOFFENCE_WITHOUT_DOCUMENT");
  Resettlement again = r, dead = r;
  CHECK(Act(again, Resettlement::END, "2025-05-06", Ended(Resettlement::REOFFENDED, "（2025）浙0783刑初1号")) == "");
  CHECK(Act(dead, Resettlement::END, "2025-05-06", Ended(Resettlement::DEAD)) == "");
  CHECK(Act(dead, Resettlement::VISIT, "2025-05-07") == "ACTION_NOT_ALLOWED");
  for (const auto& clock : dead.clocks()) CHECK(clock.state() == casework::v1::Clock::STOPPED);
}

TEST_CASE("law §9: the five rates have their denominators, and are of those released in the period") {
  std::vector<int64_t> sums(kResettlementsCube.measures.size());
  const auto count = [&](const Resettlement& r) {
    for (const auto& one : testing::CountsOf(kResettlement, r)) {
      for (int i = 0; i < one.measures_size(); ++i) sums[i] += one.measures(i);
    }
  };
  Resettlement unknown = Prisoner();
  REQUIRE(Act(unknown, Resettlement::RECEIVE, "2024-09-02") == "");
  REQUIRE(Act(unknown, Resettlement::DECLARE_UNKNOWN, "2024-09-20") == "");
  count(unknown);
  Resettlement lost = BeforeRelease();
  REQUIRE(Act(lost, Resettlement::MISS, "2025-01-23") == "");
  count(lost);
  Resettlement linked = BeforeRelease();
  REQUIRE(Act(linked, Resettlement::LINK, "2025-01-15", kLinked) == "");
  count(linked);
  Resettlement helped = linked;
  REQUIRE(Act(helped, Resettlement::HELP, "2025-01-20", kHelped) == "");
  count(helped);
  Resettlement again = helped;
  again.set_resettled_on("2025-02-01");
  REQUIRE(Act(again, Resettlement::END, "2025-05-06", Ended(Resettlement::REOFFENDED, "（2025）浙0783刑初1号")) == "");
  count(again);
  Resettlement from_here = Prisoner();
  from_here.set_origin(Resettlement::CORRECTIONS);
  from_here.set_linked_on("2025-01-15");
  REQUIRE(Act(from_here, Resettlement::OPEN, "2025-01-15") == "");
  CHECK(DueOf(from_here, "HELP_UNTIL") == "2028-01-15");
  count(from_here);
  const auto rate = [&](absl::string_view name) {
    for (const auto& ratio : kResettlementsCube.ratios) {
      if (ratio.name != name) continue;
      return std::pair(sums[statistics::MeasureIndex(kResettlementsCube, ratio.numerator)],
                       sums[statistics::MeasureIndex(kResettlementsCube, ratio.denominator)]);
    }
    return std::pair<int64_t, int64_t>();
  };
  using Of = std::pair<int64_t, int64_t>;
  CHECK(rate("verification") == Of{4, 5});
  CHECK(rate("linking") == Of{4, 5});
  CHECK(rate("helping") == Of{2, 4});
  CHECK(rate("resettlement") == Of{1, 4});
  CHECK(rate("reoffending") == Of{1, 5});
}

TEST_CASE("law §2.2 #21, §9: who is released is handed over with his appraisal, and helped for three years") {
  Course at;
  const Subject s = at.Active(kProbation, R"({"termTo": "2024-11-30"})");
  at.GoTo("2024-11-10");
  Release release = at.OneOf<Release>(s);
  release = at.Do("AppraiseRelease", release, R"({"appraisal": "表现良好"})", at.county);
  release = at.Do("AnnounceRelease", release, "{}", at.office);
  CHECK(at.Of<Resettlement>(s).empty());
  at.GoTo("2024-12-02");
  at.Do("IssueRelease", release, "{}", at.county);
  Resettlement r = at.OneOf<Resettlement>(s);
  CHECK(r.state() == Resettlement::LINKED);
  CHECK(r.appraisal() == "表现良好");
  CHECK(r.person().id_number() == s.person().id_number());
  CHECK(r.release_on() == "2024-11-30");
  CHECK(DueOf(r, "HELP_UNTIL") == "2027-11-30");
  r = at.Do(
      "HelpResettlement", r,
      R"({"risk": "02", "plan": "落实就业", "measures": ["03"], "guides": [{"name": "陈志强", "role": "01"}], "agreed": true})",
      at.office);
  r = at.Do("VisitResettlement", r, R"({"visit": {"family": "与父母同住", "housing": "自有住房", "work": "待业"}})", at.office);
  r = at.Do("MeasureResettlement", r, R"({"result": {"measure": "03", "result": "在本镇木雕厂就业", "resettled": true}})",
            at.office);
  CHECK(r.resettled_on() == "2024-12-02");
  CHECK(at.Refusal("EndResettlement", r, R"({"end": "DEAD"})", at.office) != "");
  CHECK(at.Refusal("EndResettlement", r, R"({"end": "MOVED"})", at.county) == "FIELD_REQUIRED");
  at.GoTo("2027-11-30");
  CHECK(at.Now(r).state() == Resettlement::HELPING);
  at.GoTo("2027-12-01");
  r = at.Now(r);
  CHECK(r.state() == Resettlement::ENDED);
  CHECK(r.end() == Resettlement::EXPIRED);
  CHECK(r.ended_on() == "2027-11-30");
  CHECK(at.Findings().empty());
}

TEST_CASE("law §9: the suite marks as lost who has not reported; one at a time") {
  Course at;
  const std::string received = R"({"office": "330783118", "region": "330783118", "person": {"name": "钱二", "idNumber":
      "33078319900307001X", "sex": "1", "residence": "南马镇"}, "releaseType": "01", "prison": "浙江省第五监狱", "offence": "05",
      "termFrom": "2022-10-16", "termTo": "2024-10-15", "releaseOn": "2024-10-15"})";
  CHECK(ReasonOf(at.Try<Resettlement>("ReceiveResettlement", received, at.office).status()) != "");
  Resettlement r = Course::Must(at.Try<Resettlement>("ReceiveResettlement", received, at.county));
  CHECK(r.number() == "（2024）330783安帮字第1号");
  CHECK(ReasonOf(at.Try<Resettlement>("ReceiveResettlement", received, at.county).status()) == "RESETTLEMENT_EXISTS");
  r = at.Do("VerifyResettlement", r, R"({"verification": "户籍在安恬村"})", at.office);
  r = at.Do("PrereleaseResettlement", r, R"({"releaseOn": "2024-10-15", "reportBy": "2024-10-20", "risk": "02"})", at.county);
  at.GoTo("2024-10-20");
  CHECK(at.Now(r).state() == Resettlement::PRE_RELEASE);
  at.GoTo("2024-10-21");  // the twentieth was a Sunday
  at.GoTo("2024-10-22");
  r = at.Now(r);
  CHECK(r.state() == Resettlement::UNLINKED);
  r = at.Do("LinkResettlement", r, "{}", at.office);
  CHECK(r.state() == Resettlement::LINKED);
  r = at.Do("EndResettlement", r, R"({"end": "MOVED", "movedTo": "义乌市"})", at.county);
  CHECK(r.state() == Resettlement::ENDED);
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
