#include "services/mediation/committee.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "services/mediation/test_bench.h"

namespace sifa::mediation {

TEST_CASE("an organisation is one committee at a time, also where two are established at once") {
  Bench bench;
  std::atomic<int> established{0}, refused{0};
  std::vector<std::thread> officers;
  for (int i = 0; i < 4; ++i) {
    officers.emplace_back([&] {
      const auto committee = bench.Establish("C2", "江北");
      established += committee.ok();
      refused += ReasonOf(committee.status()) == "COMMITTEE_EXISTS";
    });
  }
  for (auto& officer : officers) officer.join();
  CHECK(established == 1);
  CHECK(refused == 3);
  CHECK(bench.Count("SELECT COUNT(*) FROM journal WHERE organisation = 'C2'") == 1);
}

TEST_CASE("an organisation whose committee has been dissolved may be one again") {
  Bench bench;
  CHECK(ReasonOf(bench.Establish("C1").status()) == "COMMITTEE_EXISTS");
  v1::CommitteeActRequest r;
  r.set_id(bench.committee.id());
  auto call = bench.Call("CommitteeService/DissolveCommittee", bench.officer);
  Must(bench.committee_service.Dissolve(call, r));
  Must(bench.Establish("C1"));
  CHECK(ReasonOf(bench.Establish("C1").status()) == "COMMITTEE_EXISTS");
}

}  // namespace sifa::mediation
