// Divisions are those of the day: codes change every year (law §1.4).
#include "libs/casework/place.h"
#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {

TEST_CASE("a division is accepted on the days on which it stood, with what was within it") {
  const RegionTable regions = Must(RegionTable::Load(SIFA_ROOT "/data/regions"));
  const auto reason = [&](const char* code, const char* day) {
    return std::string(ReasonOf(casework::ValidRegion(regions, code, day).status()));
  };
  // 莱芜 came to 济南 at the end of 2018: papers of that year bear either code.
  CHECK(reason("371202", "2018-12-31").empty());
  CHECK(reason("371202", "2019-01-01") == "REGION_NOT_VALID");
  CHECK(reason("370116", "2017-12-31") == "REGION_NOT_VALID");
  CHECK(reason("370116", "2019-01-01").empty());
  CHECK(reason("330783", "1999-05-05").empty());
  CHECK(reason("999999", "2024-01-01") == "REGION_UNKNOWN");
  CHECK(casework::ValidRegion(regions, "371202", "2024-01-01").status().message().find("莱芜区370116") != std::string::npos);
  CHECK(casework::ValidRegion(regions, "370215", "2016-01-01").status().message().find("当时为即墨市370282") !=
        std::string::npos);
  // Registers of earlier years may be in the codes of today, but not in those that had ended.
  CHECK(casework::ValidOrLaterRegion(regions, "370215", "2016-01-01").ok());
  CHECK(casework::ValidOrLaterRegion(regions, "370282", "2016-01-01").ok());
  CHECK(ReasonOf(casework::ValidOrLaterRegion(regions, "370282", "2018-01-01").status()) == "REGION_NOT_VALID");
}

TEST_CASE("a committee's county is the one of its day and the one that has followed it") {
  const RegionTable regions = Must(RegionTable::Load(SIFA_ROOT "/data/regions"));
  const absl::CivilDay today(2024, 9, 2);
  const auto stands = [&](const char* region, const char* seat) {
    v1::Committee committee;
    committee.set_region(seat);
    return ReasonOf(RequireOwnDivision(regions, *RegionCode::Parse(region), committee, today));
  };
  CHECK(stands("370102", "370102001") == "");
  CHECK(stands("370116", "370102") == "REGION_OUTSIDE");
  CHECK(stands("371202003", "370116") == "");  // of a case before 2019
  CHECK(stands("370116", "371202") == "");     // of a committee that was set up before
  CHECK(stands("370102", "370100") == "");     // a committee of the city
  CHECK(stands("370282", "370215001") == "");  // 即墨市, since 2017 即墨区
  CHECK(stands("339008", "330783201") == "");  // 东阳市 under the province, until 1990
}

}  // namespace sifa::mediation
