#include "libs/core/clock.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>

#include "absl/time/clock.h"

namespace sifa {

TEST_CASE("a day begins in China, not in Greenwich") {
  CHECK(FormatDay(DayOf(absl::FromCivil(absl::CivilSecond(2024, 9, 27, 15, 59, 59), absl::UTCTimeZone()))) == "2024-09-27");
  CHECK(FormatDay(DayOf(absl::FromCivil(absl::CivilSecond(2024, 9, 27, 16, 0, 0), absl::UTCTimeZone()))) == "2024-09-28");
}

TEST_CASE("only real dates in the one form are read") {
  absl::CivilDay day;
  CHECK(ParseDay("2024-02-29", &day));
  CHECK(day == absl::CivilDay(2024, 2, 29));
  for (const char* bad : {"2023-02-29", "2024-2-29", "2024-02-29T00", "20240229", "", "2024-13-01"}) CHECK_FALSE(ParseDay(bad, &day));
}

TEST_CASE("the offset file sets a demonstration's clock forward") {
  const std::string path = std::tmpnam(nullptr);
  std::ofstream(path) << 86400;
  CHECK(SystemClock(path).Now() - absl::Now() > absl::Hours(23));
  CHECK(SystemClock().Now() - absl::Now() < absl::Minutes(1));
  std::remove(path.c_str());
}

}  // namespace sifa
