#include "libs/statistics/folder.h"

#include <catch2/catch.hpp>

#include "libs/core/status.h"
#include "libs/statistics/rebuild.h"
#include "libs/statistics/rebuild_fixture.h"
#include "libs/statistics/statistics_fixture.h"

namespace sifa::statistics {
namespace {

using test::Case;
using test::World;
using test::YearOf;

int64_t AcceptedIn(World& world, const std::string& region) {
  Query query = YearOf(2026);
  query.region = region;
  return world.Ask(query)->totals.measures[0];
}

}  // namespace

TEST_CASE("a fold that dies after writing has written nothing, and the next one counts each row once") {
  World world;
  for (int i = 0; i < 40; ++i) world.Open({});
  world.Seal();
  int runs = 0;
  journal::Follower dying(*world.pool, kFollowerName,
                          [&](mysql::Connection& connection, const std::vector<journal::Sealed>& rows) {
                            ++runs;
                            const absl::Status folded = MakeFold(world.cubes)(connection, rows);
                            return folded.ok() ? Internal("killed") : folded;
                          });
  CHECK_FALSE(dying.FollowOnce().ok());
  CHECK(runs == 1);
  CHECK(AcceptedIn(world, "330783") == 0);
  CHECK(world.follower->FollowOnce().value() == 40);
  CHECK(world.follower->FollowOnce().value() == 0);
  CHECK(AcceptedIn(world, "330783") == 40);
}

TEST_CASE("one voided case moves every figure that it touched, and stays visible as a retraction") {
  World world;
  Case other;
  other.type = "02";
  world.Open(other);
  Case made;
  made.succeeded = 1;
  made.amount_fen = 770000;
  const Id id = world.Open(made);
  const int64_t before = world.Settle();
  world.Void(id);
  world.Settle();
  for (const char* region : {"330000", "330700", "330783", "330783001"})
    CHECK(AcceptedIn(world, region) == 1);
  Query query = YearOf(2026);
  query.group_by = {"type"};
  auto result = world.Ask(query);
  REQUIRE(result->rows.size() == 1);
  CHECK(result->Key(result->rows[0], 0) == "02");
  CHECK(result->totals.measures == Measures{1, 0, 0});
  CHECK(result->RatioOf(result->totals, result->totals.measures, 0).value == "0.00");
  query.region = "";
  query.organisation_path = "/33/3307/330783/330783001/";
  CHECK(world.Ask(query)->totals.measures == Measures{1, 0, 0});
  query.as_of = before;
  CHECK(world.Ask(query)->totals.measures == Measures{2, 1, 770000});
}

TEST_CASE("an act that came before another but was sealed after it leaves the same figures") {
  World world;
  Case made;
  const Id id = world.Open(made);
  made.type = "02";
  world.Change(id, made);
  made.type = "03";
  made.day = "2026-02-10";
  world.Change(id, made);
  world.Seal();
  std::vector<journal::Sealed> rows;
  REQUIRE(world.pool
              ->WithConnection([&](mysql::Connection& connection) -> absl::Status {
                ASSIGN_OR_RETURN(rows, journal::ReadSealed(connection, 0, 10));
                return absl::OkStatus();
              })
              .ok());
  std::swap(rows[1].row, rows[2].row);
  REQUIRE(world.pool
              ->InTransaction(
                  [&](mysql::Connection& connection) { return FoldInto(connection, world.cubes, 1, rows); })
              .ok());
  Query query = YearOf(2026);
  query.group_by = {"month", "type"};
  const auto result = world.Ask(query);
  REQUIRE(result->rows.size() == 1);
  CHECK(test::KeysOf(*result, result->rows[0]) == std::vector<std::string>{"2026-02", "03"});
  CHECK(result->totals.measures[0] == 1);
}

TEST_CASE("a stock is moved by each act on its own day, and is asked for as it stands at the end of a period") {
  World world;
  const auto on = [&](int year, int month) { world.clock.Set(absl::CivilSecond(year, month, 15, 9, 0, 0)); };
  Case kept, gone;
  kept.cube = gone.cube = "mediation.stock";
  on(2024, 3);
  const Id first = world.Open(kept);
  on(2025, 5);
  const Id second = world.Open(gone);
  on(2026, 2);
  kept.amount_fen = 5;  // it has grown
  kept.type = "02";
  world.Change(first, kept);
  on(2026, 4);
  world.Void(second);
  world.Settle();
  const auto at = [&](absl::CivilDay day) {
    Query query = YearOf(2026);
    query.cube = "mediation.stock";
    query.from = query.to = day;
    query.year_on_year = true;
    return world.Ask(query);
  };
  CHECK(at(absl::CivilDay(2023, 12, 31))->totals.measures == Measures{});
  CHECK(at(absl::CivilDay(2024, 3, 14))->totals.measures == Measures{});
  CHECK(at(absl::CivilDay(2024, 3, 15))->totals.measures == Measures{1, 0, 0});
  CHECK(at(absl::CivilDay(2025, 12, 31))->totals.measures == Measures{2, 0, 0});
  CHECK(at(absl::CivilDay(2026, 3, 31))->totals.measures == Measures{2, 0, 5});
  CHECK(*at(absl::CivilDay(2026, 3, 31))->totals.last_year == Measures{1, 0, 0});
  CHECK(at(absl::CivilDay(2026, 5, 31))->totals.measures == Measures{1, 0, 5});
  CHECK(*at(absl::CivilDay(2026, 5, 31))->totals.last_year == Measures{2, 0, 0});
  Query query = YearOf(2026);
  query.cube = "mediation.stock";
  query.group_by = {"type"};
  const auto later = world.Ask(query);
  REQUIRE(later->rows.size() == 1);
  CHECK(later->Key(later->rows[0], 0) == "02");
  query.group_by = {"month"};
  CHECK(ReasonOf(world.Ask(query).status()) == "GROUP_INVALID");
}

TEST_CASE("a count that cannot be attributed does not stop the others") {
  World world;
  Case bad;
  bad.day = "2026-02-30";
  world.Open(bad);
  Case lengthy;
  lengthy.type = std::string(kLongestValue + 1, 'x');
  world.Open(lengthy);
  Case nowhere;
  nowhere.region = "33";
  world.Open(nowhere);
  world.Open({});
  world.Settle();
  CHECK(AcceptedIn(world, "330783") == 1);
  Query query = YearOf(2026);
  query.region = "";
  query.organisation_path = test::kBureau;
  CHECK(world.Ask(query)->totals.measures[0] == 2);
}

TEST_CASE("a rebuild from the journal finds the counters as they are, or names what is not") {
  World world;
  for (int i = 0; i < 700; ++i) {
    Case made;
    made.day = absl::StrFormat("2026-%02d-15", 1 + i % 5);
    made.type = i % 3 == 0 ? "01" : "02";
    const Id id = world.Open(made);
    made.succeeded = 1;
    if (i % 2 == 0) world.Change(id, made);
    if (i % 7 == 0) world.Void(id);
  }
  const int64_t position = world.Settle();
  auto report = test::RebuildNow(*world.pool, world.cubes, false);
  REQUIRE(report.ok());
  CHECK(report->position == position);
  CHECK(report->difference_count == 0);
  CHECK(report->counters > 50);
  CHECK(report->contributions > 700);
  CHECK_FALSE(report->replaced);
  CHECK(AcceptedIn(world, "330783") == 600);

  world.Execute(
      "UPDATE statistics_counter SET m0 = m0 + 1 WHERE period_start = 202603010000 AND place = '3330783' AND d0 = '01' "
      "AND shape = 1");
  world.Execute("DELETE FROM statistics_contribution WHERE month = 202604 ORDER BY position LIMIT 1");
  report = test::RebuildNow(*world.pool, world.cubes, true);
  REQUIRE(report.ok());
  CHECK(report->difference_count == 2);
  REQUIRE(report->differences.size() == 2);
  CHECK(report->differences[0].where == "202603 330783 type=01");
  CHECK(report->differences[0].counted[0] == report->differences[0].recomputed[0] + 1);
  CHECK(report->replaced);
  CHECK(AcceptedIn(world, "330783") == 600);

  // The rebuilt counters go on from where they are.
  world.Open({});
  world.Settle();
  CHECK(AcceptedIn(world, "330783") == 601);
  report = test::RebuildNow(*world.pool, world.cubes, false);
  REQUIRE(report.ok());
  CHECK(report->difference_count == 0);
}

TEST_CASE("a rebuild does not stop the counting") {
  World world;
  for (int i = 0; i < 1500; ++i) world.Open({});
  world.Settle();
  for (int i = 0; i < 1500; ++i) world.Open({});
  world.Seal();
  absl::StatusOr<RebuildReport> report;
  std::thread rebuilding([&] { report = test::RebuildNow(*world.pool, world.cubes, true); });
  while (true) {
    const auto taken = world.follower->FollowOnce();
    REQUIRE(taken.ok());
    if (*taken == 0) break;
  }
  rebuilding.join();
  REQUIRE(report.ok());
  CHECK(report->difference_count == 0);
  CHECK(AcceptedIn(world, "330783") == 3000);
  CHECK(test::RebuildNow(*world.pool, world.cubes, false)->difference_count == 0);
}

TEST_CASE("a rebuild that was cut off goes on from where it stood, one at a time (law F14)") {
  World world;
  for (int i = 0; i < 2300; ++i) world.Open({});
  const int64_t head = world.Settle();
  const SystemClock clock;
  Rebuild rebuild;
  rebuild.started_at = clock.Now();
  rebuild.id = NewId(rebuild.started_at);
  rebuild.replaces = true;
  const auto begin = [&](Rebuild& one) {
    return world.pool->InTransaction([&](mysql::Connection& connection) { return BeginRebuild(connection, &one); });
  };
  const auto read = [&] {
    Rebuild found;
    REQUIRE(world.pool
                ->WithConnection([&](mysql::Connection& connection) -> absl::Status {
                  ASSIGN_OR_RETURN(found, ReadRebuild(connection, rebuild.id));
                  return absl::OkStatus();
                })
                .ok());
    return found;
  };
  REQUIRE(begin(rebuild).ok());
  CHECK(rebuild.of == head);
  Rebuild another = rebuild;
  another.id = NewId(clock.Now());
  CHECK(ReasonOf(begin(another)) == "REBUILD_RUNNING");

  // Cut off after its second batch; what was counted until then is counted once.
  const auto cut = [&] { return read().position >= 1000 ? absl::CancelledError("killed") : absl::OkStatus(); };
  REQUIRE(ContinueRebuild(*world.pool, world.cubes, clock, {}, cut).ok());
  const Rebuild cut_off = read();
  CHECK_FALSE(cut_off.ended_at);
  CHECK(cut_off.position == 1000);
  CHECK(cut_off.of == head);

  std::vector<int64_t> positions;
  int ended = 0;
  REQUIRE(ContinueRebuild(
              *world.pool, world.cubes, clock,
              [&](mysql::Connection&, const Rebuild& found) {
                ++ended;
                CHECK(found.report->difference_count == 0);
                return absl::OkStatus();
              },
              [&] {
                positions.push_back(read().position);
                return absl::OkStatus();
              })
              .ok());
  CHECK(*std::min_element(positions.begin(), positions.end()) >= cut_off.position);
  CHECK(ended == 1);
  const Rebuild done = read();
  CHECK(done.ended_at);
  REQUIRE(done.report);
  CHECK(done.report->replaced);
  CHECK(done.report->contributions == 2300);
  CHECK(AcceptedIn(world, "330783") == 2300);
  CHECK(begin(another).ok());

  // What no other try can mend ends it, with its reason.
  world.Execute("DELETE FROM journal_seal WHERE position > 100");
  CHECK_FALSE(ContinueRebuild(*world.pool, world.cubes, clock).ok());
  rebuild.id = another.id;
  CHECK(read().ended_at);
  CHECK_FALSE(read().report);
  CHECK_FALSE(read().problem.empty());
}

}  // namespace sifa::statistics
