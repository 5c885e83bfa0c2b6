// The rules of a subject's course (law §2.2), over its table alone: no database, no clock.
#include "services/corrections/subject.h"

#include <catch2/catch.hpp>

#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/engine.h"
#include "libs/testing/procedure_checks.h"

namespace sifa::corrections {
namespace {

using procedure::Facts;
using Change = std::function<absl::Status(Subject&)>;

const absl::CivilDay kNoticed(2024, 9, 2);

// Performs an act on a day; the reason of a refusal, "" where it was done.
std::string Do(Subject& s, int act, absl::CivilDay day = kNoticed, const Change& change = {}) {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(std::string(SIFA_ROOT) + "/data/calendar/holidays.csv");
  const auto row = procedure::FindRow(kSubjectProcedure, act, s, day);
  if (!row.ok()) return ReasonOf(row.status());
  Subject after = s;
  const auto applied = procedure::Perform<Subject>(kSubjectProcedure, **row, Facts{day, day, &calendar}, change, &after);
  if (applied.ok()) s = after;
  return ReasonOf(applied.status());
}

Subject Noticed(const char* category = "02") {
  Subject s;
  s.mutable_decision()->set_category(category);
  s.mutable_decision()->set_effective_on("2024-09-01");
  s.mutable_decision()->set_term_from("2024-09-01");
  s.mutable_decision()->set_term_to("2026-08-31");
  s.mutable_person()->set_sex("1");
  REQUIRE(Do(s, Subject::NOTICE) == "");
  return s;
}

Change RegisteredOn(const char* day) {
  return [=](Subject& s) {
    s.set_registered_on(day);
    return absl::OkStatus();
  };
}
Change Team(const char* sex, bool knows_minors = false) {
  return [=](Subject& s) {
    auto* member = s.add_team();
    member->set_sex(sex);
    member->set_knows_minors(knows_minors);
    return absl::OkStatus();
  };
}
Change Ended(Subject::End end) {
  return [=](Subject& s) {
    s.set_end(end);
    s.set_ended_on("2024-12-01");
    return absl::OkStatus();
  };
}

Subject Active(const char* category = "02") {
  Subject s = Noticed(category);
  REQUIRE(Do(s, Subject::REGISTER, absl::CivilDay(2024, 9, 5), RegisteredOn("2024-09-05")) == "");
  REQUIRE(Do(s, Subject::FORM_TEAM, absl::CivilDay(2024, 9, 5), Team("1")) == "");
  REQUIRE(Do(s, Subject::ANNOUNCE, absl::CivilDay(2024, 9, 5)) == "");
  return s;
}

std::string DueOf(const Subject& s, const std::string& kind) {
  for (const auto& clock : s.clocks()) {
    if (clock.kind() == kind) return clock.due_on();
  }
  return "";
}

}  // namespace

TEST_CASE("社区矫正法 §20, §21: documents and the person come within ten days of the effect; the term ends on its day") {
  const Subject s = Noticed();
  CHECK(DueOf(s, "DOCUMENTS_BY") == "2024-09-11");
  CHECK(DueOf(s, "REPORT_BY") == "2024-09-11");
  CHECK(DueOf(s, "TERM") == "2026-08-31");
  CHECK(DueOf(Noticed("04"), "REPORT_BY") == "2024-09-12");  // from the day on which the decision was received
}

TEST_CASE("a term ends on its own day, also a holiday: what binds a person is never lengthened") {
  Subject s;
  s.mutable_decision()->set_category("01");
  s.mutable_decision()->set_effective_on("2024-01-05");
  s.mutable_decision()->set_term_from("2024-01-05");
  s.mutable_decision()->set_term_to("2024-10-04");  // 国庆节
  REQUIRE(Do(s, Subject::NOTICE, absl::CivilDay(2024, 1, 8)) == "");
  CHECK(DueOf(s, "TERM") == "2024-10-04");
  s.clear_clocks();
  s.set_state(Subject::STATE_UNSPECIFIED);
  s.mutable_decision()->set_term_to("2024-01-04");
  CHECK(Do(s, Subject::NOTICE, absl::CivilDay(2024, 1, 8)) == "TERM_REVERSED");
}

TEST_CASE("社区矫正法 §21: nobody is received before the decision is in force, nor announced before a team stands") {
  Subject s = Noticed();
  CHECK(Do(s, Subject::ANNOUNCE) == "ACTION_NOT_ALLOWED");
  s.mutable_decision()->set_effective_on("2024-09-04");
  CHECK(Do(s, Subject::REGISTER, absl::CivilDay(2024, 9, 3), RegisteredOn("2024-09-03")) == "ACT_OUT_OF_ORDER");
  REQUIRE(Do(s, Subject::REGISTER, absl::CivilDay(2024, 9, 5), RegisteredOn("2024-09-05")) == "");
  CHECK(Do(s, Subject::ANNOUNCE, absl::CivilDay(2024, 9, 5)) == "TEAM_MISSING");
}

TEST_CASE("社区矫正法 §25, §52: a woman's team has a woman, a minor's who knows minors") {
  Subject s = Noticed();
  s.mutable_person()->set_sex("2");
  s.set_minor(true);
  REQUIRE(Do(s, Subject::REGISTER, kNoticed, RegisteredOn("2024-09-02")) == "");
  CHECK(Do(s, Subject::FORM_TEAM, kNoticed, Team("1", true)) == "TEAM_WITHOUT_WOMAN");
  CHECK(Do(s, Subject::FORM_TEAM, kNoticed, Team("2")) == "TEAM_FOR_MINOR");
  REQUIRE(Do(s, Subject::FORM_TEAM, kNoticed, Team("2", true)) == "");
  const Change publicly = [](Subject& x) {
    x.set_announced_publicly(true);
    return absl::OkStatus();
  };
  CHECK(Do(s, Subject::ANNOUNCE, kNoticed, publicly) == "MINOR_IN_PUBLIC");  // §54
  CHECK(Do(s, Subject::ANNOUNCE, kNoticed) == "");
}

TEST_CASE("社区矫正法 §44, §45: each category ends by its own cause, and what has ended is not acted on") {
  for (const auto& [category, end] :
       {std::pair{"02", Subject::PROBATION_REVOKED}, {"03", Subject::PAROLE_REVOKED}, {"04", Subject::RECALLED}}) {
    for (const auto other : {Subject::PROBATION_REVOKED, Subject::PAROLE_REVOKED, Subject::RECALLED, Subject::EXPIRED}) {
      Subject s = Active(category);
      CHECK(Do(s, Subject::RECORD_REVOKED, absl::CivilDay(2024, 12, 1), Ended(other)) ==
            (other == end ? "" : "CAUSE_OF_ANOTHER_CATEGORY"));
    }
  }
  Subject probation = Active();
  CHECK(Do(probation, Subject::RECORD_TERM_SERVED, absl::CivilDay(2024, 12, 1), Ended(Subject::EXPIRED)) == "NOT_OUTSIDE_PRISON");
  REQUIRE(Do(probation, Subject::RECORD_DEATH, absl::CivilDay(2024, 12, 1), Ended(Subject::DEAD)) == "");
  CHECK(Do(probation, Subject::CLASSIFY, absl::CivilDay(2024, 12, 2)) == "ACTION_NOT_ALLOWED");
  CHECK(DueOf(probation, "TERM") == "2026-08-31");
  CHECK(probation.clocks(probation.clocks_size() - 1).state() == casework::v1::Clock::STOPPED);
}

TEST_CASE("law §2.8: the stock is who is there, and releases and terminations are counted apart") {
  const auto measures = [](const Subject& s, const statistics::Cube& cube) {
    for (const auto& count : testing::CountsOf(kSubject, s)) {
      if (count.cube() == cube.name) return std::vector<int64_t>(count.measures().begin(), count.measures().end());
    }
    return std::vector<int64_t>();
  };
  CHECK(measures(Noticed(), kSubjectsCube) == std::vector<int64_t>{0, 0});
  Subject s = Active();
  CHECK(measures(s, kSubjectsCube) == std::vector<int64_t>{1, 0});
  CHECK(measures(s, kReceptionsCube) == std::vector<int64_t>{1, 0});
  CHECK(measures(s, kEndingsCube).empty());
  REQUIRE(Do(s, Subject::RECORD_REVOKED, absl::CivilDay(2024, 12, 1), Ended(Subject::PROBATION_REVOKED)) == "");
  CHECK(measures(s, kSubjectsCube) == std::vector<int64_t>{0, 0});
  CHECK(measures(s, kEndingsCube) == std::vector<int64_t>{0, 0, 0, 1, 1, 0, 0, 0});
  Subject late = Noticed();
  REQUIRE(Do(late, Subject::REGISTER, absl::CivilDay(2024, 9, 12), RegisteredOn("2024-09-12")) == "");
  CHECK(measures(late, kReceptionsCube) == std::vector<int64_t>{1, 1});
}

}  // namespace sifa::corrections
