// Figures altered in the database are found against the journal.
#include "libs/statistics/figure_check.h"

#include <catch2/catch.hpp>

#include "libs/statistics/statistics_fixture.h"

namespace sifa::statistics {
namespace {

using test::Case;
using test::World;

struct Altered : World {
  Altered() {
    Case other;
    other.type = "02";
    other.region = "330783002";
    first = Open({});
    Open(other);
    const Id voided = Open({});
    Settle();
    Case changed;
    changed.succeeded = 1;
    Change(first, changed);
    Void(voided);
    Settle();
  }
  Id first;
};

}  // namespace

TEST_CASE("figures that are what the journal says are no finding, nor is what waits to be counted") {
  Altered world;
  CHECK(world.FigureFindings().empty());
  world.Open({});
  world.Append();
  CHECK(world.FigureFindings().empty());
  world.Seal();
  CHECK(world.FigureFindings().empty());
  world.Settle();
  CHECK(world.FigureFindings().empty());
}

TEST_CASE("a figure raised, emptied or deleted, and one of nothing, are each named") {
  Altered world;
  world.Execute("UPDATE statistics_counter SET m1 = m1 + 1000 WHERE shape = 0 AND place = '0000000'");
  CHECK(world.FigureFindings().empty());  // of no place
  SECTION("raised") { world.Execute("UPDATE statistics_counter SET m1 = m1 + 1000 ORDER BY place LIMIT 1"); }
  SECTION("deleted") { world.Execute("DELETE FROM statistics_counter WHERE m0 > 0 ORDER BY place LIMIT 1"); }
  SECTION("of nothing") {
    world.Execute(
        "INSERT INTO statistics_counter (generation, cube_number, shape, period_kind, period_start, place, m0)"
        " SELECT generation, cube_number, shape, period_kind, period_start, 'x', 5 FROM statistics_counter LIMIT 1");
  }
  const auto found = world.FigureFindings();
  REQUIRE(found.size() == 1);
  CHECK(absl::StrContains(found[0], "0 统计数 mediation.cases 202601"));
}

TEST_CASE("a contribution altered, deleted or inserted is named with its position") {
  Altered world;
  SECTION("altered") {
    world.Execute("UPDATE statistics_contribution SET m0 = 7 WHERE position = 2");
    CHECK(world.FigureFindings() == std::vector<std::string>{"2 统计明细与日志不符"});
  }
  SECTION("moved to another office") {
    world.Execute("UPDATE statistics_contribution SET organisation_path = '/33/' WHERE position = 4");
    CHECK(world.FigureFindings() == std::vector<std::string>{"4 统计明细与日志不符"});
  }
  SECTION("deleted") {
    world.Execute("DELETE FROM statistics_contribution WHERE position = 5");
    CHECK(world.FigureFindings() == std::vector<std::string>{"5 统计明细与日志不符"});
  }
  SECTION("moved to another row") {
    world.Execute("UPDATE statistics_contribution SET position = 99 WHERE position = 1");
    CHECK(world.FigureFindings() == std::vector<std::string>{"1 统计明细与日志不符", "99 统计明细没有日志，系插入"});
  }
}

}  // namespace sifa::statistics
