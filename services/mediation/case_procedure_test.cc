// The rules of law §3 on the table itself: values in, verdicts out. Its limits and days are in case_limits_test.cc.
#include "services/mediation/case_fixture.h"

namespace sifa::mediation {

TEST_CASE("M1 人民调解法 §17: a party's clear refusal blocks the application and the acceptance") {
  Case c = TwoParties();
  c.mutable_particulars()->mutable_parties(1)->set_refuses(true);
  CHECK(Do(c, Case::APPLY, kDay) == "PARTY_REFUSED");
  c.set_state(Case::APPLIED);
  CHECK(Do(c, Case::ACCEPT, kDay) == "PARTY_REFUSED");
}

TEST_CASE("M1 人民调解法 §17, §26: a party that refuses later ends the mediation at any time, and is brought to no agreement") {
  const auto refuse = [](Case& x) {
    x.mutable_particulars()->mutable_parties(1)->set_refuses(true);
    return absl::OkStatus();
  };
  Case c = Mediating();
  REQUIRE(Do(c, Case::EDIT, kDay, refuse) == "");
  for (const int act : {Case::RECORD_SESSION, Case::EXTEND, Case::DRAFT_AGREEMENT, Case::AGREE, Case::AGREE_ORALLY}) {
    CHECK(Do(c, act, kDay, Signed("2024-08-01", "2024-08-01", "2024-08-01", "2024-08-01")) == "PARTY_REFUSED");
  }
  CHECK(Do(c, Case::FAIL, kDay, RoutesTold) == "");
  for (const auto state : {Case::ACCEPTED, Case::ASSIGNED}) {
    Case early = TwoParties();
    early.set_state(state);
    CHECK(Do(early, Case::FAIL, kDay) == "ROUTES_NOT_TOLD");
    CHECK(Do(early, Case::FAIL, kDay, RoutesTold) == "");
    CHECK(early.state() == Case::FAILED);
  }
}

TEST_CASE("人民调解法 §35: what is done before the law is in force is refused for that reason") {
  const auto row = procedure::FindRow(kCaseProcedure, Case::APPLY, TwoParties(), absl::CivilDay(2010, 12, 31));
  CHECK(ReasonOf(row.status()) == "LAW_NOT_IN_FORCE");
  CHECK(row.status().message() == "《人民调解法》第17条自2011-01-01起施行，2010-12-31尚不能“申请”");
  CHECK(LawOf(row.status()) == "《人民调解法》第17条");
  CHECK(procedure::FindRow(kCaseProcedure, Case::APPLY, TwoParties(), absl::CivilDay(2011, 1, 1)).ok());
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

TEST_CASE("M10: nobody stands on both sides of a dispute") {
  Case c = TwoParties();
  c.mutable_particulars()->mutable_parties(0)->set_id_number("37020219851130422X");
  CHECK(Do(c, Case::APPLY, kDay) == "SAME_PARTY_ON_BOTH_SIDES");
  CHECK(kSidesDiffer.Why(c, Facts{}) == "同一证件号码不能同时是双方的当事人：第1位、第2位当事人");
  auto* by_card = c.mutable_particulars()->mutable_parties(0);
  by_card->clear_id_number();
  by_card->set_certificate_type("111");
  by_card->set_certificate_number("37020219851130422X");
  CHECK(Do(c, Case::APPLY, kDay) == "SAME_PARTY_ON_BOTH_SIDES");
  by_card->set_certificate_type("414");
  CHECK(Do(c, Case::APPLY, kDay) == "");
}

TEST_CASE("M10: a permit of permanent residence bears the number that its holder may also be entered by") {
  Case c = TwoParties();
  auto* holder = c.mutable_particulars()->mutable_parties(0);
  holder->clear_id_number();
  holder->set_certificate_type("553");
  holder->set_certificate_number("933070199003070014");
  c.mutable_particulars()->mutable_parties(1)->set_id_number("933070199003070014");
  CHECK(Do(c, Case::APPLY, kDay) == "SAME_PARTY_ON_BOTH_SIDES");
  c.mutable_particulars()->mutable_parties(1)->set_id_number("37020219851130422X");
  CHECK(Do(c, Case::APPLY, kDay) == "");
}

TEST_CASE("M10: a party that has not said on whose side it is stands for itself") {
  Case c = TwoParties();
  c.mutable_particulars()->mutable_parties(0)->clear_side();
  c.mutable_particulars()->mutable_parties(1)->set_side(1);
  CHECK(Do(c, Case::APPLY, kDay) == "");
}

TEST_CASE("M11: at most five representatives of a side") {
  Case c = TwoParties();
  const auto add = [&](int side) {
    auto* party = c.mutable_particulars()->add_parties();
    party->set_id_number(side == 1 ? "33078319900307001X" : "37020219851130422X");
    party->set_representative(true);
    party->set_side(side);
  };
  for (int i = 0; i < 5; ++i) add(1);
  for (int i = 0; i < 5; ++i) add(2);
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  Case of_five_each = c;
  CHECK(Do(of_five_each, Case::ACCEPT, kDay) == "");
  add(1);
  CHECK(Do(c, Case::ACCEPT, kDay) == "TOO_MANY_REPRESENTATIVES");
  CHECK(kFewRepresentatives.Why(c, Facts{}) == "一方当事人共同推举的代表人超过规定人数：至多5人");
}

TEST_CASE("M11 人民调解法 §29: a representative's signature is none of those whom it represents") {
  Case c = Mediating();
  c.mutable_particulars()->mutable_parties(0)->set_representative(true);
  auto* represented = c.mutable_particulars()->add_parties();
  *represented = c.particulars().parties(0);
  represented->set_representative(false);
  CHECK(Do(c, Case::AGREE, kDay, Signed("2024-08-01", "2024-08-01", "2024-08-01", "2024-08-01")) == "PARTY_SIGNATURE_MISSING");
}

TEST_CASE("M7 特邀调解规定 §15: who is related or interested does not mediate, unless the parties waive it") {
  Case c = TwoParties();
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  REQUIRE(Do(c, Case::ACCEPT, kDay) == "");
  const auto assign = [](const char* mediator, bool waived) {
    return [=](Case& x) {
      x.add_conflicted("M1");
      x.add_mediators(mediator);
      x.set_conflict_waived(waived);
      return absl::OkStatus();
    };
  };
  CHECK(Do(c, Case::ASSIGN, kDay, assign("M1", false)) == "MEDIATOR_CONFLICTED");
  Case recused = c, waived = c;
  CHECK(Do(recused, Case::ASSIGN, kDay, assign("M2", false)) == "");
  CHECK(Do(waived, Case::ASSIGN, kDay, assign("M1", true)) == "");
  waived.set_state(Case::MEDIATING);
  CHECK(Do(waived, Case::ASSIGN, kDay, assign("M1", false)) == "MEDIATOR_CONFLICTED");
}

TEST_CASE("人民调解法 §26: whoever ends an accepted case tells of the other routes; before acceptance there is nothing to tell") {
  Case c = TwoParties();
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  Case early = c;
  CHECK(Do(early, Case::WITHDRAW, kDay) == "");
  CHECK(early.papers().empty());
  REQUIRE(Do(c, Case::ACCEPT, kDay) == "");
  CHECK(Do(c, Case::WITHDRAW, kDay) == "ROUTES_NOT_TOLD");
  CHECK(Do(c, Case::WITHDRAW, kDay, RoutesTold) == "");
  Case mediated = Mediating();
  CHECK(Do(mediated, Case::FAIL, kDay) == "ROUTES_NOT_TOLD");
}

TEST_CASE("人民调解法 §25: a risk is reported also after the agreement") {
  for (const auto state : {Case::APPLIED, Case::MEDIATING, Case::AGREED_WRITTEN, Case::AGREED_ORAL, Case::PERFORMING, Case::DISPUTED}) {
    Case c = TwoParties();
    c.set_state(state);
    CHECK(Do(c, Case::REPORT_RISK, kDay) == "");
  }
}

TEST_CASE("nobody is offered what is only done together with another act") {
  for (const auto& [state, act] : {std::pair{Case::AGREED_WRITTEN, Case::RECORD_CONFIRMATION}, {Case::VOIDED, Case::IMPORT}}) {
    Case c = TwoParties();
    c.set_state(state);
    for (const auto& option : procedure::Options(kCaseProcedure, c, Facts{kDay, kDay, &TestCalendar()})) CHECK(option.row->act != act);
  }
}

TEST_CASE("M10, M11: an accepted case stays one that may be accepted") {
  Case c = TwoParties();
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  const auto unidentified = [](Case& x) {
    x.mutable_particulars()->mutable_parties(1)->clear_id_number();
    return absl::OkStatus();
  };
  Case applied = c;
  CHECK(Do(applied, Case::EDIT, kDay, unidentified) == "");
  REQUIRE(Do(c, Case::ACCEPT, kDay) == "");
  CHECK(Do(c, Case::EDIT, kDay, unidentified) == "PARTY_NOT_IDENTIFIED");
  CHECK(Do(c, Case::EDIT, kDay, [](Case& x) {
          x.mutable_particulars()->set_reserved_to_other_organ(true);
          return absl::OkStatus();
        }) == "RESERVED_TO_OTHER_ORGAN");
  CHECK(Do(c, Case::EDIT, kDay, [](Case& x) {
          x.mutable_particulars()->set_source("31");
          return absl::OkStatus();
        }) == "DIVERSION_MISSING");
  Case mediated = Mediating();
  CHECK(Do(mediated, Case::SIGN, kDay) == "AGREEMENT_NOT_DRAFTED");
  REQUIRE(Do(mediated, Case::DRAFT_AGREEMENT, kDay, Signed("2024-08-01", "", "", "")) == "");
  CHECK(Do(mediated, Case::EDIT, kDay) == "SIGNED_ALREADY");
}

TEST_CASE("M9: the dossier must be complete before it is filed: what others bring or sign, by its scan") {
  const std::vector<procedure::File> identity = {{"F1", "IDENTITY_PROOF"}};
  Case c = Mediating();
  SECTION("without an agreement") {
    REQUIRE(Do(c, Case::FAIL, kDay, RoutesTold) == "");
    CHECK(Do(c, Case::ARCHIVE, kDay) == "DOSSIER_INCOMPLETE");
    CHECK(kDossierComplete.Why(c, Facts{}) == "卷宗必备文书不齐，不能归档：缺当事人身份证明的扫描件（附件）");
    CHECK(Do(c, Case::ARCHIVE, kDay, {}, identity) == "");
    CHECK(c.state() == Case::ARCHIVED);
  }
  SECTION("a draft that came to nothing is no agreement") {
    REQUIRE(Do(c, Case::DRAFT_AGREEMENT, kDay, Signed("2024-08-01", "", "", "")) == "");
    REQUIRE(Do(c, Case::FAIL, kDay, RoutesTold) == "");
    CHECK(Do(c, Case::ARCHIVE, kDay, {}, identity) == "");
  }
  SECTION("with a written agreement, the paper that all have signed") {
    c.set_state(Case::PERFORMED);
    c.mutable_agreement()->set_form("2");
    c.mutable_agreement()->set_effective_on("2024-08-01");
    Facts facts;
    facts.files = identity;
    CHECK(MissingPapers(c, facts) == std::vector<std::string>{"各方签署的调解协议书的扫描件（附件）"});
    facts.files.push_back({"F2", ""});
    CHECK_FALSE(MissingPapers(c, facts).empty());
    const auto names = [](const char* file) {
      return [file](Case& x) {
        auto* paper = x.add_papers();
        paper->set_kind("AGREEMENT");
        paper->set_attachment(file);
        return absl::OkStatus();
      };
    };
    CHECK(Do(c, Case::ADD_PAPER, kDay, names("F9"), facts.files) == "ATTACHMENT_UNKNOWN");
    REQUIRE(Do(c, Case::ADD_PAPER, kDay, names("F2"), facts.files) == "");
    CHECK(MissingPapers(c, facts).empty());
  }
  SECTION("while the court has the confirmation, its ruling is still to come into the dossier") {
    c.set_state(Case::PERFORMED);
    for (const char* open : {"APPLIED", "ACCEPTED"}) {
      c.set_confirmation_result(open);
      CHECK(Do(c, Case::ARCHIVE, kDay, {}, identity) == "CONFIRMATION_OPEN");
    }
    c.set_confirmation_result("CONFIRMED");
    CHECK(Do(c, Case::ARCHIVE, kDay, {}, identity) == "");
  }
  SECTION("what was withdrawn before it was accepted has no dossier") {
    c = TwoParties();
    REQUIRE(Do(c, Case::APPLY, kDay) == "");
    REQUIRE(Do(c, Case::WITHDRAW, kDay) == "");
    CHECK(Do(c, Case::ARCHIVE, kDay) == "");
  }
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
