// What a committee and its mediators count for (人民调解法 §10).

#include <catch2/catch.hpp>

#include "libs/testing/procedure_checks.h"
#include "services/mediation/committee.h"

namespace sifa::mediation {
namespace {

std::vector<int64_t> MeasuresOf(const Committee& committee) {
  const auto counts = testing::CountsOf(kCommittee, committee);
  REQUIRE(counts.size() == 1);
  return {counts[0].measures().begin(), counts[0].measures().end()};
}

}  // namespace

TEST_CASE("a committee counts with its mediators, full-time and part-time, until it is dissolved") {
  Committee committee;
  committee.set_state(Committee::ACTIVE);
  committee.set_type("1");
  committee.set_level("5");
  for (const auto& [kind, sex] : {std::pair{"1", "1"}, {"2", "2"}, {"2", "1"}}) {
    auto* member = committee.add_members();
    member->set_kind(kind);
    member->set_sex(sex);
  }
  CHECK(MeasuresOf(committee) == std::vector<int64_t>{1, 3, 1, 2, 1});
  CHECK(testing::CountsOf(kCommittee, committee)[0].dimensions(0) == "1");
  committee.set_state(Committee::DISSOLVED);
  CHECK(MeasuresOf(committee) == std::vector<int64_t>(5, 0));
}

}  // namespace sifa::mediation
