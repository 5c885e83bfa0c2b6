// The rules of law §3 on the table itself: values in, verdicts out.
#include "services/mediation/case_procedure.h"

#include <catch2/catch.hpp>

#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/engine.h"
#include "services/mediation/case_guards.h"

namespace sifa::mediation {
namespace {

using procedure::Facts;
using Change = std::function<absl::Status(Case&)>;

const calendar::Calendar& TestCalendar() {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(std::string(SIFA_ROOT) + "/data/calendar/holidays.csv");
  return calendar;
}

Case TwoParties() {
  Case c;
  auto* particulars = c.mutable_particulars();
  particulars->set_type("02");
  for (const char* id : {"33078319900307001X", "37020219851130422X"}) {
    auto* party = particulars->add_parties();
    party->set_name("某甲");
    party->set_id_number(id);
    party->set_side(particulars->parties_size());
  }
  return c;
}

// Performs an act on a day; the reason of a refusal, "" where it was done.
std::string Do(Case& c, int act, absl::CivilDay day, const Change& change = {}) {
  const auto row = procedure::FindRow(kCaseProcedure, act, static_cast<int>(c.state()), day);
  if (!row.ok()) return ReasonOf(row.status());
  Case after = c;
  const auto applied = procedure::Perform<Case>(kCaseProcedure, **row, Facts{day, day, &TestCalendar()}, change, &after);
  if (applied.ok()) c = after;
  return ReasonOf(applied.status());
}

const absl::CivilDay kDay(2024, 8, 1);

Case Mediating() {
  Case c = TwoParties();
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  REQUIRE(Do(c, Case::ACCEPT, kDay) == "");
  REQUIRE(Do(c, Case::ASSIGN, kDay) == "");
  REQUIRE(Do(c, Case::RECORD_SESSION, kDay, [](Case& x) {
            x.add_sessions()->set_minutes("双方到场");
            return absl::OkStatus();
          }) == "");
  return c;
}

Change Signed(const char* first, const char* second, const char* mediator, const char* seal) {
  return [=](Case& c) {
    auto* agreement = c.mutable_agreement();
    agreement->set_form("2");
    agreement->set_content("修复排水沟");
    agreement->set_agreed_on("2024-08-20");
    if (*first) {
      auto* signature = agreement->add_signatures();
      signature->set_party(0);
      signature->set_signed_on(first);
    }
    if (*second) {
      auto* signature = agreement->add_signatures();
      signature->set_party(1);
      signature->set_signed_on(second);
    }
    agreement->set_mediator_signed_on(mediator);
    agreement->set_sealed_on(seal);
    return absl::OkStatus();
  };
}

std::string DueOf(const Case& c, const std::string& kind) {
  for (const auto& clock : c.clocks()) {
    if (clock.kind() == kind) return clock.due_on();
  }
  return "";
}

}  // namespace

TEST_CASE("M1 人民调解法 §17: a party's clear refusal blocks the application and the acceptance") {
  Case c = TwoParties();
  c.mutable_particulars()->mutable_parties(1)->set_refuses(true);
  CHECK(Do(c, Case::APPLY, kDay) == "PARTY_REFUSED");
  c.set_state(Case::APPLIED);
  CHECK(Do(c, Case::ACCEPT, kDay) == "PARTY_REFUSED");
}

TEST_CASE("M10: two sides, both identified") {
  Case c = TwoParties();
  c.mutable_particulars()->mutable_parties(1)->set_side(1);
  CHECK(Do(c, Case::APPLY, kDay) == "ONE_SIDE_ONLY");
  c = TwoParties();
  c.mutable_particulars()->mutable_parties(1)->clear_id_number();
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  CHECK(Do(c, Case::ACCEPT, kDay) == "PARTY_NOT_IDENTIFIED");
}

TEST_CASE("M11: at most five representatives") {
  Case c = TwoParties();
  for (int i = 0; i < 6; ++i) {
    auto* party = c.mutable_particulars()->add_parties();
    party->set_id_number("33078319900307001X");
    party->set_representative(true);
    party->set_side(1);
  }
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  CHECK(Do(c, Case::ACCEPT, kDay) == "TOO_MANY_REPRESENTATIVES");
}

TEST_CASE("人民调解工作若干规定 §33: mediation is to end within a month of acceptance") {
  Case c = TwoParties();
  REQUIRE(Do(c, Case::APPLY, absl::CivilDay(2024, 8, 15)) == "");
  REQUIRE(Do(c, Case::ACCEPT, absl::CivilDay(2024, 8, 15)) == "");
  CHECK(DueOf(c, "CONCLUDE") == "2024-09-18");  // 15 to 17 September are a holiday
}

TEST_CASE("人民调解法 §29: an agreement takes effect with the last of signatures, mediator and seal") {
  Case c = Mediating();
  CHECK(Do(c, Case::AGREE, kDay, Signed("2024-08-20", "", "2024-08-20", "2024-08-20")) == "PARTY_SIGNATURE_MISSING");
  CHECK(Do(c, Case::AGREE, kDay, Signed("2024-08-20", "2024-08-21", "", "2024-08-20")) == "MEDIATOR_SIGNATURE_MISSING");
  CHECK(Do(c, Case::AGREE, kDay, Signed("2024-08-20", "2024-08-21", "2024-08-20", "")) == "SEAL_MISSING");
  CHECK(Do(c, Case::AGREE, kDay, Signed("2024-08-20", "2024-08-30", "2024-08-22", "2024-08-21")) == "");
  CHECK(FormatDay(EffectiveDay(c)) == "2024-08-30");
}

TEST_CASE("民事诉讼法 §205: confirmation is asked within 30 days of effect; a make-up Sunday does not roll over") {
  Case c = Mediating();
  REQUIRE(Do(c, Case::AGREE, absl::CivilDay(2024, 8, 30), Signed("2024-08-20", "2024-08-30", "2024-08-22", "2024-08-21")) == "");
  CHECK(DueOf(c, "CONFIRM") == "2024-09-29");
  Case late = c;
  CHECK(Do(late, Case::APPLY_CONFIRMATION, absl::CivilDay(2024, 9, 30)) == "CONFIRMATION_TOO_LATE");
  CHECK(Do(c, Case::APPLY_CONFIRMATION, absl::CivilDay(2024, 9, 29)) == "");
}

TEST_CASE("the article of the confirmation moved: 194, 201, 205") {
  for (const auto& [day, article] : std::vector<std::pair<absl::CivilDay, std::string>>{
           {absl::CivilDay(2019, 5, 1), "194"}, {absl::CivilDay(2022, 5, 1), "201"}, {absl::CivilDay(2024, 5, 1), "205"}}) {
    const auto row = procedure::FindRow(kCaseProcedure, Case::APPLY_CONFIRMATION, Case::AGREED_WRITTEN, day);
    REQUIRE(row.ok());
    CHECK(std::string((*row)->law.article) == article);
  }
}

TEST_CASE("M6 民诉法解释 §355: status and ownership cannot be confirmed") {
  Case c = Mediating();
  c.mutable_particulars()->set_about_status(true);
  REQUIRE(Do(c, Case::AGREE, kDay, Signed("2024-08-20", "2024-08-20", "2024-08-20", "2024-08-20")) == "");
  CHECK(DueOf(c, "CONFIRM") == "");
  CHECK(Do(c, Case::APPLY_CONFIRMATION, kDay) == "NOT_CONFIRMABLE");
}

TEST_CASE("人民调解法 §30: an oral agreement is success, and has no confirmation") {
  Case c = Mediating();
  REQUIRE(Do(c, Case::AGREE_ORALLY, kDay, [](Case& x) {
            x.mutable_agreement()->set_form("1");
            x.mutable_agreement()->set_content("当场道歉");
            x.mutable_agreement()->set_agreed_on("2024-08-01");
            return absl::OkStatus();
          }) == "");
  CHECK(c.state() == Case::AGREED_ORAL);
  CHECK(Do(c, Case::APPLY_CONFIRMATION, kDay) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("M9: the dossier must be complete before it is filed") {
  Case c = Mediating();
  REQUIRE(Do(c, Case::FAIL, kDay) == "");
  CHECK(MissingPapers(c) == std::vector<std::string>{"当事人身份证明"});
  CHECK(Do(c, Case::ARCHIVE, kDay) == "DOSSIER_INCOMPLETE");
  CHECK(kDossierComplete.Why(c, Facts{}) == "卷宗必备文书不齐，不能归档：缺当事人身份证明");
  REQUIRE(Do(c, Case::ADD_PAPER, kDay, [](Case& x) {
            x.add_papers()->set_kind("IDENTITY_PROOF");
            return absl::OkStatus();
          }) == "");
  CHECK(Do(c, Case::ARCHIVE, kDay) == "");
  CHECK(c.state() == Case::ARCHIVED);
}

TEST_CASE("M9: a draft that came to nothing is no agreement of the dossier") {
  Case c = Mediating();
  REQUIRE(Do(c, Case::DRAFT_AGREEMENT, kDay, Signed("2024-08-01", "", "", "")) == "");
  REQUIRE(Do(c, Case::FAIL, kDay) == "");
  CHECK(MissingPapers(c) == std::vector<std::string>{"当事人身份证明"});
}

TEST_CASE("acts follow each other in time") {
  Case c = TwoParties();
  c.set_applied_on("2024-08-01");
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  CHECK(Do(c, Case::ACCEPT, absl::CivilDay(2024, 7, 31)) == "ACT_OUT_OF_ORDER");
  CHECK(Do(c, Case::ACCEPT, kDay) == "");
}

TEST_CASE("an extension must be later than the limit it extends") {
  Case c = Mediating();
  const auto until = [](const char* day) {
    return [day](Case& x) {
      x.set_extended_until(day);
      return absl::OkStatus();
    };
  };
  CHECK(Do(c, Case::EXTEND, kDay, until("2024-09-01")) == "EXTENSION_NOT_LATER");
  CHECK(Do(c, Case::EXTEND, kDay, until("2024-10-08")) == "");
  CHECK(DueOf(c, "CONCLUDE") == "2024-10-08");
}

TEST_CASE("what is archived is closed to every act but the court's answer") {
  Case c = TwoParties();
  c.set_state(Case::ARCHIVED);
  for (int act = Case::APPLY; act <= Case::ARCHIVE; ++act) {
    if (!Case::Act_IsValid(act)) continue;
    INFO(Case::Act_Name(static_cast<Case::Act>(act)));
    CHECK(Do(c, act, kDay) == "ACTION_NOT_ALLOWED");
  }
}

}  // namespace sifa::mediation
