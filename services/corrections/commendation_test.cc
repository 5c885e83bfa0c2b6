// 表扬 (实施办法 §33; law §2.5 R17), over its table alone.
#include "services/corrections/commendation.h"

#include <catch2/catch.hpp>

#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

std::string Propose(Commendation commendation, const std::string& day) {
  return Do(kCommendationProcedure, commendation, Commendation::PROPOSE, On(day));  // received on 2024-09-05
}

}  // namespace

TEST_CASE("实施办法 §33: six months in corrections and all four conditions, or special merit at any time") {
  Commendation good;
  good.set_repents(true);
  good.set_obeys_law(true);
  good.set_obeys_rules(true);
  good.set_takes_part(true);
  CHECK(Propose(good, "2025-03-04") == "COMMENDED_TOO_EARLY");
  CHECK(Propose(good, "2025-03-05") == "");
  for (const int missing : {1, 2, 3, 4}) {
    Commendation lacking = good;
    if (missing == 1) lacking.set_repents(false);
    if (missing == 2) lacking.set_obeys_law(false);
    if (missing == 3) lacking.set_obeys_rules(false);
    if (missing == 4) lacking.set_takes_part(false);
    CHECK(Propose(lacking, "2025-03-05") == "CONDITIONS_NOT_MET");
  }
  Commendation brave;
  brave.set_special_merit(true);
  CHECK(Propose(brave, "2024-09-06") == "");
}

TEST_CASE("a commendation is decided once") {
  Commendation brave;
  brave.set_special_merit(true);
  REQUIRE(Do(kCommendationProcedure, brave, Commendation::PROPOSE, On("2024-09-06")) == "");
  CHECK(Do(kCommendationProcedure, brave, Commendation::DECIDE, On("2024-09-07")) == "");
  CHECK(Do(kCommendationProcedure, brave, Commendation::REFUSE, On("2024-09-08")) == "ACTION_NOT_ALLOWED");
}

}  // namespace sifa::corrections
