// 人员配备 (mission 2; law §2.8), over its function alone: no database, no neighbour.
#include "services/corrections/staffing.h"

#include <catch2/catch.hpp>

namespace sifa::corrections {
namespace {

using identity::v1::Organisation;

Place PlaceOf(const char* path, const char* code, Organisation::Kind kind, int level) {
  Place place;
  place.set_path(path);
  place.set_code(code);
  place.set_kind(kind);
  place.set_level(level);
  return place;
}
const std::vector<Place> kPlaces = {
    PlaceOf("/33/3307/", "3307", Organisation::BUREAU, 2),
    PlaceOf("/33/3307/330783/", "330783", Organisation::BUREAU, 3),
    PlaceOf("/33/3307/330783/330783118/", "330783118", Organisation::JUSTICE_OFFICE, 4),
    PlaceOf("/33/3307/330783/330783123/", "330783123", Organisation::JUSTICE_OFFICE, 4),
    PlaceOf("/33/3307/zj-hengdian/", "zj-hengdian", Organisation::JUSTICE_OFFICE, 4),
};

Officer At(const char* organisation, Officer::Post post = Officer::EMPOWERED, const char* from = "2024-01-01",
           const char* to = "") {
  Officer officer;
  officer.set_state(Officer::SERVING);
  officer.set_organisation(organisation);
  officer.set_post(post);
  officer.set_from(from);
  officer.set_to(to);
  return officer;
}

v1::Staffing On(const char* day, const std::vector<Officer>& officers) {
  return StaffingOn(
      day, kPlaces, [](const Place&) { return true; }, officers, 30);
}

std::string Codes(const google::protobuf::RepeatedPtrField<v1::StaffedPlace>& places) {
  std::string codes;
  for (const auto& place : places) absl::StrAppend(&codes, codes.empty() ? "" : " ", place.organisation());
  return codes;
}

}  // namespace

TEST_CASE("law §2.8: 监管比 as the seeds have them, with numerator and denominator") {
  const auto ratios = StaffingRatios({.subjects = 15'000,
                                      .centres = 103,
                                      .centre_staff = 267,
                                      .offices = 1'102,
                                      .office_staff = 2'800,
                                      .offices_without_staff = 63});
  CHECK(ratios[0].value() == "13.6");
  CHECK(ratios[0].numerator() == 15'000);
  CHECK(ratios[0].denominator() == 1'102);
  CHECK(ratios[1].value() == "2.6");
  CHECK(ratios[1].denominator() == 103);
  CHECK(ratios[2].value() == "2.7");  // offices without staff do not count: of all of them it would be 2.5
  CHECK(ratios[2].numerator() == 2'800);
  CHECK(ratios[2].denominator() == 1'039);
  CHECK(StaffingRatios({.subjects = 3})[0].value() == "—");
}

TEST_CASE("mission 2: a centre needs three empowered officers and an office one; helpers do not count for that") {
  std::vector<Officer> officers = {At("330783"), At("330783"), At("330783", Officer::SOCIAL_WORKER),
                                   At("330783118", Officer::AUXILIARY), At("330783123")};
  v1::Staffing staffing = On("2024-09-02", officers);
  CHECK(Codes(staffing.short_centres()) == "330783");
  CHECK(staffing.short_centres(0).empowered() == 2);
  CHECK(staffing.short_centres(0).staff() == 3);
  CHECK(Codes(staffing.short_offices()) == "330783118 zj-hengdian");
  officers.push_back(At("330783"));
  staffing = On("2024-09-02", officers);
  CHECK(staffing.short_centres().empty());
  CHECK(staffing.centres() == 1);
  CHECK(staffing.offices() == 3);
  CHECK(staffing.ratios(2).formula() == "司法所人员 2 ÷ （司法所数 3 − 没有人员的司法所 1）");
}

TEST_CASE("mission 2: an office without a county's bureau above it is listed") {
  CHECK(Codes(On("2024-09-02", {}).offices_without_county()) == "zj-hengdian");
}

TEST_CASE("mission 2: who was there is asked of a day") {
  std::vector<Officer> officers = {At("330783118", Officer::EMPOWERED, "2024-01-01", "2024-06-30")};
  CHECK(Codes(On("2024-06-30", officers).short_offices()) == "330783123 zj-hengdian");
  CHECK(Codes(On("2024-07-01", officers).short_offices()) == "330783118 330783123 zj-hengdian");
  CHECK(Codes(On("2023-12-31", officers).short_offices()) == "330783118 330783123 zj-hengdian");
}

}  // namespace sifa::corrections
