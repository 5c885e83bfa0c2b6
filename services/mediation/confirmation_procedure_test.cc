// The rules of law §3.4 on the table itself: values in, verdicts out.
#include <catch2/catch.hpp>

#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/engine.h"
#include "services/mediation/confirmation.h"

namespace sifa::mediation {
namespace {

using procedure::Facts;
using Change = std::function<absl::Status(Confirmation&)>;

const calendar::Calendar& TestCalendar() {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(std::string(SIFA_ROOT) + "/data/calendar/holidays.csv");
  return calendar;
}

// Performs an act on a day; the reason of a refusal, "" where it was done.
std::string Do(Confirmation& c, int act, absl::CivilDay day, const Change& change = {}) {
  const auto row = procedure::FindRow(kConfirmationProcedure, act, c, day);
  if (!row.ok()) return ReasonOf(row.status());
  Confirmation after = c;
  const auto applied = procedure::Perform<Confirmation>(kConfirmationProcedure, **row, Facts{day, day, &TestCalendar()}, change, &after);
  if (applied.ok()) c = after;
  return ReasonOf(applied.status());
}

Change Grounded(Confirmation::Ground ground) {
  return [=](Confirmation& c) {
    c.set_president_approved(true);
    c.set_ground(ground);
    return absl::OkStatus();
  };
}
Change Until(const char* day) {
  return [=](Confirmation& c) {
    c.set_president_approved(true);
    c.set_extended_until(day);
    return absl::OkStatus();
  };
}

// Of an agreement in effect since 2024-08-30, performable by the end of the year.
Confirmation Joint() {
  Confirmation c;
  c.set_court("东阳市人民法院");
  c.set_jurisdiction(Confirmation::ORGANISATION_PLACE);
  c.set_party_count(2);
  c.add_applicants(0);
  c.add_applicants(1);
  c.set_effective_on("2024-08-30");
  c.set_applied_on("2024-09-02");
  c.set_perform_by("2024-12-31");
  for (auto document : {Confirmation::AGREEMENT, Confirmation::MEDIATION_PROOF, Confirmation::IDENTITY_PROOF}) {
    c.add_papers()->set_kind(Confirmation::Document_Name(document));
  }
  return c;
}

Confirmation Accepted() {
  Confirmation c = Joint();
  REQUIRE(Do(c, Confirmation::APPLY, absl::CivilDay(2024, 9, 2)) == "");
  REQUIRE(Do(c, Confirmation::ACCEPT, absl::CivilDay(2024, 9, 4), [](Confirmation& x) {
            x.set_number("（2024）浙0783民特1号");
            x.set_filed_on("2024-09-04");
            return absl::OkStatus();
          }) == "");
  return c;
}

std::string DueOf(Confirmation& c, const std::string& kind) {
  const auto* clock = procedure::FindClock(c.mutable_clocks(), kind);
  return clock == nullptr ? "" : clock->due_on();
}

const absl::CivilDay kApplied(2024, 9, 2);

}  // namespace

TEST_CASE("民事诉讼法 §205: the parties apply together") {
  Confirmation c = Joint();
  c.clear_applicants();
  c.add_applicants(1);
  CHECK(Do(c, Confirmation::APPLY, kApplied) == "NOT_JOINT");
}

TEST_CASE("民事诉讼法 §205(1): the court that invited the mediation is the one to ask, and no other claims to be") {
  Confirmation c = Joint();
  c.set_inviting_court("金华市中级人民法院");
  CHECK(Do(c, Confirmation::APPLY, kApplied) == "COURT_NOT_COMPETENT");
  c.set_jurisdiction(Confirmation::INVITING_COURT);
  CHECK(Do(c, Confirmation::APPLY, kApplied) == "COURT_NOT_COMPETENT");
  c.set_court("金华市中级人民法院");
  CHECK(Do(c, Confirmation::APPLY, kApplied) == "");
  Confirmation uninvited = Joint();
  uninvited.set_jurisdiction(Confirmation::INVITING_COURT);
  CHECK(Do(uninvited, Confirmation::APPLY, kApplied) == "COURT_NOT_COMPETENT");
}

TEST_CASE("民诉法解释 §354: agreement, proof of the mediation and identity go with it; agents show their power") {
  for (int missing = 0; missing < 3; ++missing) {
    Confirmation c = Joint();
    c.mutable_papers()->DeleteSubrange(missing, 1);
    CHECK(Do(c, Confirmation::APPLY, kApplied) == "PAPERS_MISSING");
  }
  Confirmation c = Joint();
  c.set_by_agents(true);
  CHECK(Do(c, Confirmation::APPLY, kApplied) == "PAPERS_MISSING");
  c.add_papers()->set_kind("POWER_OF_ATTORNEY");
  CHECK(Do(c, Confirmation::APPLY, kApplied) == "");
}

TEST_CASE("司法确认规定 §4, 民事诉讼法 §187: the court answers in 3 days and decides in 30, with 15 for its target") {
  Confirmation c = Joint();
  REQUIRE(Do(c, Confirmation::APPLY, kApplied) == "");
  CHECK(DueOf(c, "COURT_ACCEPT") == "2024-09-05");
  Confirmation accepted = Accepted();
  CHECK(DueOf(accepted, "COURT_DECIDE") == "2024-10-08");  // day 30 is a holiday
  CHECK(DueOf(accepted, "COURT_TARGET") == "2024-09-19");
  CHECK(procedure::FindClock(accepted.mutable_clocks(), "COURT_TARGET")->target());
  CHECK(procedure::NextDue(accepted.clocks(), absl::CivilDay(2024, 9, 25))->kind() == "COURT_DECIDE");
}

TEST_CASE("民事诉讼法 §187: the court's president extends its limit, to a later day only") {
  Confirmation c = Accepted();
  CHECK(Do(c, Confirmation::EXTEND, absl::CivilDay(2024, 9, 30)) == "EXTENSION_NOT_APPROVED");
  CHECK(Do(c, Confirmation::EXTEND, absl::CivilDay(2024, 9, 30), Until("2024-10-01")) == "EXTENSION_NOT_LATER");
  CHECK(Do(c, Confirmation::EXTEND, absl::CivilDay(2024, 9, 30), Until("2024-10-31")) == "");
  CHECK(DueOf(c, "COURT_DECIDE") == "2024-10-31");
  CHECK(Do(c, Confirmation::CONFIRM, absl::CivilDay(2024, 9, 29)) == "ACT_OUT_OF_ORDER");  // while it was not yet extended
  CHECK(Do(c, Confirmation::CONFIRM, absl::CivilDay(2024, 9, 30)) == "");
}

TEST_CASE("民事诉讼法 §187: a court's limit that has run out is not extended; what was approved in time is entered with its day") {
  Confirmation c = Accepted();
  REQUIRE(DueOf(c, "COURT_DECIDE") == "2024-10-08");
  CHECK(Do(c, Confirmation::EXTEND, absl::CivilDay(2024, 10, 9), Until("2024-10-31")) == "EXTENSION_TOO_LATE");
  CHECK(Do(c, Confirmation::EXTEND, absl::CivilDay(2024, 10, 8), Until("2024-10-31")) == "");
}

TEST_CASE("no act is dated before the one that it follows") {
  Confirmation early = Joint();
  early.set_applied_on("2024-08-29");
  CHECK(Do(early, Confirmation::APPLY, absl::CivilDay(2024, 8, 29)) == "ACT_OUT_OF_ORDER");  // before the effect
  Confirmation c = Accepted();
  for (int act : {Confirmation::CONFIRM, Confirmation::DISMISS, Confirmation::WITHDRAW, Confirmation::EXTEND}) {
    CHECK(Do(c, act, absl::CivilDay(2024, 9, 3), Grounded(Confirmation::UNCLEAR)) == "ACT_OUT_OF_ORDER");
  }
}

TEST_CASE("民诉法解释 §355, §358: a court that refuses says why; what bars acceptance also dismisses when found later") {
  Confirmation c = Joint();
  REQUIRE(Do(c, Confirmation::APPLY, kApplied) == "");
  CHECK(Do(c, Confirmation::REFUSE, kApplied) == "GROUND_MISSING");
  CHECK(Do(c, Confirmation::REFUSE, kApplied, Grounded(Confirmation::UNCLEAR)) == "GROUND_MISSING");
  CHECK(Do(c, Confirmation::REFUSE, kApplied, Grounded(Confirmation::WRONG_COURT)) == "");
  const absl::CivilDay ruled(2024, 9, 20);
  Confirmation dismissed = Accepted();
  CHECK(Do(dismissed, Confirmation::DISMISS, ruled) == "GROUND_MISSING");
  Confirmation owned = dismissed;
  CHECK(Do(owned, Confirmation::DISMISS, ruled, Grounded(Confirmation::OWNERSHIP)) == "");
  CHECK(Do(dismissed, Confirmation::DISMISS, ruled, Grounded(Confirmation::UNCLEAR)) == "");
}

TEST_CASE("民事诉讼法 §250: enforcement is asked for within two years of the last day of performance") {
  Confirmation c = Accepted();
  REQUIRE(Do(c, Confirmation::CONFIRM, absl::CivilDay(2024, 9, 20)) == "");
  CHECK(DueOf(c, "ENFORCEMENT") == "2026-12-31");
  CHECK(procedure::FindClock(c.mutable_clocks(), "ENFORCEMENT")->lapses());
  CHECK(Do(c, Confirmation::ENFORCE, absl::CivilDay(2025, 1, 6)) == "");
}

TEST_CASE("the articles are those of the day: 2019, 2022, 2024") {
  struct Of {
    int year;
    const char *apply, *rule, *limit, *refuse;
  };
  for (const Of& of : {Of{2019, "194", "195", "180", "357"}, {2022, "201", "202", "187", "355"}, {2024, "205", "206", "187", "355"}}) {
    const absl::CivilDay day(of.year, 5, 6);
    const auto law = [&](int act, int state) { return (*procedure::FindRow(kConfirmationProcedure, act, Confirmation(), state, day))->law.On(day); };
    CHECK(law(Confirmation::APPLY, 0).article == of.apply);
    CHECK(law(Confirmation::CONFIRM, Confirmation::ACCEPTED).article == of.rule);
    CHECK(law(Confirmation::EXTEND, Confirmation::ACCEPTED).article == of.limit);
    CHECK(law(Confirmation::REFUSE, Confirmation::APPLIED).article == of.refuse);
  }
}

}  // namespace sifa::mediation
