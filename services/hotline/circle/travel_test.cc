#include "services/hotline/circle/travel.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "libs/core/status.h"

namespace sifa::hotline::circle {
namespace {

Travel Shipped() {
  std::ostringstream file;
  file << std::ifstream(SIFA_ROOT "/data/hotline/travel.csv").rdbuf();
  return *Travel::Parse(file.str());
}

}  // namespace

TEST_CASE("GCJ-02 is brought back to WGS-84") {
  const Position real = FromGcj02({39.91640428150164, 116.41024449916938});
  CHECK(real.latitude == Approx(39.915).margin(1e-6));
  CHECK(real.longitude == Approx(116.404).margin(1e-6));
}

TEST_CASE("a degree of longitude on the equator has 111.195 km, and half the globe is the longest way") {
  CHECK(Kilometres({0, 100}, {0, 101}) == Approx(111.195).margin(0.001));
  CHECK(Kilometres({0, 0}, {0, 180}) == Approx(20015.1).margin(0.1));
  CHECK(Kilometres({29.2, 120.2}, {29.2, 120.2}) == 0);
}

TEST_CASE("服务圈: minutes go by the more rural end and are rounded up") {
  const Travel travel = Shipped();
  // 5 + 60 · 5 · 1.3 / 25 = 20.6
  CHECK(travel.Minutes(kTown, kTown, 5) == 21);
  // 5 + 60 · 5 · 1.4 / 40 = 15.5
  CHECK(travel.Minutes(kTown, kVillage, 5) == 16);
  CHECK(travel.Minutes(kVillage, kTown, 5) == 16);
  // 5 + 60 · 30 · 1.6 / 30 = 101
  CHECK(travel.Minutes(kPasture, kTown, 30) == 101);
  CHECK(travel.Minutes(kTown, kTown, 0) == 5);
  CHECK(travel.limit_minutes(kTown) == 30);
  CHECK(travel.limit_minutes(kVillage) == 60);
  CHECK(travel.limit_minutes(kPasture) == 240);
}

TEST_CASE("figures of travel that are none are refused") {
  const std::string head = "class,detour,speed_kmh,access_minutes,limit_minutes\n";
  for (const char* rows : {"", "TOWN,1.3,25,5,30\nVILLAGE,1.4,40,5,60\n", "TOWN,0.9,25,5,30\n", "TOWN,1.3,0,5,30\n", "CITY,1.3,25,5,30\n",
                           "TOWN,1.3,25,5\n", "TOWN,1.3,25,5,soon\n"}) {
    CHECK(ReasonOf(Travel::Parse(head + rows).status()) == "DATA_MALFORMED");
  }
  CHECK(ReasonOf(Travel::Parse("class\n").status()) == "DATA_MALFORMED");
}

}  // namespace sifa::hotline::circle
