#include "libs/statistics/rates.h"

#include <catch2/catch.hpp>

#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/statistics/statistics_fixture.h"

namespace sifa::statistics {
namespace {

using test::Case;
using test::World;

// Three there since December and one since January, four that came in January, and two finished in it.
struct Year {
  Year() {
    const auto open = [&](const char* cube, const char* day, const char* type, bool succeeded = false) {
      Case made;
      made.cube = cube;
      made.day = day;
      made.type = type;
      made.succeeded = succeeded;
      absl::CivilDay on;
      ParseDay(day, &on);
      world.clock.Set(absl::CivilSecond(on) + 9 * 3600);  // a stock is moved on the day of the act
      world.Open(made);
    };
    for (const char* day : {"2025-12-01", "2025-12-31", "2025-12-31", "2026-01-01"}) open("mediation.stock", day, "01");
    for (const char* type : {"01", "01", "02", "02"}) open("mediation.cases", "2026-01-31", type);
    for (const char* type : {"01", "02"}) open("mediation.days", "2026-01-15", type, true);
    open("mediation.cases", "2026-02-01", "01");
    world.Settle();
  }
  RateTable Ask(const std::vector<std::string>& group_by, absl::CivilDay from = absl::CivilDay(2026, 1, 1)) {
    Query query;
    query.from = from;
    query.to = absl::CivilDay(2026, 1, 31);
    query.region = "330783";
    query.group_by = group_by;
    RateTable table;
    const absl::Status status = WithSnapshot(*world.pool, [&](Snapshot& snapshot) -> absl::Status {
      ASSIGN_OR_RETURN(table, RunRates(snapshot, world.cubes, {}, query));
      return absl::OkStatus();
    });
    reason = ReasonOf(status);
    return table;
  }
  World world;
  std::string reason;
};

}  // namespace

TEST_CASE("law 2.8: a rate divides by those who were there when the period began and those who came in it") {
  Year year;
  const RateTable table = year.Ask({});
  REQUIRE(table.columns.size() == 1);
  CHECK(table.rows.empty());
  const RateValue& value = table.totals.values[0];
  CHECK(value.numerator == std::vector<int64_t>{2});
  CHECK(value.denominator == std::vector<int64_t>{3, 4});
  CHECK(value.value == "28.57");
  CHECK(FormulaOf(table.columns[0], value) == "调解成功件数 2 ÷ （受理件数（2025-12-31） 3 + 受理件数 4） × 100");
}

TEST_CASE("rates are told by class too, also of a class that stands in one of the parts only; not by time") {
  Year year;
  const RateTable table = year.Ask({"type"});
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].keys == std::vector<std::string>{"01"});
  CHECK(table.rows[0].values[0].denominator == std::vector<int64_t>{3, 2});
  CHECK(table.rows[1].values[0].denominator == std::vector<int64_t>{0, 2});
  CHECK(table.rows[1].values[0].value == "50.00");
  year.Ask({"month"});
  CHECK(year.reason == "GROUP_INVALID");
}

}  // namespace sifa::statistics
