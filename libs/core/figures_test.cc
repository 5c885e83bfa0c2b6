#include <catch2/catch.hpp>
#include <numeric>
#include <vector>

#include "libs/core/money.h"
#include "libs/core/rounding.h"

namespace sifa {

TEST_CASE("money is written in yuan and read back in fen") {
  CHECK(FormatYuan(770000) == "7700.00");
  CHECK(FormatYuan(-5) == "-0.05");
  CHECK(*ParseYuan("7700") == 770000);
  CHECK(*ParseYuan("7700.5") == 770050);
  CHECK(*ParseYuan("-0.05") == -5);
  for (const char* bad : {"", ".", "1.", ".5", "1.234", "1,000", "一", "1e3", "--1", "9999999999999999"}) {
    CHECK_FALSE(ParseYuan(bad));
  }
}

TEST_CASE("halves round away from zero, exactly") {
  CHECK(RatioText(1, 8, 1, 2) == "0.13");
  CHECK(RatioText(-1, 8, 1, 2) == "-0.13");
  CHECK(RatioText(1, 3, 100, 0) == "33");
  CHECK(RatioText(5, 1000, 1, 2) == "0.01");
  CHECK(RatioText(1, 0, 100, 2) == "—");
  CHECK(RatioText(9'000'000'000'000'000, 1, 100, 1) == "900000000000000000.0");
}

TEST_CASE("东阳 2021: success, shares by level, disputes per 10 000, lost suits, lawyers") {
  CHECK(RatioText(7531, 7549, 100, 2) == "99.76");
  CHECK(RatioText(5508, 7549, 100, 2) == "72.96");
  CHECK(RatioText(1289, 7549, 100, 2) == "17.08");
  CHECK(RatioText(752, 7549, 100, 2) == "9.96");
  CHECK(RatioText(7549, 1087950, 10000, 2) == "69.39");
  CHECK(RatioText(14, 198, 100, 2) == "7.07");
  CHECK(RatioText(39, 80, 100, 2) == "48.75");
  CHECK(RatioText(313, 1087950, 10000, 1) == "2.9");
  CHECK(RatioText(270, 1087950, 10000, 2) == "2.48");
}

TEST_CASE("内蒙古 2016–2018 and 青岛 2020") {
  CHECK(RatioText(920'000'000, 120'000, 1, 0) == "7667");
  CHECK(RatioText(4'160'000, 283'000, 1, 1) == "14.7");
  CHECK(RatioText(276, 453, 100, 1) == "60.9");
  CHECK(RatioText(6068, 12859, 100, 1) == "47.2");
  CHECK(RatioText(250, 12859, 100, 1) == "1.9");
  CHECK(RatioText(399, 408, 100, 1) == "97.8");
  CHECK(RatioText(642 - 445, 445, 100, 1) == "44.3");
  CHECK(RatioText(24710, 6730, 1, 2) == "3.67");
}

TEST_CASE("黄石, August 2016: the shares of all fifteen types, of the sources, and the changes") {
  const std::vector<int> types{160, 278, 67, 44, 31, 76, 18, 28, 4, 13, 7, 55, 33, 1, 54};
  const std::vector<std::string> shares{"18.4", "32.0", "7.7", "5.1", "3.6", "8.7", "2.1", "3.2",
                                        "0.5",  "1.5",  "0.8", "6.3", "3.8", "0.1", "6.2"};
  REQUIRE(std::accumulate(types.begin(), types.end(), 0) == 869);
  for (size_t i = 0; i < types.size(); ++i) CHECK(RatioText(types[i], 869, 100, 1) == shares[i]);
  CHECK(RatioText(842, 869, 100, 1) == "96.9");
  CHECK(RatioText(455, 869, 100, 1) == "52.4");
  CHECK(RatioText(378, 869, 100, 1) == "43.5");
  CHECK(RatioText(36, 869, 100, 1) == "4.1");
  CHECK(RatioText(-159, 869 + 159, 100, 1) == "-15.5");
  CHECK(RatioText(29, 869 - 29, 100, 1) == "3.5");
}

}  // namespace sifa
