// The rules of an arrest (law §2.2 #17; §2.5 R16), over its table alone: no database, no clock.
#include "services/corrections/arrest.h"

#include <catch2/catch.hpp>

#include "services/corrections/record_fixture.h"
#include "services/corrections/revocation.h"

namespace sifa::corrections {
namespace {

Revocation Bearing(Revocation::State state = Revocation::SUBMITTED, Revocation::Kind kind = Revocation::PROBATION) {
  Revocation r;
  r.set_id("01R");
  r.set_state(state);
  r.set_kind(kind);
  return r;
}

procedure::Facts At(const std::string& day, int hour, const Revocation& r = Bearing()) {
  procedure::Facts facts = On(day, Probationer(), r);
  facts.occurred_at = absl::FromCivil(absl::CivilSecond(facts.act_day) + hour * 3600, ChinaTime());
  return facts;
}

Arrest Prepared() {
  Arrest arrest;
  arrest.set_revocation("01R");
  REQUIRE(Do(kArrestProcedure, arrest, Arrest::PREPARE, At("2024-09-13", 9)) == "");
  return arrest;
}

std::string Submit(Arrest& arrest, const procedure::Facts& facts) { return Do(kArrestProcedure, arrest, Arrest::SUBMIT, facts); }

}  // namespace

TEST_CASE("社区矫正法 §47: an arrest is asked for with a submitted revocation of probation or parole, never alone, and once") {
  Arrest arrest;
  CHECK(Do(kArrestProcedure, arrest, Arrest::PREPARE, On("2024-09-13")) == "REVOCATION_REQUIRED");
  arrest = Prepared();
  CHECK(Submit(arrest, On("2024-09-13")) == "REVOCATION_NOT_SUBMITTED");
  CHECK(Submit(arrest, At("2024-09-13", 9, Bearing(Revocation::PROPOSED))) == "REVOCATION_NOT_SUBMITTED");
  CHECK(Submit(arrest, At("2024-09-13", 9, Bearing(Revocation::REFUSED))) == "REVOCATION_NOT_SUBMITTED");
  CHECK(Submit(arrest, At("2024-09-13", 9, Bearing(Revocation::SUBMITTED, Revocation::RECALL))) == "REVOCATION_NOT_SUBMITTED");
  CHECK(Submit(arrest, At("2024-09-13", 9)) == "");
  Arrest second;
  second.set_revocation("01R");
  CHECK(Do(kArrestProcedure, second, Arrest::PREPARE, On("2024-09-14", Probationer(), Bearing(), arrest)) == "ARREST_OPEN");
}

TEST_CASE("社区矫正法 §47: the court has forty-eight hours, days off or not, from an instant that is told") {
  Arrest arrest = Prepared();
  CHECK(Submit(arrest, On("2024-09-14", Probationer(), Bearing())) == "INSTANT_MISSING");
  REQUIRE(Submit(arrest, At("2024-09-14", 15)) == "");                   // a Saturday
  CHECK(procedure::EndInWords(arrest.clocks(0)) == "2024-09-16 16:00");  // from the next full hour
}

TEST_CASE("社区矫正法 §47: detention of thirty days ends on its day, in a holiday too") {
  Arrest arrest = Prepared();
  REQUIRE(Submit(arrest, At("2024-09-05", 9)) == "ACT_OUT_OF_ORDER");
  REQUIRE(Submit(arrest, At("2024-09-13", 9)) == "");
  const auto decide = [](Arrest::Decision decision) {
    return [=](Arrest& a) {
      a.set_decision(decision);
      return absl::OkStatus();
    };
  };
  Arrest refused = arrest;
  REQUIRE(Do<Arrest>(kArrestProcedure, refused, Arrest::RECORD_DECISION, At("2024-09-14", 9), decide(Arrest::NO_ARREST)) == "");
  CHECK(refused.state() == Arrest::REFUSED);
  REQUIRE(Do<Arrest>(kArrestProcedure, arrest, Arrest::RECORD_DECISION, At("2024-09-14", 9), decide(Arrest::ARREST)) == "");
  CHECK(arrest.state() == Arrest::APPROVED);
  REQUIRE(Do<Arrest>(kArrestProcedure, arrest, Arrest::RECORD_EXECUTION, On("2024-09-14"), [](Arrest& a) {
            a.set_detained_until("2024-10-06");  // Sunday
            return absl::OkStatus();
          }) == "");
  CHECK(procedure::FindClock(arrest.clocks(), "DETENTION")->due_on() == "2024-10-06");
}

}  // namespace sifa::corrections
