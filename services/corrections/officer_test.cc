// 执法人员: one post at a time at one place, the empowered with their certificate, from a day to a day.
#include "services/corrections/officer.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

Officer From(const char* from, const char* to = "", const char* ended_on = "") {
  Officer officer;
  officer.set_post(Officer::SOCIAL_WORKER);
  officer.set_from(from);
  officer.set_to(to);
  officer.set_ended_on(ended_on);
  return officer;
}

std::string Json(const char* person, const char* office, const char* more) {
  return absl::StrCat(R"({"office": ")", office, R"(", "region": ")", office, R"(", "name": "郑国强", "idNumber": ")", person,
                      "\", ", more, "}");
}
constexpr char kOne[] = "330783199003070016", kOther[] = "330783199003070024";

}  // namespace

TEST_CASE("two posts overlap where they have a day in common") {
  CHECK(Overlap(From("2024-01-01"), From("2025-01-01")));
  CHECK(Overlap(From("2024-01-01", "2024-06-30"), From("2024-06-30")));
  CHECK_FALSE(Overlap(From("2024-01-01", "2024-06-30"), From("2024-07-01")));
  CHECK_FALSE(Overlap(From("2024-07-01"), From("2024-01-01", "2024-06-30")));
  CHECK_FALSE(Overlap(From("2024-01-01", "", "2024-03-01"), From("2024-03-01")));
  CHECK(Overlap(From("2024-01-01", "", "2024-03-01"), From("2024-02-29")));
}

TEST_CASE("社区矫正法 §10: who enforces has a certificate") {
  Officer officer = From("2024-01-01");
  CHECK(Do(kOfficerProcedure, officer, Officer::APPOINT, On("2024-09-02")) == "");
  officer = From("2024-01-01");
  officer.set_post(Officer::EMPOWERED);
  CHECK(Do(kOfficerProcedure, officer, Officer::APPOINT, On("2024-09-02")) == "CERTIFICATE_MISSING");
  officer.set_certificate("ZJ0783001");
  CHECK(Do(kOfficerProcedure, officer, Officer::APPOINT, On("2024-09-02")) == "");
  CHECK(officer.clocks().empty());  // no last day is set
  officer = From("2024-09-02", "2024-09-01");
  CHECK(Do(kOfficerProcedure, officer, Officer::APPOINT, On("2024-09-02")) == "OFFICER_PERIOD_REVERSED");
}

TEST_CASE("a post ends on a day, not before it began") {
  Officer officer = From("2024-09-10");
  REQUIRE(Do(kOfficerProcedure, officer, Officer::APPOINT, On("2024-09-02")) == "");
  CHECK(Do(kOfficerProcedure, officer, Officer::END, On("2024-09-09")) == "ENDED_BEFORE_APPOINTED");
  CHECK(Do(kOfficerProcedure, officer, Officer::END, On("2024-09-10")) == "");
}

TEST_CASE("nobody has two posts at once at one place; elsewhere, or afterwards, he may") {
  Course at;
  const char* clerk = R"("post": "SOCIAL_WORKER", "from": "2024-01-01")";
  Officer first = Course::Must(at.Try<Officer>("AppointOfficer", Json(kOne, "330783118", clerk), at.county));
  CHECK(at.Refusal<Officer>("AppointOfficer", Officer(), Json(kOne, "330783118", clerk), at.county) == "OFFICER_OVERLAPS");
  Course::Must(at.Try<Officer>("AppointOfficer", Json(kOther, "330783118", clerk), at.county));
  Course::Must(at.Try<Officer>("AppointOfficer", Json(kOne, "330783123", clerk), at.county));
  CHECK(at.Refusal<Officer>("AppointOfficer", Officer(), Json(kOther, "330783123", clerk), at.office) != "");
  first = at.Do("EndOfficer", first, R"({"reason": "调离", "occurredOn": "2024-08-01"})", at.county);
  CHECK(first.state() == Officer::ENDED);
  CHECK(first.ended_on() == "2024-08-01");
  Course::Must(at.Try<Officer>("AppointOfficer",
                               Json(kOne, "330783118", R"("post": "SOCIAL_WORKER", "from": "2024-08-01", "to": "2024-09-10")"),
                               at.county));
  CHECK(at.Findings().empty());
}

TEST_CASE("a certificate is one person's at a place, and a post ends by itself after its last day") {
  Course at;
  const char* officer = R"("post": "EMPOWERED", "certificate": "ZJ0783001", "from": "2024-09-01", "to": "2024-09-10")";
  const Officer first = Course::Must(at.Try<Officer>("AppointOfficer", Json(kOne, "330783118", officer), at.county));
  CHECK(at.Refusal<Officer>("AppointOfficer", Officer(), Json(kOther, "330783118", officer), at.county) == "CERTIFICATE_IN_USE");
  at.GoTo("2024-09-10");
  CHECK(at.Now(first).state() == Officer::SERVING);
  at.GoTo("2024-09-11");
  CHECK(at.Now(first).state() == Officer::EXPIRED);
  Course::Must(at.Try<Officer>("AppointOfficer", Json(kOther, "330783118", R"("post": "EMPOWERED", "certificate": "ZJ0783001",
                               "from": "2024-09-11")"),
                               at.county));
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
