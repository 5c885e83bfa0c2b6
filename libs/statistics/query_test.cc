#include "libs/statistics/query.h"

#include <catch2/catch.hpp>
#include <random>

#include "absl/strings/match.h"
#include "libs/core/status.h"
#include "libs/statistics/statistics_fixture.h"

namespace sifa::statistics {
namespace {

using test::Case;
using test::Must;
using test::World;
using test::YearOf;

Measures Accepted(int64_t accepted, int64_t succeeded = 0, int64_t amount = 0) {
  return {accepted, succeeded, amount};
}

// The figures without any counter: every case looked at.
std::map<std::vector<std::string>, Measures> Naive(const std::map<Id, Case>& cases, const Query& query) {
  std::map<std::vector<std::string>, Measures> sums;
  const std::string prefix = query.region.empty() ? "" : RegionCode::Parse(query.region)->Prefix();
  for (const auto& [id, each] : cases) {
    const std::map<std::string, std::string> values = {
        {"type", each.type},           {"source", each.source},          {"level", each.level},
        {"committee", each.committee}, {"month", each.day.substr(0, 7)}, {"year", each.day.substr(0, 4)},
        {"day", each.day},
        {"quarter_hour", absl::StrFormat("%s %02d:%02d", each.day, each.quarter_hour / 4, each.quarter_hour % 4 * 15)}};
    bool counts = each.day >= FormatDay(query.from) && each.day <= FormatDay(query.to);
    counts = counts && absl::StartsWith(each.region, prefix);
    counts = counts && (query.exact ? each.path == query.organisation_path
                                    : absl::StartsWith(each.path, query.organisation_path));
    for (const Filter& filter : query.filters) {
      counts =
          counts && std::count(filter.values.begin(), filter.values.end(), values.at(filter.dimension)) > 0;
    }
    if (!counts) continue;
    std::vector<std::string> keys;
    for (const std::string& group : query.group_by) {
      if (values.contains(group)) {
        keys.push_back(values.at(group));
      } else if (group == "organisation") {
        const size_t end = each.path.find('/', query.organisation_path.size());
        keys.push_back(end == std::string::npos ? each.path : each.path.substr(0, end + 1));
      } else {
        const size_t digits = group == "region:4" ? 9 : group == "region:5" ? 12 : 6;
        keys.push_back(each.region.size() < digits ? query.region : each.region.substr(0, digits));
      }
    }
    Measures& sum = sums[keys];
    sum[0] += each.accepted;
    sum[1] += each.succeeded;
    sum[2] += each.amount_fen;
  }
  std::erase_if(sums, [](const auto& cell) { return cell.second == Measures{}; });
  return sums;
}

std::map<std::vector<std::string>, Measures> Rows(const Result& result) {
  std::map<std::vector<std::string>, Measures> rows;
  for (const ResultRow& row : result.rows) rows[test::KeysOf(result, row)] = row.measures;
  if (result.rows.empty() && result.totals.measures != Measures{}) rows[{}] = result.totals.measures;
  return rows;
}

class Random {
 public:
  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(engine_); }
  template <class T>
  T Pick(std::initializer_list<T> list) {
    return *(list.begin() + Below(static_cast<int>(list.size())));
  }

  explicit Random(const char* cube = "mediation.cases") : cube_(cube) {}

  Case MakeCase() {
    Case made;
    made.cube = cube_;
    if (made.cube == "mediation.quarters") made.quarter_hour = Below(96);
    made.day = absl::StrFormat("%04d-%02d-%02d", 2025 + Below(2), 1 + Below(12), 1 + Below(28));
    const std::string town = absl::StrFormat("33078300%d", 1 + Below(4));
    switch (Below(6)) {
      case 0:  // at the county itself
        made.region = "330783";
        made.path = test::kBureau;
        break;
      case 1:  // an office of a development zone, in no division
        made.region = "";
        made.path = "/33/3307/330783/DEV1/";
        break;
      case 2:  // another county
        made.region = "330782002";
        made.path = "/33/3307/330782/330782002/";
        break;
      case 3:
        made.region = town;
        made.path = absl::StrCat(test::kBureau, town, "/");
        break;
      default:
        made.region = absl::StrCat(town, 201 + Below(3));
        made.path = absl::StrCat(test::kBureau, town, "/", made.region, "/");
    }
    Reclassify(&made);
    return made;
  }
  void Reclassify(Case* made) {
    made->type = Pick<std::string>({"01", "02", "1001", "13", "99"});
    made->source = Pick<std::string>({"1", "2", "31"});
    made->level = Pick<std::string>({"1", "2", "3"});
    made->committee = Pick<std::string>({"1", "3"});
    made->succeeded = Below(2);
    made->amount_fen = Below(1000000);
  }
  Query MakeQuery() {
    Query query = YearOf(2026);
    query.cube = cube_;
    query.from = absl::CivilDay(2025 + Below(2), 1 + Below(12), Pick({1, 1, 11}));
    query.to = absl::CivilDay(absl::CivilMonth(query.from) + 1 + Below(14)) - Pick({1, 1, 9});
    if (Below(2) == 0) {
      query.region = Pick<std::string>({"330000", "330700", "330783", "330783", "330783002", "330783002201"});
    } else {
      query.region = "";
      query.organisation_path =
          Pick<std::string>({"/33/", "/33/3307/", test::kBureau, "/33/3307/330783/330783002/",
                             "/33/3307/330783/DEV1/", "/33/3307/330783/330783002/330783002202/"});
      query.exact = Below(4) == 0;
    }
    for (const char* group : {"month", "type", "source", "level"}) {
      if (Below(3) == 0) query.group_by.push_back(group);
    }
    const bool by_month = !query.group_by.empty() && query.group_by[0] == "month";
    if (Below(6) == 0 && query.group_by.empty()) query.group_by.push_back("year");
    else if (Below(4) == 0 && !by_month) query.group_by.push_back("day");
    else if (Below(3) == 0 && !by_month && query.cube == "mediation.quarters") query.group_by.push_back("quarter_hour");
    if (Below(2) == 0 && query.region == "330783")
      query.group_by.push_back(Pick<std::string>({"region:4", "region:5"}));
    if (Below(2) == 0 && query.region.empty()) query.group_by.push_back("organisation");
    if (Below(3) == 0) query.filters.push_back({"type", {"01", "13"}});
    if (Below(4) == 0) query.filters.push_back({"committee", {"3"}});
    return query;
  }

 private:
  const std::string cube_;
  std::mt19937 engine_{20260601};
};

}  // namespace

TEST_CASE("every question gets the figures that looking at each case gives, now and as of a past position") {
  World world;
  Random random(GENERATE("mediation.cases", "mediation.days", "mediation.quarters"));
  std::vector<Id> ids;
  for (int i = 0; i < 1200; ++i) ids.push_back(world.Open(random.MakeCase()));
  if (GENERATE(false, true)) world.KeepSnapshotAt(world.Settle());  // nearer to what is asked for than now
  for (int i = 0; i < 300; ++i) {
    Case changed = world.cases().at(ids[i]);
    random.Reclassify(&changed);
    world.Change(ids[i], changed);
  }
  const int64_t then = world.Settle();
  CHECK(then == 1500);
  const std::map<Id, Case> cases_then = world.cases();
  for (int i = 200; i < 500; ++i) {
    Case changed = world.cases().at(ids[i]);
    random.Reclassify(&changed);
    world.Change(ids[i], changed);
  }
  for (int i = 450; i < 600; ++i) world.Void(ids[i]);
  const int64_t now = world.Settle();
  CHECK(now == 1950);

  int not_empty = 0;
  for (int i = 0; i < 400; ++i) {
    Query query = random.MakeQuery();
    const auto result = world.Ask(query);
    REQUIRE(result.ok());
    CHECK(result->position == now);
    INFO("region " << query.region << " path " << query.organisation_path << " exact " << query.exact
                   << " from " << FormatDay(query.from) << " to " << FormatDay(query.to) << " by "
                   << absl::StrJoin(query.group_by, ","));
    const auto rows = Rows(*result);
    not_empty += !rows.empty();
    REQUIRE(rows == Naive(world.cases(), query));
    Measures sum{};
    for (const auto& [keys, measures] : rows) {
      for (size_t m = 0; m < kMostMeasures; ++m) sum[m] += measures[m];
    }
    REQUIRE(sum == result->totals.measures);

    query.as_of = then;
    const auto past = world.Ask(query);
    REQUIRE(past.ok());
    REQUIRE(Rows(*past) == Naive(cases_then, query));
  }
  CHECK(not_empty > 250);
}

TEST_CASE("a cube that keeps days answers for part of a month, and one that keeps quarter-hours for each, without its ledger") {
  World world;
  const char* cube = GENERATE("mediation.days", "mediation.quarters");
  for (int day = 1; day <= 28; ++day) {
    Case made;
    made.cube = cube;
    made.day = absl::StrFormat("2026-02-%02d", day);
    if (made.cube == "mediation.quarters") made.quarter_hour = day;
    world.Open(made);
  }
  world.Settle();
  world.Execute("DELETE FROM statistics_contribution");
  Query query = YearOf(2026);
  query.cube = cube;
  query.from = absl::CivilDay(2026, 2, 3);
  query.to = absl::CivilDay(2026, 2, 7);
  query.group_by = {"type"};
  CHECK(world.Ask(query)->totals.measures[0] == 5);
  query.group_by = {"day"};
  query.complete = true;
  CHECK(world.Ask(query)->rows.size() == 5);
  query.group_by = {"quarter_hour"};
  const auto quarters = world.Ask(query);
  if (query.cube == "mediation.days") {
    CHECK(ReasonOf(quarters.status()) == "GROUP_INVALID");
    return;
  }
  REQUIRE(quarters->rows.size() == 5 * 96);
  CHECK(test::KeysOf(*quarters, quarters->rows[3])[0] == "2026-02-03 00:45");
  CHECK(quarters->rows[3].measures[0] == 1);
  CHECK(quarters->rows[4].measures[0] == 0);
}

TEST_CASE("what is remembered, with what has come since, is what reading all anew gives") {
  World world;
  Random random(GENERATE("mediation.cases", "mediation.quarters"));
  std::vector<Id> ids;
  std::vector<Query> queries;
  for (int i = 0; i < 120; ++i) {
    queries.push_back(random.MakeQuery());
    queries.back().year_on_year = i % 4 == 0;
    const auto& groups = queries.back().group_by;
    queries.back().month_on_month = i % 5 == 0 && std::count(groups.begin(), groups.end(), "year") == 0;
  }
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 200; ++i) ids.push_back(world.Open(random.MakeCase()));
    for (int i = 0; i < 30 * round; ++i) {
      Case changed = world.cases().at(ids[200 * round + i]);
      random.Reclassify(&changed);
      world.Change(ids[200 * round + i], changed);
    }
    for (int i = 0; i < 20; ++i) world.Void(ids[200 * round + 150 + i]);
    world.Settle();
    for (const Query& query : queries) {
      const auto result = world.Ask(query);
      REQUIRE(result.ok());
      if (!query.year_on_year && !query.month_on_month) REQUIRE(Rows(*result) == Naive(world.cases(), query));
      Must(WithSnapshot(*world.pool, [&](Snapshot& snapshot) -> absl::Status {
        ASSIGN_OR_RETURN(const Result fresh, RunQuery(snapshot, world.cubes, world.reference, query));
        REQUIRE(fresh.position == result->position);
        REQUIRE(Rows(fresh) == Rows(*result));
        REQUIRE(fresh.rows.size() == result->rows.size());
        for (size_t i = 0; i < fresh.rows.size(); ++i) {
          const ResultRow &a = fresh.rows[i], &b = result->rows[i];
          REQUIRE(test::KeysOf(fresh, a) == test::KeysOf(*result, b));
          REQUIRE((!a.last_year || *a.last_year == *b.last_year));
          REQUIRE((!a.period_before || *a.period_before == *b.period_before));
        }
        return absl::OkStatus();
      }));
    }
  }
}

TEST_CASE("a look at the figures taken before does not see what is remembered from later") {
  World world;
  world.Open({});
  const int64_t before = world.Settle();
  const Query query = YearOf(2026);
  Must(WithSnapshot(*world.pool, [&](Snapshot& snapshot) -> absl::Status {
    world.Open({});
    world.Settle();
    CHECK(world.Ask(query)->totals.measures[0] == 2);
    ASSIGN_OR_RETURN(const Result then, RunQuery(snapshot, world.cubes, world.reference, query, &world.remembered));
    CHECK(then.position == before);
    CHECK(then.totals.measures[0] == 1);
    return absl::OkStatus();
  }));
  CHECK(world.Ask(query)->totals.measures[0] == 2);
}

TEST_CASE("the tables asked for last are remembered, within the room that there is") {
  Remembered remembered(400);
  const auto table = [](int64_t position, uint32_t cells) {
    auto made = std::make_shared<CellTable>();
    made->position = position;
    for (uint32_t i = 0; i < cells; ++i) made->cells[{i}] = Accepted(1);
    return made;
  };
  remembered.Keep("large", table(1, 101));
  CHECK(remembered.Find("large") == nullptr);
  for (const char* name : {"a", "b", "c", "d"}) remembered.Keep(name, table(1, 100));
  CHECK(remembered.Find("a") != nullptr);
  remembered.Keep("e", table(1, 1));
  CHECK(remembered.Find("a") != nullptr);
  CHECK(remembered.Find("b") == nullptr);
  remembered.Keep("e", table(3, 1));
  remembered.Keep("e", table(2, 1));
  CHECK(remembered.Find("e")->position == 3);
}

TEST_CASE("a division has what was recorded in those that went into it, whichever way its figures are read") {
  const auto regions = RegionTable::Parse({{
      "code,name,valid_to,successor\n330000,浙江省,,\n330700,金华市,,\n330782,义乌市,,\n330783,东阳市,,\n"
      "330783001,甲镇,2025-08-31,330783002\n"            // into its neighbour
      "330783002,乙镇,,\n330783003,丙镇,,\n"
      "330782002,丁镇,2025-12-31,330783003\n"            // of another county
      "330783004,戊镇,2026-03-31,330783002/330783003\n"  // to two: what they have in common is the county
      "330783002202,己村,2026-05-31,330783003201\n330783003201,庚村,,\n"}});
  REQUIRE(regions.ok());
  const auto counts_in = [](const std::string& code, const std::string& day) -> std::string {
    if (day > "2025-08-31" && absl::StartsWith(code, "330783001")) return "330783002";
    if (day > "2025-12-31" && absl::StartsWith(code, "330782002")) return "330783003";
    if (day > "2026-03-31" && absl::StartsWith(code, "330783004")) return "330783";
    return day > "2026-05-31" && code == "330783002202" ? "330783003201" : code;
  };
  World world;
  world.reference.regions = &*regions;
  Random random;
  std::vector<Id> ids;
  for (int i = 0; i < 1000; ++i) ids.push_back(world.Open(random.MakeCase()));
  const int64_t then = world.Settle();
  world.KeepSnapshotAt(then);
  const std::map<Id, Case> cases_then = world.cases();
  for (int i = 0; i < 300; ++i) world.Void(ids[i]);
  world.Settle();
  for (int i = 0; i < 400; ++i) {
    Query query = random.MakeQuery();
    if (i % 3 == 0) query.divisions_on = absl::CivilDay(2025 + i % 2, 10, 1);
    const auto told = [&](std::map<Id, Case> cases) {
      for (auto& [id, each] : cases) {
        if (!query.region.empty()) each.region = counts_in(each.region, FormatDay(query.divisions_on.value_or(query.to)));
      }
      return Naive(cases, query);
    };
    INFO("region " << query.region << " from " << FormatDay(query.from) << " to " << FormatDay(query.to) << " by "
                   << absl::StrJoin(query.group_by, ","));
    const auto now = world.Ask(query);
    REQUIRE(now.ok());
    REQUIRE(Rows(*now) == told(world.cases()));
    query.as_of = then;
    const auto past = world.Ask(query);
    REQUIRE(past.ok());
    REQUIRE(Rows(*past) == told(cases_then));
  }
}

TEST_CASE("黄石 2016-08: the monthly table, with 同比 and 环比, from 869 cases") {
  World world;
  const char* codes[] = {"01", "02", "03", "04", "05", "06", "07", "08",
                         "09", "10", "11", "12", "13", "14", "99"};
  const int types[] = {160, 278, 67, 44, 31, 76, 18, 28, 4, 13, 7, 55, 33, 1, 54};
  const auto open = [&](const char* day, int count, int succeeded) {
    Case made;
    made.day = day;
    made.region = "420202001";
    made.path = "/42/4202/420202/420202001/";
    int type = 0, left = types[0];
    for (int i = 0; i < count; ++i) {
      while (left == 0 && type + 1 < static_cast<int>(std::size(types))) left = types[++type];
      --left;
      made.type = codes[type];
      made.source = i < 455 ? "1" : i < 455 + 378 ? "2" : "3";
      made.succeeded = i < succeeded;
      world.Open(made);
    }
  };
  open("2016-08-15", 869, 842);
  open("2015-08-31", 1028, 1000);
  open("2016-07-01", 840, 800);
  world.Settle();

  Query query = YearOf(2016);
  query.from = absl::CivilDay(2016, 8, 1);
  query.to = absl::CivilDay(2016, 8, 31);
  query.region = "420200";
  query.group_by = {"type"};
  query.decimals = 1;
  query.year_on_year = query.month_on_month = true;
  const auto result = world.Ask(query);
  REQUIRE(result.ok());
  REQUIRE(result->rows.size() == 15);
  CHECK(result->totals.measures == Accepted(869, 842));
  CHECK(result->RatioOf(result->totals, result->totals.measures, 0).value == "96.9");
  CHECK(result->ChangeOf(result->totals, *result->totals.last_year, 0).previous == 1028);
  CHECK(result->ChangeOf(result->totals, *result->totals.last_year, 0).percent == "-15.5");
  CHECK(result->ChangeOf(result->totals, *result->totals.period_before, 0).difference == 29);
  CHECK(result->ChangeOf(result->totals, *result->totals.period_before, 0).percent == "3.5");
  CHECK(result->Key(result->rows[0], 0) == "01");
  CHECK(result->ShareOf(result->rows[0]).value == "18.4");
  CHECK(result->ShareOf(result->rows[1]).value == "32.0");
  CHECK(result->ShareOf(result->rows[14]).value == "6.2");

  // A filter on the classes does not make the whole smaller.
  query.filters = {{"type", {"02"}}};
  const auto one = world.Ask(query);
  REQUIRE(one->rows.size() == 1);
  CHECK(one->ShareOf(one->rows[0]).value == "32.0");
  CHECK(one->ShareOf(one->rows[0]).denominator == 869);

  query.filters.clear();
  query.group_by = {"source"};
  const auto sources = world.Ask(query);
  REQUIRE(sources->rows.size() == 3);
  CHECK(sources->ShareOf(sources->rows[0]).value == "52.4");
  CHECK(sources->ShareOf(sources->rows[1]).value == "43.5");
  CHECK(sources->ShareOf(sources->rows[2]).value == "4.1");
}

TEST_CASE("month by month, each month is compared with the one before and with that of last year") {
  World world;
  const auto open = [&](const char* day, int count) {
    Case made;
    made.day = day;
    for (int i = 0; i < count; ++i) world.Open(made);
  };
  open("2025-01-20", 4);
  open("2025-12-20", 5);
  open("2026-01-20", 6);
  open("2026-02-20", 3);
  world.Settle();
  Query query = YearOf(2026);
  query.to = absl::CivilDay(2026, 3, 31);
  query.group_by = {"month"};
  query.year_on_year = query.month_on_month = true;
  const auto result = world.Ask(query);
  REQUIRE(result.ok());
  REQUIRE(result->rows.size() == 3);
  CHECK(result->Key(result->rows[0], 0) == "2026-01");
  CHECK(result->ChangeOf(result->rows[0], *result->rows[0].last_year, 0).percent == "50.0");
  CHECK(result->ChangeOf(result->rows[0], *result->rows[0].period_before, 0).percent == "20.0");
  CHECK(result->ChangeOf(result->rows[1], *result->rows[1].period_before, 0).percent == "-50.0");
  CHECK(result->ChangeOf(result->rows[1], *result->rows[1].last_year, 0).percent == "—");
  CHECK(result->rows[2].measures == Accepted(0));  // nothing in March: said, not left out
  CHECK(result->ChangeOf(result->rows[2], *result->rows[2].period_before, 0).percent == "-100.0");
  query.group_by = {"year"};
  CHECK(ReasonOf(world.Ask(query).status()) == "GROUP_INVALID");
}

TEST_CASE("环比 of a reporting month that closes on the 25th is with the one that closed a month before") {
  World world;
  const auto open = [&](const char* day, int count) {
    Case made;
    made.day = day;
    for (int i = 0; i < count; ++i) world.Open(made);
  };
  open("2025-09-25", 7);  // of an earlier period
  open("2025-09-26", 2);
  open("2025-10-25", 2);
  open("2025-10-26", 3);
  open("2025-11-25", 3);
  world.Settle();
  Query query = YearOf(2025);
  query.from = absl::CivilDay(2025, 10, 26);
  query.to = absl::CivilDay(2025, 11, 25);
  query.month_on_month = true;
  const auto result = world.Ask(query);
  REQUIRE(result.ok());
  CHECK(result->period_before->from == absl::CivilDay(2025, 9, 26));
  CHECK(result->period_before->to == absl::CivilDay(2025, 10, 25));
  CHECK(result->ChangeOf(result->totals, *result->totals.period_before, 0).previous == 4);
  CHECK(result->ChangeOf(result->totals, *result->totals.period_before, 0).percent == "50.0");
}

TEST_CASE("classes are summed under what their code table says") {
  World world;
  const auto codes = CodeTables::Load(CODE_TABLES);
  REQUIRE(codes.ok());
  world.reference.codes = &*codes;
  for (const char* type : {"01", "02", "1001", "1099", "10", "13", "99"}) {
    Case made;
    made.type = type;
    world.Open(made);
  }
  world.Settle();
  Query query = YearOf(2026);
  query.group_by = {"type:group"};
  auto result = world.Ask(query);
  REQUIRE(result.ok());
  REQUIRE(result->rows.size() == 3);
  CHECK(result->Key(result->rows[0], 0) == "A");
  CHECK(result->rows[0].measures[0] == 2);
  CHECK(result->Key(result->rows[1], 0) == "C");
  CHECK(result->rows[1].measures[0] == 4);
  query.group_by = {"type:parent"};
  query.filters = {{"type:parent", {"10"}}};
  result = world.Ask(query);
  REQUIRE(result->rows.size() == 1);
  CHECK(result->Key(result->rows[0], 0) == "10");
  CHECK(result->rows[0].measures[0] == 3);
}

TEST_CASE("a complete table has each month and each class of the form, also where there is nothing") {
  const auto codes = CodeTables::Load(CODE_TABLES);
  REQUIRE(codes.ok());
  const auto regions = RegionTable::Parse({"code,name\n330783,东阳市\n330783001,甲镇\n330783002,乙镇\n"});
  REQUIRE(regions.ok());
  World world;
  world.reference.codes = &*codes;
  world.reference.regions = &*regions;
  Query query = YearOf(2026);
  query.complete = true;
  query.group_by = {"type"};
  CHECK(world.Ask(query)->rows.size() == 15);  // law §3.6: fifteen types
  test::Case made;
  made.day = "2026-03-05";
  made.type = "1001";  // a leaf has a row of its own where there is something
  made.region = "330783001";
  world.Open(made);
  world.Settle();
  CHECK(world.Ask(query)->rows.size() == 16);
  query.group_by = {"month", "type:parent"};
  auto result = world.Ask(query);
  REQUIRE(result.ok());
  CHECK(result->rows.size() == 12 * 15);
  CHECK(test::KeysOf(*result, result->rows[0]) == std::vector<std::string>{"2026-01", "01"});
  CHECK(result->totals.measures[0] == 1);
  query.group_by = {"region"};
  result = world.Ask(query);
  REQUIRE(result->rows.size() == 2);
  CHECK(result->Key(result->rows[1], 0) == "330783002");
  CHECK(result->rows[1].measures[0] == 0);
  query.group_by = {"type"};
  query.filters = {{"type", {"01", "02"}}};
  CHECK(world.Ask(query)->rows.size() == 2);
}

TEST_CASE("a question that cannot be answered is refused with its field") {
  const auto codes = CodeTables::Load(CODE_TABLES);
  REQUIRE(codes.ok());
  World world;
  world.reference.codes = &*codes;
  world.Open({});
  world.Settle();
  const auto reason = [&](const std::function<void(Query*)>& spoil) {
    Query query = YearOf(2026);
    spoil(&query);
    return ReasonOf(world.Ask(query).status());
  };
  CHECK(reason([](Query* q) { q->cube = "mediation.none"; }) == "CUBE_UNKNOWN");
  CHECK(reason([](Query* q) { q->to = q->from - 1; }) == "PERIOD_INVALID");
  CHECK(reason([](Query* q) { q->from = absl::CivilDay(1990, 1, 1); }) == "PERIOD_INVALID");
  CHECK(reason([](Query* q) { q->region = "3307"; }) == "REGION_CODE_MALFORMED");
  CHECK(reason([](Query* q) { q->region = ""; }) == "PLACE_MISSING");
  CHECK(reason([](Query* q) { q->group_by = {"colour"}; }) == "DIMENSION_UNKNOWN");
  CHECK(reason([](Query* q) { q->group_by = {"type", "type"}; }) == "GROUP_INVALID");
  CHECK(reason([](Query* q) { q->group_by = {"region:9"}; }) == "GROUP_INVALID");
  CHECK(reason([](Query* q) { q->group_by = {"region:2"}; }) == "GROUP_INVALID");
  CHECK(reason([](Query* q) { q->group_by = {"month", "year"}; }) == "GROUP_INVALID");
  CHECK(reason([](Query* q) { q->group_by = {"day", "month"}; }) == "GROUP_INVALID");
  CHECK(reason([](Query* q) { q->group_by = {"quarter_hour"}; }) == "GROUP_INVALID");
  CHECK(reason([](Query* q) { q->filters = {{"type", {}}}; }) == "FILTER_EMPTY");
  CHECK(reason([](Query* q) { q->filters = {{"type", {"77"}}}; }) == "CODE_UNKNOWN");
  CHECK(reason([](Query* q) { q->filters = {{"type:group", {"A", "Z"}}}; }) == "CODE_UNKNOWN");
  CHECK(reason([](Query* q) { q->as_of = 2; }) == "POSITION_AHEAD");
  CHECK(reason([](Query* q) { q->decimals = 7; }) == "DECIMALS_INVALID");
}

}  // namespace sifa::statistics
