// The rules of an assessment (law §2.3), over its table alone: no database, no clock.
#include "services/corrections/assessment.h"

#include <catch2/catch.hpp>

#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/engine.h"
#include "libs/testing/procedure_checks.h"

namespace sifa::corrections {
namespace {

using procedure::Facts;
using Change = std::function<absl::Status(Assessment&)>;

const absl::CivilDay kReceived(2024, 9, 2);

// Performs an act on a day; the reason of a refusal, "" where it was done.
std::string Do(Assessment& a, int act, absl::CivilDay day = kReceived, const Change& change = {}) {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(std::string(SIFA_ROOT) + "/data/calendar/holidays.csv");
  const auto row = procedure::FindRow(kAssessmentProcedure, act, a, day);
  if (!row.ok()) return ReasonOf(row.status());
  Assessment after = a;
  const auto applied = procedure::Perform<Assessment>(kAssessmentProcedure, **row, Facts{day, day, &calendar}, change, &after);
  if (applied.ok()) a = after;
  return ReasonOf(applied.status());
}

Assessment Commissioned(bool fast_track = false) {
  Assessment a;
  a.mutable_commission()->set_fast_track(fast_track);
  a.mutable_commission()->set_category("02");
  REQUIRE(Do(a, Assessment::COMMISSION) == "");
  return a;
}

absl::Status Inquire(Assessment& a) {
  auto* finding = a.add_findings();
  finding->set_residence("自有住房");
  finding->set_relations("与父母同住");
  finding->set_consequences("已赔偿");
  finding->set_village_opinion("同意");
  finding->set_danger("低");
  finding->set_impact("无");
  return absl::OkStatus();
}

Change Submitted(const char* day) {
  return [=](Assessment& a) {
    a.set_result(Assessment::SUITABLE);
    a.set_opinion("适宜");
    a.set_submitted_on(day);
    return absl::OkStatus();
  };
}

std::string DueOf(const Assessment& a) { return a.clocks(0).due_on(); }

int64_t Measure(const Assessment& a, const std::string& name) {
  const auto counts = testing::CountsOf(kAssessment, a);
  for (size_t i = 0; i < kAssessmentsCube.measures.size(); ++i) {
    if (kAssessmentsCube.measures[i].name == name) return counts.at(0).measures(i);
  }
  FAIL("no measure " << name);
  return 0;
}

}  // namespace

TEST_CASE("社区矫正法实施办法 §14: ten working days from receiving the letter, five on the fast track") {
  // 2024-09-14 is a make-up Saturday, 15 to 17 are 中秋节.
  CHECK(DueOf(Commissioned()) == "2024-09-14");
  CHECK(DueOf(Commissioned(true)) == "2024-09-09");
}

TEST_CASE("社区矫正法实施办法 §14: an opinion rests on an inquiry of every kind that the rule names") {
  Assessment a = Commissioned();
  CHECK(Do(a, Assessment::SUBMIT, kReceived, Submitted("2024-09-02")) == "ACTION_NOT_ALLOWED");
  REQUIRE(Do(a, Assessment::INVESTIGATE, kReceived, [](Assessment& x) {
            x.add_findings()->set_residence("自有住房");
            return absl::OkStatus();
          }) == "");
  CHECK(Do(a, Assessment::SUBMIT, kReceived, Submitted("2024-09-02")) == "FINDINGS_INCOMPLETE");
  REQUIRE(Do(a, Assessment::INVESTIGATE, kReceived, Inquire) == "");
  CHECK(Do(a, Assessment::SUBMIT, kReceived, Submitted("2024-09-02")) == "");
  CHECK(a.clocks(0).state() == casework::v1::Clock::STOPPED);
  CHECK(a.papers().rbegin()->label() == "调查评估意见书");
}

TEST_CASE("社区矫正法实施办法 §14: longer only by agreement with the commissioner, made in time, and to a later day") {
  Assessment a = Commissioned();
  const auto until = [](bool agreed, const char* day) {
    return [=](Assessment& x) {
      x.set_extension_agreed(agreed);
      x.set_extended_until(day);
      return absl::OkStatus();
    };
  };
  CHECK(Do(a, Assessment::EXTEND, kReceived, until(false, "2024-09-30")) == "EXTENSION_NOT_AGREED");
  CHECK(Do(a, Assessment::EXTEND, kReceived, until(true, "2024-09-10")) == "EXTENSION_NOT_LATER");
  CHECK(Do(a, Assessment::EXTEND, absl::CivilDay(2024, 9, 18), until(true, "2024-09-30")) == "EXTENSION_TOO_LATE");
  CHECK(Do(a, Assessment::EXTEND, absl::CivilDay(2024, 9, 13), until(true, "2024-09-30")) == "");
  CHECK(DueOf(a) == "2024-09-30");
}

TEST_CASE("a person who cannot be found ends the assessment, and the decider's answer is recorded of an opinion only") {
  Assessment a = Commissioned();
  CHECK(Do(a, Assessment::RECORD_OUTCOME) == "ACTION_NOT_ALLOWED");
  CHECK(Do(a, Assessment::DECLARE_IMPOSSIBLE) == "");
  CHECK(Do(a, Assessment::RECORD_OUTCOME) == "ACTION_NOT_ALLOWED");
  CHECK(Do(a, Assessment::INVESTIGATE) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("law §2.8: an opinion is on time until its last day, and adopted where the decider followed it") {
  for (const auto& [day, on_time] : {std::pair{"2024-09-14", 1}, {"2024-09-15", 0}}) {
    Assessment a = Commissioned();
    REQUIRE(Do(a, Assessment::INVESTIGATE, kReceived, Inquire) == "");
    absl::CivilDay submitted;
    REQUIRE(ParseDay(day, &submitted));
    REQUIRE(Do(a, Assessment::SUBMIT, submitted, Submitted(day)) == "");
    CHECK(Measure(a, "submitted") == 1);
    CHECK(Measure(a, "on_time") == on_time);
    CHECK(Measure(a, "adopted") == 0);
    REQUIRE(Do(a, Assessment::RECORD_OUTCOME, submitted, [](Assessment& x) {
              x.set_outcome(Assessment::ADOPTED);
              return absl::OkStatus();
            }) == "");
    CHECK(Measure(a, "adopted") == 1);
  }
}

}  // namespace sifa::corrections
