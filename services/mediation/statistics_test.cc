// Statistics of what was recorded before a cube was there.
#include "libs/casework/recount.h"
#include "libs/core/status.h"
#include "libs/journal/follower.h"
#include "libs/journal/sealer.h"
#include "libs/statistics/folder.h"
#include "libs/statistics/query.h"
#include "libs/statistics/rebuild_fixture.h"
#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {
namespace {

struct Growing : MediationFixture {
  testing::TempDir anchor{"sifa-anchor"};
  const statistics::Cubes cubes{{&kCasesCube}};
};

}  // namespace

TEST_CASE("a cube that a new version adds counts what was recorded before it, once, while acts and counting go on") {
  Growing at;
  journal::Sealer sealer(*at.office.pool, *at.office.keyring, at.office.clock, {"test", at.anchor / "anchor", {}});
  const auto settle = [&](journal::Follower& follower) -> absl::Status {
    for (int taken = 1; taken > 0;) taken = Must(sealer.SealOnce());
    for (int taken = 1; taken > 0;) {
      ASSIGN_OR_RETURN(taken, follower.FollowOnce());
    }
    return absl::OkStatus();
  };
  const auto figure = [&](const statistics::Cubes& cubes, const char* cube) {
    statistics::Query query{.cube = cube, .from = absl::CivilDay(2024, 1, 1), .to = absl::CivilDay(2024, 12, 31), .region = "330783"};
    int64_t sum = 0;
    const auto status = statistics::WithSnapshot(*at.office.pool, [&](statistics::Snapshot& snapshot) -> absl::Status {
      ASSIGN_OR_RETURN(const auto result, statistics::RunQuery(snapshot, cubes, {}, query));
      sum = result.totals.measures[0];
      return absl::OkStatus();
    });
    if (!status.ok()) FAIL(status);
    return sum;
  };

  // The version of before knows of acceptance only.
  const auto counts = at.office.Alter<Case>().counts;
  at.office.Alter<Case>().counts = [&](const google::protobuf::Message& message) {
    auto known = counts(message);
    std::erase_if(known, [](const auto& count) { return count.cube() != kCasesCube.name; });
    return known;
  };
  at.office.backend->counted_by = at.cubes.definition();
  journal::Follower before(*at.office.pool, statistics::kFollowerName, statistics::MakeFold(at.cubes));
  const int64_t first = at.Count("SELECT living FROM statistics_generation");
  REQUIRE(statistics::BeginCounting(*at.office.pool, at.cubes).ok());
  CHECK(Must(statistics::BringUpToDate(*at.office.pool, at.cubes, at.office.clock)));
  CHECK(at.Count("SELECT living FROM statistics_generation") == first);  // nothing was counted otherwise
  const Case old = at.Agree(at.Accept(at.Apply()));
  REQUIRE(settle(before).ok());
  const Case unsealed = at.Agree(at.Accept(at.Apply()));  // it ended before this was sealed

  // The new one counts conclusions too, and is at work before it has rebuilt.
  const statistics::Cubes grown({&kCasesCube, &kConclusionsCube}, casework::CountedAnew(at.backend(), {&at.cases.type()}));
  CHECK(grown.definition() != at.cubes.definition());
  at.office.Alter<Case>().counts = counts;
  at.office.backend->counted_by = grown.definition();
  journal::Follower after(*at.office.pool, statistics::kFollowerName, statistics::MakeFold(grown));
  at.Agree(at.Accept(at.Apply()));
  REQUIRE(settle(after).ok());
  CHECK(figure(grown, "mediation.cases") == 3);
  REQUIRE(statistics::BeginCounting(*at.office.pool, grown).ok());
  CHECK_FALSE(Must(statistics::BringUpToDate(*at.office.pool, grown, at.office.clock)));
  REQUIRE(statistics::ContinueRebuild(*at.office.pool, grown, at.office.clock).ok());
  CHECK(figure(grown, "mediation.conclusions") == 3);
  at.Agree(at.Accept(at.Apply()));
  REQUIRE(settle(after).ok());
  CHECK(figure(grown, "mediation.conclusions") == 4);

  // Once; and it stays what the journal gives.
  const int64_t living = at.Count("SELECT living FROM statistics_generation");
  CHECK(Must(statistics::BringUpToDate(*at.office.pool, grown, at.office.clock)));
  CHECK(at.Count("SELECT living FROM statistics_generation") == living);
  CHECK(Must(statistics::test::RebuildNow(*at.office.pool, grown, false)).difference_count == 0);

  // A process of the version of before that still runs leaves the counting to the new one.
  at.Accept(at.Apply());
  CHECK(ReasonOf(settle(before)) == "STATISTICS_OF_ANOTHER_VERSION");
  REQUIRE(settle(after).ok());
  CHECK(figure(grown, "mediation.cases") == 5);
}

}  // namespace sifa::mediation
