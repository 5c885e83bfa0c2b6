// The rules of law §3 on the table itself: values in, verdicts out.
#include "services/mediation/case_procedure.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
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
std::string Do(Case& c, int act, absl::CivilDay day, const Change& change = {}, std::vector<procedure::File> files = {}) {
  const auto row = procedure::FindRow(kCaseProcedure, act, c, day);
  if (!row.ok()) return ReasonOf(row.status());
  Case after = c;
  Facts facts{day, day, &TestCalendar()};
  facts.files = std::move(files);
  const auto applied = procedure::Perform<Case>(kCaseProcedure, **row, facts, change, &after);
  if (applied.ok()) c = after;
  return ReasonOf(applied.status());
}

const absl::CivilDay kDay(2024, 8, 1);

absl::Status RoutesTold(Case& c) {
  c.set_routes_told(true);
  return absl::OkStatus();
}

Case Mediating() {
  Case c = TwoParties();
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  REQUIRE(Do(c, Case::ACCEPT, kDay, [](Case& x) {
            x.set_accepted_on("2024-08-01");
            return absl::OkStatus();
          }) == "");
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
    agreement->set_agreed_on(*first ? first : "2024-08-20");
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

std::string LawOf(const absl::Status& refused) {
  google::rpc::ErrorInfo info;
  REQUIRE(ToProto(refused).details(0).UnpackTo(&info));
  return info.metadata().at("law");
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
  by_card->set_certificate_number("37020219851130422x");
  CHECK(Do(c, Case::APPLY, kDay) == "SAME_PARTY_ON_BOTH_SIDES");
  by_card->set_certificate_type("414");
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

TEST_CASE("M3: what was signed in time is concluded in time, whenever it is entered") {
  Case c = Mediating();
  REQUIRE(DueOf(c, "CONCLUDE") == "2024-09-02");
  REQUIRE(Do(c, Case::AGREE, absl::CivilDay(2024, 10, 8), Signed("2024-08-20", "2024-08-30", "2024-08-22", "2024-08-21")) == "");
  CHECK(procedure::FindClock(c.mutable_clocks(), "CONCLUDE")->ended_on() == "2024-08-30");
  Case oral = Mediating();
  REQUIRE(Do(oral, Case::AGREE_ORALLY, absl::CivilDay(2024, 10, 8), Signed("2024-08-20", "", "", "")) == "");
  CHECK(procedure::FindClock(oral.mutable_clocks(), "CONCLUDE")->ended_on() == "2024-08-20");
}

TEST_CASE("民事诉讼法 §205: confirmation is asked within 30 days of effect; a make-up Sunday does not roll over") {
  Case c = Mediating();
  REQUIRE(Do(c, Case::AGREE, absl::CivilDay(2024, 8, 30), Signed("2024-08-20", "2024-08-30", "2024-08-22", "2024-08-21")) == "");
  CHECK(DueOf(c, "CONFIRM") == "2024-09-29");
  Case late = c;
  CHECK(Do(late, Case::APPLY_CONFIRMATION, absl::CivilDay(2024, 9, 30)) == "CONFIRMATION_TOO_LATE");
  CHECK(Do(c, Case::APPLY_CONFIRMATION, absl::CivilDay(2024, 9, 29)) == "");
}

TEST_CASE("the article of the confirmation moved: 194, 201, 205; acts, limits and refusals cite that of their day") {
  for (const auto& [year, article] : std::vector<std::pair<int, std::string>>{{2019, "194"}, {2022, "201"}, {2024, "205"}}) {
    Case c = TwoParties();
    c.set_state(Case::MEDIATING);
    c.add_sessions()->set_minutes("双方到场");
    const std::string on = absl::StrCat(year, "-03-04");
    REQUIRE(Do(c, Case::AGREE, absl::CivilDay(year, 3, 4), [&](Case& x) -> absl::Status {
              RETURN_IF_ERROR(Signed(on.c_str(), on.c_str(), on.c_str(), on.c_str())(x));
              x.mutable_agreement()->set_agreed_on(on);
              return absl::OkStatus();
            }) == "");
    CHECK(procedure::FindClock(c.mutable_clocks(), "CONFIRM")->period().article() == article);
    const absl::CivilDay day(year, 5, 6);
    const auto row = procedure::FindRow(kCaseProcedure, Case::APPLY_CONFIRMATION, c, day);
    REQUIRE(row.ok());
    CHECK((*row)->law.On(day).ToString() == absl::StrCat("《民事诉讼法》第", article, "条"));
    const auto refused = procedure::CheckAll((*row)->guards, c, Facts{day, day, &TestCalendar()});
    CHECK(ReasonOf(refused) == "CONFIRMATION_TOO_LATE");
    CHECK(LawOf(refused) == absl::StrCat("《民事诉讼法》第", article, "条"));
  }
}

TEST_CASE("a limit that ends in a year without published holidays refuses no lawful application") {
  Case c = Mediating();
  const absl::CivilDay effective(2026, 12, 2);
  REQUIRE(Do(c, Case::AGREE, effective, Signed("2026-12-02", "2026-12-02", "2026-12-02", "2026-12-02")) == "");
  CHECK(DueOf(c, "CONFIRM") == "2027-01-01");
  Case late = c;
  CHECK(Do(late, Case::APPLY_CONFIRMATION, absl::CivilDay(2027, 2, 1)) == "CONFIRMATION_TOO_LATE");
  CHECK(Do(c, Case::APPLY_CONFIRMATION, absl::CivilDay(2027, 1, 4)) == "");
}

TEST_CASE("民事诉讼法 §206: after a dismissal the refusal names what the parties may do") {
  Case c = Mediating();
  REQUIRE(Do(c, Case::AGREE, kDay, Signed("2024-08-20", "2024-08-20", "2024-08-20", "2024-08-20")) == "");
  c.set_confirmation_result("DISMISSED");
  CHECK(Do(c, Case::APPLY_CONFIRMATION, kDay) == "CONFIRMATION_DISMISSED");
  CHECK(Do(c, Case::REVISE_AGREEMENT, kDay) == "");
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

TEST_CASE("特邀调解规定 §20, 民事诉讼法 §98: of what a court has filed it makes its own paper, and confirms nothing") {
  for (const auto& [kind, reason] : {std::pair{v1::Diversion::ENTRUSTED, "ENTRUSTED_BY_COURT"}, {v1::Diversion::INVITED, "INVITED_BY_COURT"},
                                     {v1::Diversion::DELEGATED, ""}}) {
    Case c = Mediating();
    c.mutable_particulars()->mutable_diversion()->set_kind(kind);
    REQUIRE(Do(c, Case::AGREE, kDay, Signed("2024-08-20", "2024-08-20", "2024-08-20", "2024-08-20")) == "");
    CHECK(MayBeConfirmed(c) == (kind == v1::Diversion::DELEGATED));
    CHECK(Do(c, Case::APPLY_CONFIRMATION, kDay) == reason);
  }
}

TEST_CASE("M5 特邀调解规定 §27: delegated 30 days, entrusted 15 or in summary procedure 7, from the mediator's acceptance") {
  struct Limit {
    v1::Diversion::Kind kind;
    bool summary;
    const char* due;
  };
  for (const Limit& limit : {Limit{v1::Diversion::DELEGATED, false, "2024-08-02"}, {v1::Diversion::ENTRUSTED, false, "2024-07-18"},
                             {v1::Diversion::ENTRUSTED, true, "2024-07-10"}, {v1::Diversion::INVITED, false, "2024-08-05"}}) {
    Case c = TwoParties();
    const absl::CivilDay day(2024, 7, 3);
    REQUIRE(Do(c, Case::APPLY, day) == "");
    c.mutable_particulars()->set_source("31");
    CHECK(Do(c, Case::ACCEPT, day) == "DIVERSION_MISSING");
    c.mutable_particulars()->mutable_diversion()->set_kind(limit.kind);
    c.mutable_particulars()->mutable_diversion()->set_summary(limit.summary);
    REQUIRE(Do(c, Case::ACCEPT, day, [](Case& x) {
              x.set_accepted_on("2024-07-03");
              return absl::OkStatus();
            }) == "");
    CHECK(DueOf(c, "CONCLUDE") == limit.due);
  }
  Case own = TwoParties();
  own.mutable_particulars()->set_source("2");
  own.mutable_particulars()->mutable_diversion()->set_kind(v1::Diversion::DELEGATED);
  REQUIRE(Do(own, Case::APPLY, kDay) == "");
  CHECK(Do(own, Case::ACCEPT, kDay) == "DIVERSION_MISSING");
}

TEST_CASE("M2: an oral agreement that is written down takes effect with its signatures, and may then be confirmed") {
  Case c = Mediating();
  REQUIRE(Do(c, Case::AGREE_ORALLY, kDay, [](Case& x) {
            x.mutable_agreement()->set_form("1");
            x.mutable_agreement()->set_content("当场道歉");
            x.mutable_agreement()->set_agreed_on("2024-08-01");
            return absl::OkStatus();
          }) == "");
  const absl::CivilDay later(2024, 8, 30);
  Case performing = c;
  REQUIRE(Do(performing, Case::SUPERVISE, kDay) == "");
  CHECK(Do(performing, Case::WRITE_DOWN, later, Signed("2024-08-20", "2024-08-30", "2024-08-22", "2024-08-21")) == "");
  CHECK(performing.state() == Case::PERFORMING);
  CHECK(DueOf(performing, "CONFIRM") == "2024-09-29");
  CHECK(Do(performing, Case::WRITE_DOWN, later) == "AGREEMENT_WRITTEN");
  CHECK(Do(performing, Case::APPLY_CONFIRMATION, later) == "");
  CHECK(Do(c, Case::WRITE_DOWN, later, Signed("2024-08-20", "", "2024-08-22", "2024-08-21")) == "PARTY_SIGNATURE_MISSING");
  CHECK(Do(c, Case::WRITE_DOWN, later, Signed("2024-08-20", "2024-08-30", "2024-08-22", "2024-08-21")) == "");
  CHECK(c.state() == Case::AGREED_WRITTEN);
  CHECK(DueOf(c, "CONFIRM") == "2024-09-29");
  CHECK(Do(c, Case::APPLY_CONFIRMATION, later) == "");
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

TEST_CASE("acts follow each other in time") {
  Case c = TwoParties();
  c.set_applied_on("2024-08-01");
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  CHECK(Do(c, Case::ACCEPT, absl::CivilDay(2024, 7, 31)) == "ACT_OUT_OF_ORDER");
  CHECK(Do(c, Case::REJECT, absl::CivilDay(2024, 7, 31)) == "ACT_OUT_OF_ORDER");
  CHECK(Do(c, Case::ACCEPT, kDay) == "");
}

TEST_CASE("the days that a case carries follow each other, and the refusal names the two that do not") {
  Case c = TwoParties();
  c.set_state(Case::PERFORMED);
  c.set_applied_on("2024-08-01");
  c.set_accepted_on("2024-08-02");
  c.set_assigned_on("2024-08-03");
  c.add_sessions()->set_held_on("2024-08-05");
  c.mutable_agreement()->set_agreed_on("2024-08-05");
  c.mutable_agreement()->add_signatures()->set_signed_on("2024-08-06");
  c.mutable_agreement()->set_mediator_signed_on("2024-08-06");
  c.mutable_agreement()->set_sealed_on("2024-08-06");
  c.mutable_agreement()->set_effective_on("2024-08-06");
  c.mutable_agreement()->set_perform_by("2024-08-20");
  c.set_concluded_on("2024-08-06");
  c.set_performed_on("2024-08-10");
  c.add_revisits()->set_visited_on("2024-08-12");
  const Facts facts{absl::CivilDay(2024, 9, 1), absl::CivilDay(2024, 8, 15), &TestCalendar()};
  REQUIRE(kInOrder.holds(c, facts));
  const auto wrong = [&](const std::function<void(Case&)>& change) {
    Case x = c;
    change(x);
    CHECK_FALSE(kInOrder.holds(x, facts));
    return kInOrder.detail(x, facts);
  };
  CHECK(wrong([](Case& x) { x.set_accepted_on("2024-07-31"); }) == "受理日期2024-07-31早于申请日期2024-08-01");
  CHECK(wrong([](Case& x) { x.mutable_sessions(0)->set_held_on("2024-08-01"); }) == "调解日期2024-08-01早于受理日期2024-08-02");
  CHECK(wrong([](Case& x) { x.mutable_sessions(0)->set_held_on("2024-08-07"); }) == "办结日期2024-08-06早于调解日期2024-08-07");
  CHECK(wrong([](Case& x) { x.mutable_agreement()->mutable_signatures(0)->set_signed_on("2024-08-04"); }) ==
        "当事人签名日期2024-08-04早于达成协议日期2024-08-05");
  CHECK(wrong([](Case& x) { x.mutable_agreement()->set_sealed_on("2024-08-01"); }) == "盖章日期2024-08-01早于受理日期2024-08-02");
  CHECK(wrong([](Case& x) { x.mutable_agreement()->set_perform_by("2024-08-04"); }) == "履行期限2024-08-04早于达成协议日期2024-08-05");
  CHECK(wrong([](Case& x) { x.mutable_agreement()->set_effective_on("2024-08-16"); }).find("协议生效日期2024-08-16") != std::string::npos);
  CHECK(wrong([](Case& x) { x.set_performed_on("2024-08-05"); }) == "履行日期2024-08-05早于办结日期2024-08-06");
  CHECK(wrong([](Case& x) { x.mutable_revisits(0)->set_visited_on("2024-08-05"); }) == "回访日期2024-08-05早于办结日期2024-08-06");
  CHECK(wrong([](Case& x) { x.set_archived_on("2024-08-09"); }) == "归档日期2024-08-09早于履行日期2024-08-10");
  CHECK(Do(c, Case::REVISIT, absl::CivilDay(2024, 8, 9)) == "ACT_OUT_OF_ORDER");
}

TEST_CASE("an extension must be later than the limit it extends") {
  Case c = Mediating();
  const auto until = [](const char* day) {
    return [day](Case& x) {
      x.set_extended_until(day);
      x.set_extension_agreed(true);
      return absl::OkStatus();
    };
  };
  CHECK(Do(c, Case::EXTEND, kDay) == "EXTENSION_WITHOUT_CONSENT");
  CHECK(Do(c, Case::EXTEND, kDay, until("2024-09-01")) == "EXTENSION_NOT_LATER");
  CHECK(Do(c, Case::EXTEND, kDay, until("2024-10-08")) == "");
  CHECK(DueOf(c, "CONCLUDE") == "2024-10-08");
}

TEST_CASE("人民调解工作若干规定 §33: a limit that has run out is not extended; what was agreed in time is entered with its day") {
  Case c = Mediating();
  const auto until = [](Case& x) {
    x.set_extended_until("2024-10-08");
    x.set_extension_agreed(true);
    return absl::OkStatus();
  };
  REQUIRE(DueOf(c, "CONCLUDE") == "2024-09-02");
  CHECK(Do(c, Case::EXTEND, absl::CivilDay(2024, 9, 3), until) == "EXTENSION_TOO_LATE");
  CHECK(kLimitNotPast.Why(c, Facts{}) == "调解期限届满后不能再同意延长；届满前已经同意的，按同意的日期补录：期限至2024-09-02");
  CHECK(Do(c, Case::EXTEND, absl::CivilDay(2024, 9, 2), until) == "");
}

TEST_CASE("M5: the extension of what a court sent stands in the court's rules") {
  Case c = Mediating();
  const auto law = [&] { return (*procedure::FindRow(kCaseProcedure, Case::EXTEND, c, kDay))->law.On(kDay).ToString(); };
  CHECK(law() == "《人民调解工作若干规定》第33条");
  c.mutable_particulars()->mutable_diversion()->set_kind(v1::Diversion::DELEGATED);
  CHECK(law() == "《最高人民法院关于人民法院特邀调解的规定》第27条");
  const absl::CivilDay late(2024, 9, 3);
  const auto refused = procedure::CheckAll((*procedure::FindRow(kCaseProcedure, Case::EXTEND, c, late))->guards, c, Facts{late, late});
  CHECK(ReasonOf(refused) == "EXTENSION_TOO_LATE");
  CHECK(LawOf(refused) == "《人民法院在线调解规则》第25条");
  const auto options = procedure::Options(kCaseProcedure, c, Facts{kDay, kDay, &TestCalendar()});
  CHECK(std::count_if(options.begin(), options.end(), [](const auto& o) { return o.row->act == Case::EXTEND; }) == 1);
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
