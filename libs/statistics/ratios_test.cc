#include "libs/statistics/ratios.h"

#include <catch2/catch.hpp>

#include "libs/core/status.h"
#include "libs/statistics/place.h"
#include "libs/statistics/query.h"
#include "libs/statistics/reach.h"
#include "libs/statistics/statistics_fixture.h"

namespace sifa::statistics {
namespace {

using test::kCases;

Measures Counted(int64_t accepted, int64_t succeeded = 0) { return {accepted, succeeded, 0}; }

std::string Success(int64_t succeeded, int64_t accepted, int decimals) {
  return MakeRatio(kCases, kCases.ratios[0], Counted(accepted, succeeded), nullptr, decimals).value;
}
std::string ShareOf(int64_t part, int64_t whole, int decimals) {
  return MakeShare(kCases, Counted(part), whole, decimals).value;
}

}  // namespace

TEST_CASE("调解成功率 has the accepted cases as its denominator, and says so") {
  CHECK(Success(842, 869, 1) == "96.9");
  CHECK(Success(7531, 7549, 2) == "99.76");
  CHECK(Success(6217, 6368, 1) == "97.6");
  CHECK(Success(0, 0, 1) == "—");
  const RatioValue value = MakeRatio(kCases, kCases.ratios[0], Counted(869, 842), nullptr, std::nullopt);
  CHECK(value.numerator == 842);
  CHECK(value.denominator == 869);
  const Explanation how = Explain(kCases, kCases.ratios[0], value, nullptr);
  CHECK(how.formula == "调解成功件数 842 ÷ 受理件数 869 × 100");
  CHECK(how.source == "law 3.7: 分母为受理件数");
}

TEST_CASE("黄石 2016-08: the shares of types and sources are those published") {
  const int64_t types[] = {160, 278, 67, 44, 31, 76, 18, 28, 4, 13, 7, 55, 33, 1, 54};
  const char* published[] = {"18.4", "32.0", "7.7", "5.1", "3.6", "8.7", "2.1", "3.2",
                             "0.5",  "1.5",  "0.8", "6.3", "3.8", "0.1", "6.2"};
  for (size_t i = 0; i < std::size(types); ++i) CHECK(ShareOf(types[i], 869, 1) == published[i]);
  CHECK(ShareOf(455, 869, 1) == "52.4");
  CHECK(ShareOf(378, 869, 1) == "43.5");
  CHECK(ShareOf(36, 869, 1) == "4.1");
}

TEST_CASE("黄石 2016-08: 同比 −15.5 % against 1,028, 环比 +3.5 % against 840") {
  CHECK(MakeChange(869, 1028, 1).difference == -159);
  CHECK(MakeChange(869, 1028, 1).percent == "-15.5");
  CHECK(MakeChange(869, 840, 1).difference == 29);
  CHECK(MakeChange(869, 840, 1).percent == "3.5");
  CHECK(MakeChange(5, 0, 1).percent == "—");
}

TEST_CASE("内蒙古 2017: 34.9, 34.2 and 19.8 % leave 11.1 % to the other types") {
  CHECK(ShareOf(1000 - 349 - 342 - 198, 1000, 1) == "11.1");
}

TEST_CASE("国家统计年鉴 23-9, 2011: the shares of four types in 8,935,341 cases") {
  CHECK(ShareOf(1761612, 8935341, 1) == "19.7");
  CHECK(ShareOf(614109, 8935341, 1) == "6.9");
  CHECK(ShareOf(2043793, 8935341, 1) == "22.9");
  CHECK(ShareOf(727803, 8935341, 1) == "8.1");
}

TEST_CASE("东阳 2021: halves round up, 万人化解率 is 69.39 件/万人") {
  CHECK(ShareOf(5508, 7549, 2) == "72.96");
  CHECK(ShareOf(1289, 7549, 2) == "17.08");  // 17.0751
  CHECK(ShareOf(752, 7549, 2) == "9.96");
  const auto population = Population::Load(POPULATION_CSV);
  REQUIRE(population.ok());
  const auto people = population->Find(*RegionCode::Parse("330783"), 2021);
  REQUIRE(people != nullptr);
  CHECK(people->population == 1087950);
  const RatioValue rate = MakeRatio(kCases, kCases.ratios[1], Counted(7549, 7531), people, std::nullopt);
  CHECK(rate.value == "69.39");
  const Explanation how = Explain(kCases, kCases.ratios[1], rate, people);
  CHECK(how.unit == "件/万人");
  CHECK(how.formula == "受理件数 7549 ÷ 常住人口 1087950（第七次全国人口普查，2020年） × 10000");
  CHECK(MakeRatio(kCases, kCases.ratios[1], Counted(7549), nullptr, std::nullopt).value == "—");
}

TEST_CASE("the population of a year is that of the last count before it") {
  const auto population =
      Population::Parse("region,year,population,source\n330783,2010,804398,六普\n330783,2020,1087950,七普\n");
  REQUIRE(population.ok());
  const RegionCode dongyang = *RegionCode::Parse("330783");
  CHECK(population->Find(dongyang, 2019)->year == 2010);
  CHECK(population->Find(dongyang, 2020)->year == 2020);
  CHECK(population->Find(dongyang, 2000)->year == 2010);
  CHECK(population->Find(*RegionCode::Parse("330700"), 2020) == nullptr);
  CHECK_FALSE(Population::Parse("region,year,population,source\n330783,2010,-5,x\n").ok());
}

TEST_CASE("a period is compared with whole months where it is whole months") {
  const auto before = MonthsBefore({absl::CivilDay(2026, 3, 1), absl::CivilDay(2026, 3, 31)}, 1);
  CHECK(before.from == absl::CivilDay(2026, 2, 1));
  CHECK(before.to == absl::CivilDay(2026, 2, 28));
  const auto leap = YearBefore({absl::CivilDay(2025, 2, 1), absl::CivilDay(2025, 2, 28)});
  CHECK(leap.to == absl::CivilDay(2024, 2, 29));
  const auto ragged = YearBefore({absl::CivilDay(2021, 1, 1), absl::CivilDay(2021, 12, 5)});
  CHECK(ragged.from == absl::CivilDay(2020, 1, 1));
  CHECK(ragged.to == absl::CivilDay(2020, 12, 5));
  CHECK(MonthsBefore({absl::CivilDay(2026, 3, 29), absl::CivilDay(2026, 3, 30)}, 1).to ==
        absl::CivilDay(2026, 2, 28));
  const auto last_day = MonthsBefore({absl::CivilDay(2025, 4, 30), absl::CivilDay(2025, 4, 30)}, 1);
  CHECK(last_day.from == last_day.to);  // one day with one day
}

TEST_CASE("环比: a reporting month that spans two months of the calendar is compared with the reporting month before it") {
  const auto before = [](const char* from, const char* to) {
    Period period;
    REQUIRE((ParseDay(from, &period.from) && ParseDay(to, &period.to)));
    const Period earlier = PeriodBefore(period);
    return FormatDay(earlier.from) + ".." + FormatDay(earlier.to);
  };
  CHECK(before("2026-10-26", "2026-11-25") == "2026-09-26..2026-10-25");
  CHECK(before("2026-10-15", "2026-11-14") == "2026-09-15..2026-10-14");
  CHECK(before("2025-12-16", "2026-03-15") == "2025-09-16..2025-12-15");
  CHECK(before("2025-12-26", "2026-12-25") == "2024-12-26..2025-12-25");
  CHECK(before("2026-02-26", "2026-03-25") == "2026-01-26..2026-02-25");
  CHECK(before("2026-01-30", "2026-02-28") == "2025-12-30..2026-01-29");  // a month from the 30th to the 29th
  CHECK(before("2026-10-26", "2026-11-10") == "2026-09-26..2026-10-10");  // not yet over
  CHECK(before("2026-10-05", "2026-11-20") == "2026-08-05..2026-09-20");
  CHECK(before("2026-03-01", "2026-03-31") == "2026-02-01..2026-02-28");
  CHECK(before("2026-04-01", "2026-06-30") == "2026-01-01..2026-03-31");
  CHECK(before("2026-01-01", "2026-12-31") == "2025-01-01..2025-12-31");
  CHECK(before("2026-11-01", "2026-11-25") == "2026-10-01..2026-10-25");
}

TEST_CASE("a contribution counts in each division and each organisation above it") {
  const auto keys = [](absl::string_view region, absl::string_view path) {
    std::vector<std::string> made;
    for (const Place& place : PlacesOf(RegionCode::Parse(region).value_or(RegionCode()), path))
      made.push_back(place.key);
    return made;
  };
  CHECK(keys("330783001203", "/33/3307/330783/330783001/330783001203/") ==
        std::vector<std::string>{"5330783001203", "4330783001", "3330783", "23307", "133", "d/33/3307/330783/330783001/",
                                 "c/33/3307/330783/", "b/33/3307/", "a/33/"});
  CHECK(keys("429004", "/42/429004/") == std::vector<std::string>{"3429004", "142", "b/42/429004/", "a/42/"});
  CHECK(keys("", "33/3307").empty());
}

TEST_CASE("a division's figures need a grant at its office or above, one's own organisation's only that") {
  const auto ask = [](const std::vector<std::string>& scopes, absl::string_view region,
                      absl::string_view path) {
    Query query = test::YearOf(2026);
    query.region = std::string(region);
    query.organisation_path = std::string(path);
    const absl::Status status = BoundToReach(scopes, nullptr, &query);
    return status.ok() ? absl::StrCat(query.organisation_path, query.exact ? "=" : "") : ReasonOf(status);
  };
  const std::vector<std::string> bureau = {"/33/3307/330783/"}, office = {"/33/3307/330783/330783001/"};
  CHECK(ask(bureau, "330783", "") == "");
  CHECK(ask(bureau, "330783001203", "") == "");
  CHECK(ask(bureau, "330700", "") == "STATISTICS_OUT_OF_REACH");
  CHECK(ask(bureau, "330782", "") == "STATISTICS_OUT_OF_REACH");
  CHECK(ask(office, "330783001", "") == "");
  CHECK(ask(office, "330783", "") == "STATISTICS_OUT_OF_REACH");
  CHECK(ask({"/33/"}, "330783", "") == "");
  CHECK(ask({"=/33/3307/330783/"}, "330783", "") == "STATISTICS_OUT_OF_REACH");
  CHECK(ask({"/33/3307/330783/DEV1/"}, "330783", "") ==
        "STATISTICS_OUT_OF_REACH");  // an office without a code
  CHECK(ask(bureau, "", "/33/3307/330783/330783001/") == "/33/3307/330783/330783001/");
  CHECK(ask(office, "", "/33/3307/330783/") == "STATISTICS_OUT_OF_REACH");
  CHECK(ask({"=/33/3307/330783/"}, "", "/33/3307/330783/") == "/33/3307/330783/=");
  CHECK(ask(office, "", "") == "/33/3307/330783/330783001/");
  CHECK(ask({}, "", "") == "PLACE_MISSING");
  CHECK(ask({}, "330783", "") == "STATISTICS_OUT_OF_REACH");
}

}  // namespace sifa::statistics
