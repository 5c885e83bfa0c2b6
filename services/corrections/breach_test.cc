// The rules of an inquiry into a breach (社区矫正法 §28; law §2.5 R10-R15, R21), over its table alone: no database, no clock.
#include "services/corrections/breach.h"

#include <catch2/catch.hpp>

#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

Breach Told(const char* happened_on = "2025-05-10", const char* category = kProbation) {
  Breach breach;
  breach.set_happened_on(happened_on);
  breach.mutable_person()->set_category(category);
  return breach;
}

// The refusal of establishing one that was investigated.
std::string Establish(Breach::Kind kind, int days = 0, const char* category = kProbation,
                      const char* happened_on = "2025-05-10") {
  Breach breach = Told(happened_on, category);
  breach.set_state(Breach::INVESTIGATING);
  breach.set_heard_on("2025-07-01");
  breach.add_evidence("询问笔录");
  return Do<Breach>(kBreachProcedure, breach, Breach::ESTABLISH, On("2025-07-02"), [&](Breach& b) {
    b.set_kind(kind);
    b.set_days_absent(days);
    return absl::OkStatus();
  });
}

}  // namespace

TEST_CASE("a breach is of who has been received, and of his term") {
  const auto open = [](Breach breach, const procedure::Facts& facts) {
    return Do(kBreachProcedure, breach, Breach::OPEN, facts);
  };
  CHECK(open(Told(), On("2025-05-11")) == "");
  CHECK(open(Told("2024-09-02"), On("2025-05-11")) == "");  // he was to report
  CHECK(open(Told("2024-08-31"), On("2025-05-11")) == "BREACH_OUTSIDE_TERM");
  CHECK(open(Told("2025-05-12"), On("2025-05-11")) == "BREACH_OUTSIDE_TERM");
  CHECK(open(Told(), On("2025-05-11", Probationer(Subject::RELEASED))) == "SUBJECT_NOT_IN_CORRECTION");
}

TEST_CASE("a breach is established once he has been heard, and by evidence") {
  Breach breach = Told();
  const auto facts = On("2025-05-11");
  REQUIRE(Do(kBreachProcedure, breach, Breach::OPEN, facts) == "");
  CHECK(Do(kBreachProcedure, breach, Breach::ESTABLISH, facts) == "PERSON_NOT_HEARD");
  breach.set_heard_on("2025-05-11");
  CHECK(Do(kBreachProcedure, breach, Breach::ESTABLISH, facts) == "EVIDENCE_MISSING");
  CHECK(Do(kBreachProcedure, breach, Breach::DISMISS, facts) == "");
  CHECK(Do(kBreachProcedure, breach, Breach::ESTABLISH, facts) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("law §2.5 R21: the days out of supervision say which kind it is, the month by its corresponding day") {
  CHECK(Establish(Breach::ABSENT_TO_TEN_DAYS, 10) == "");
  CHECK(Establish(Breach::ABSENT_TO_TEN_DAYS, 11) == "DAYS_OF_ANOTHER_KIND");
  CHECK(Establish(Breach::ABSENT_TO_TEN_DAYS, 0) == "DAYS_OF_ANOTHER_KIND");
  CHECK(Establish(Breach::ABSENT_OVER_TEN_DAYS, 10) == "DAYS_OF_ANOTHER_KIND");
  CHECK(Establish(Breach::ABSENT_OVER_TEN_DAYS, 11) == "");
  CHECK(Establish(Breach::ABSENT_OVER_TEN_DAYS, 31) == "");  // after 9 May to 9 June
  CHECK(Establish(Breach::ABSENT_OVER_MONTH, 31) == "DAYS_OF_ANOTHER_KIND");
  CHECK(Establish(Breach::ABSENT_OVER_MONTH, 32) == "");
  CHECK(Establish(Breach::ABSENT_OVER_MONTH, 29, kProbation, "2025-02-10") == "");  // of February
  CHECK(Establish(Breach::OTHER_SLIGHT, 3) == "DAYS_OF_ANOTHER_KIND");
}

TEST_CASE("刑法 §38, §72: only 管制 and 缓刑 have a court ban; only who serves outside prison is re-examined") {
  CHECK(Establish(Breach::BAN_SERIOUS) == "");
  CHECK(Establish(Breach::BAN_SLIGHT, 0, "01") == "");
  CHECK(Establish(Breach::BAN_SLIGHT, 0, kParole) == "NO_COURT_BAN");
  CHECK(Establish(Breach::BAN_SERIOUS, 0, kOutsidePrison) == "NO_COURT_BAN");
  CHECK(Establish(Breach::NO_RECHECK, 0, kOutsidePrison) == "");
  CHECK(Establish(Breach::NO_RECHECK) == "NO_RECHECK_DUTY");
}

}  // namespace sifa::corrections
