// Figures of divisions that were merged, split and abolished (law §1.4).
#include "libs/statistics/divisions.h"

#include <catch2/catch.hpp>

#include "libs/statistics/drill_down.h"
#include "libs/statistics/statistics_fixture.h"

namespace sifa::statistics {
namespace {

using test::Case;
using test::World;

RegionTable Table(const std::string& rows) {
  auto table = RegionTable::Parse({"code,name,valid_from,valid_to,successor\n" + rows});
  REQUIRE(table.ok());
  return *std::move(table);
}

RegionCode Code(const std::string& text) { return RegionCode::Parse(text).value(); }

// 莱芜 became two districts of 济南, and 东阳 lost a township to its neighbour in 2020.
RegionTable Merged() {
  return Table(
      "370000,山东省,,,\n370100,济南市,,,\n370116,莱芜区,2019-01-01,,\n370117,钢城区,2019-01-01,,\n"
      "371200,莱芜市,,2018-12-31,370116/370117\n371202,莱城区,,2018-12-31,370116\n371203,钢城区,,2018-12-31,370117\n"
      "330000,浙江省,,,\n330700,金华市,,,\n330783,东阳市,,,\n330783001,甲镇,,2020-06-30,330783002\n330783002,乙镇,,,\n"
      "330783003,丙镇,,,\n");
}

}  // namespace

TEST_CASE("a record counts where the territory of its division went, and of what went to several where these are together") {
  const RegionTable table = Merged();
  const Divisions before(table, absl::CivilDay(2018, 12, 31)), after(table, absl::CivilDay(2019, 1, 1));
  CHECK(before.Of(Code("371202001")) == Code("371202001"));
  CHECK(after.Of(Code("371202001")) == Code("370116"));
  CHECK(after.Of(Code("371203")) == Code("370117"));
  CHECK(after.Of(Code("371200")) == Code("370100"));
  CHECK(after.Of(Code("330783001")) == Code("330783001"));
  CHECK(after.Of(RegionCode()).IsEmpty());
  CHECK_FALSE(after.Stands(Code("371202")));
  CHECK(after.CountedIn(Code("371202")).empty());
  using Ranges = std::vector<std::pair<uint64_t, uint64_t>>;
  CHECK(after.CountedIn(Code("370116")) == Ranges{{370116000000, 370117000000}, {371202000000, 371203000000}});
  CHECK(after.CountedIn(Code("370000")) == Ranges{{370000000000, 380000000000}});
}

TEST_CASE("a table that leads in a circle moves nothing") {
  const RegionTable table = Table("330783,东阳市,,2019-12-31,330783001\n330783001,甲镇,,,\n");
  const Divisions divisions(table, absl::CivilDay(2021, 1, 1));
  CHECK(divisions.Of(Code("330783002")) == Code("330783002"));
  CHECK(divisions.Moves().empty());
}

TEST_CASE("同比 and 环比 of a division are with what went into it, and the drill-down shows whose records these are") {
  const RegionTable table = Merged();
  World world;
  world.reference.regions = &table;
  const auto open = [&](const char* day, const char* region, int count) {
    Case made;
    made.day = day;
    made.region = region;
    for (int i = 0; i < count; ++i) world.Open(made);
  };
  open("2019-07-10", "330783001", 3);  // 2020-06-30 merged into 乙镇
  open("2019-07-10", "330783002", 4);
  open("2019-07-10", "330783003", 2);
  open("2020-06-10", "330783001", 1);
  open("2020-06-10", "330783002", 1);
  open("2020-07-10", "330783002", 14);
  open("2020-07-10", "330783003", 2);
  world.Settle();

  Query july = test::YearOf(2020);
  july.from = absl::CivilDay(2020, 7, 1);
  july.to = absl::CivilDay(2020, 7, 31);
  july.region = "330783002";
  july.year_on_year = july.month_on_month = true;
  auto answer = world.Ask(july);
  REQUIRE(answer.ok());
  CHECK(answer->divisions_on == july.to);
  CHECK(answer->totals.measures[0] == 14);
  CHECK(answer->ChangeOf(answer->totals, *answer->totals.last_year, 0).previous == 7);  // 3 of 甲镇, 4 of its own
  CHECK(answer->ChangeOf(answer->totals, *answer->totals.last_year, 0).percent == "100.0");
  CHECK(answer->ChangeOf(answer->totals, *answer->totals.period_before, 0).previous == 2);

  // By township the county's rows have it too, and still add up.
  july.region = "330783";
  july.group_by = {"region:4"};
  answer = world.Ask(july);
  REQUIRE(answer.ok());
  REQUIRE(answer->rows.size() == 2);
  CHECK(answer->Key(answer->rows[0], 0) == "330783002");
  CHECK(answer->ChangeOf(answer->rows[0], *answer->rows[0].last_year, 0).previous == 7);
  CHECK(answer->ChangeOf(answer->rows[1], *answer->rows[1].last_year, 0).previous == 2);
  CHECK(answer->ChangeOf(answer->totals, *answer->totals.last_year, 0).previous == 9);

  // Behind the figure compared with, in the divisions of the answer.
  Query earlier = test::YearOf(2019);
  earlier.region = "330783002";
  earlier.divisions_on = answer->divisions_on;
  std::map<std::string, int> recorded_in;
  REQUIRE(WithSnapshot(*world.pool, [&](Snapshot& snapshot) -> absl::Status {
            ASSIGN_OR_RETURN(const ObjectPage page, DrillDown(snapshot, world.cubes, world.reference, earlier, "accepted", {}, 50));
            for (const CountedObject& object : page.objects) ++recorded_in[object.shares.at(0).region.ToString()];
            return absl::OkStatus();
          }).ok());
  CHECK(recorded_in == std::map<std::string, int>{{"330783001", 3}, {"330783002", 4}});
  CHECK(world.Ask(earlier)->totals.measures[0] == 7);

  // 2019 in its own divisions, and one that stands no longer, are as they were recorded.
  earlier.divisions_on.reset();
  CHECK(world.Ask(earlier)->totals.measures[0] == 4);
  earlier.region = "330783001";
  earlier.to = absl::CivilDay(2021, 12, 31);
  CHECK(world.Ask(earlier)->totals.measures[0] == 4);
}

TEST_CASE("figures of 即墨市 are asked under its code, and 即墨区 has them as its predecessor's (law F5)") {
  static const RegionTable table = [] {
    auto loaded = RegionTable::Load(SIFA_DATA "/regions");
    REQUIRE(loaded.ok());
    return *std::move(loaded);
  }();
  World world;
  world.reference.regions = &table;
  const auto open = [&](const char* day, const char* region, int count) {
    Case made;
    made.day = day;
    made.region = region;
    for (int i = 0; i < count; ++i) world.Open(made);
  };
  open("2016-05-10", "370282", 3);
  open("2017-05-10", "370282", 4);
  open("2017-12-10", "370215", 2);
  open("2018-05-10", "370215", 1);
  world.Settle();
  const auto asked = [&](const char* region, int year, std::optional<absl::CivilDay> divisions_on = std::nullopt) {
    Query query = test::YearOf(year);
    query.region = region;
    query.divisions_on = divisions_on;
    return world.Ask(query)->totals.measures[0];
  };
  CHECK(asked("370282", 2016) == 3);
  CHECK(asked("370282", 2016, absl::CivilDay(2024, 1, 1)) == 3);  // it does not stand: as it was recorded
  CHECK(asked("370215", 2016) == 3);  // it came later: in the divisions of the day on which it stood alone
  CHECK(asked("370215", 2016, absl::CivilDay(2016, 12, 31)) == 0);
  CHECK(asked("370282", 2017) == 4);  // in the year of the change both stand
  CHECK(asked("370215", 2017) == 2);
  CHECK(asked("370215", 2017, absl::CivilDay(2018, 1, 1)) == 6);
  CHECK(asked("370200", 2017) == 6);
  Query next = test::YearOf(2018);
  next.region = "370215";
  next.year_on_year = true;
  auto answer = world.Ask(next);
  REQUIRE(answer.ok());
  CHECK(answer->ChangeOf(answer->totals, *answer->totals.last_year, 0).previous == 6);

  // By county, in the divisions of each day; every row of a year adds up.
  Query county = test::YearOf(2016);
  county.region = "370200";
  county.group_by = {"region:3"};
  answer = world.Ask(county);
  REQUIRE(answer->rows.size() == 1);
  CHECK(answer->Key(answer->rows[0], 0) == "370282");
  county.divisions_on = absl::CivilDay(2018, 1, 1);
  answer = world.Ask(county);
  REQUIRE(answer->rows.size() == 1);
  CHECK(answer->Key(answer->rows[0], 0) == "370215");
  CHECK(answer->rows[0].measures[0] == 3);
}

TEST_CASE("what is read of one region alone is what the whole table says of it") {
  const auto table = RegionTable::Load(SIFA_DATA "/regions");
  REQUIRE(table.ok());
  const Divisions all(*table, absl::CivilDay(2024, 6, 1));
  for (const char* text :
       {"370000", "370200", "370215", "330783", "330600", "330603", "320613", "500000", "460000", "330111001"}) {
    const RegionCode region = Code(text);
    const Divisions own(*table, absl::CivilDay(2024, 6, 1), region);
    INFO(text);
    CHECK(own.Stands(region) == all.Stands(region));
    CHECK(own.CountedIn(region) == all.CountedIn(region));
    const auto moves = [&](const Divisions& divisions) {
      std::vector<std::tuple<RegionCode, RegionCode, bool>> found;
      for (const auto& move : divisions.Moves()) {
        const bool was_in = move.with.value_or(move.from).IsWithin(region);
        if (was_in || move.to.IsWithin(region)) found.emplace_back(move.from, move.to, was_in);
      }
      return found;
    };
    CHECK(moves(own) == moves(all));
  }
}

}  // namespace sifa::statistics
