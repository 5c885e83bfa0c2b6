#include "libs/core/region.h"

#include <catch2/catch.hpp>

#include "libs/core/status.h"

namespace sifa {
namespace {

RegionCode At(absl::string_view text) { return RegionCode::Parse(text).value(); }

}  // namespace

TEST_CASE("the level of a code is read from its digits") {
  CHECK(At("330000").level() == RegionLevel::kProvince);
  CHECK(At("330700").level() == RegionLevel::kCity);
  CHECK(At("330783").level() == RegionLevel::kCounty);
  CHECK(At("330783118").level() == RegionLevel::kTownship);
  CHECK(At("330783118201").level() == RegionLevel::kVillage);
}

TEST_CASE("a code survives its text; a code that zeros have lengthened is that of its level") {
  for (const char* text : {"330000", "330700", "330783", "330783118", "330783118201"}) {
    CHECK(At(text).ToString() == text);
    CHECK(RegionCode::FromPacked(At(text).packed()) == At(text));
  }
  CHECK(At("330783000000").ToString() == "330783");
  CHECK(At("330000000").Prefix() == "33");
  CHECK(At("330783118").Prefix() == "330783118");
  CHECK(RegionCode().ToString().empty());
}

TEST_CASE("a code is also known by the digits that count, and by no others") {
  for (const char* text : {"33", "3307", "330783", "330783118", "330783118201"}) {
    CHECK(RegionCode::ParsePrefix(text)->Prefix() == text);
  }
  for (const char* bad : {"", "3", "330", "33078", "330000", "330700", "330783000", "33O7", "330783-m1"}) {
    INFO(bad);
    CHECK(ReasonOf(RegionCode::ParsePrefix(bad).status()) == "REGION_CODE_MALFORMED");
  }
}

TEST_CASE("what is not a code is refused, bare prefixes too") {
  for (const char* bad : {"", "33", "3307", "33078", "3307831", "33O783", "000000", "090000", "330001",
                          "330783000001", "3307831182011"}) {
    INFO(bad);
    CHECK(ReasonOf(RegionCode::Parse(bad).status()) == "REGION_CODE_MALFORMED");
  }
}

TEST_CASE("a village lies in its township, county, city and province") {
  const RegionCode village = At("330783118201");
  const std::vector<RegionCode> expected{At("330783118"), At("330783"), At("330700"), At("330000")};
  CHECK(village.Ancestors() == expected);
  for (RegionCode above : expected) CHECK(village.IsWithin(above));
  CHECK(village.IsWithin(village));
  CHECK_FALSE(At("330700").IsWithin(village));
  CHECK_FALSE(village.IsWithin(At("330782")));
  CHECK_FALSE(village.IsWithin(RegionCode()));
  CHECK_FALSE(RegionCode().IsWithin(RegionCode()));
  CHECK_FALSE(At("330000").Parent());
}

TEST_CASE("a county directly under its province has no city") {
  CHECK(*At("429004").Parent() == At("420000"));
  CHECK(At("429004001").Ancestors() == std::vector<RegionCode>{At("429004"), At("420000")});
  CHECK_FALSE(At("429004").IsWithin(At("429000")));
  CHECK(At("460025001").Ancestors() == std::vector<RegionCode>{At("460025"), At("460000")});  // 海南, until 2001
}

TEST_CASE("a township directly under its city has no county") {
  CHECK(*At("441900003").Parent() == At("441900"));
}

TEST_CASE("a region sorts right before all that lies in it") {
  CHECK(At("330783") < At("330783001"));
  CHECK(At("330783999") < At("330784"));
  CHECK(At("330783118201").packed() < At("330783").packed_end());
  CHECK(At("330784").packed() >= At("330783").packed_end());
}

}  // namespace sifa
