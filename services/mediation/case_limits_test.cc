// Limits, effect and the order of days of law §3 on the table itself: values in, verdicts out.
#include "absl/strings/str_cat.h"
#include "services/mediation/case_fixture.h"

namespace sifa::mediation {

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
  CHECK(Do(c, Case::REVISE_AGREEMENT, absl::CivilDay(2024, 8, 20)) == "");
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

TEST_CASE(
    "特邀调解规定 §24(3): a delegated agreement takes effect with the parties' signatures alone, an ordinary one with all "
    "three") {
  const auto agreed = [](v1::Diversion::Kind kind, const char* first, const char* second, const char* mediator,
                         const char* seal) {
    Case c = Mediating();
    if (kind != v1::Diversion::KIND_UNSPECIFIED) c.mutable_particulars()->mutable_diversion()->set_kind(kind);
    REQUIRE(Do(c, Case::AGREE, absl::CivilDay(2024, 10, 31), Signed(first, second, mediator, seal)) == "");
    return c;
  };
  const Case delegated = agreed(v1::Diversion::DELEGATED, "2024-08-12", "2024-08-13", "2024-08-20", "2024-08-25");
  CHECK(FormatDay(EffectiveDay(delegated)) == "2024-08-13");
  CHECK(DueOf(delegated, "CONFIRM") == "2024-09-12");
  CHECK(FormatDay(CompleteDay(delegated)) == "2024-08-25");
  const Case own = agreed(v1::Diversion::KIND_UNSPECIFIED, "2024-08-12", "2024-08-13", "2024-08-20", "2024-08-25");
  CHECK(FormatDay(EffectiveDay(own)) == "2024-08-25");
  CHECK(DueOf(own, "CONFIRM") == "2024-09-24");
  const Case sealed_first = agreed(v1::Diversion::DELEGATED, "2024-08-12", "2024-08-13", "2024-08-12", "2024-08-12");
  CHECK(FormatDay(EffectiveDay(sealed_first)) == "2024-08-13");
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

TEST_CASE("acts follow each other in time") {
  Case c = TwoParties();
  c.set_applied_on("2024-08-01");
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  CHECK(Do(c, Case::ACCEPT, absl::CivilDay(2024, 7, 31)) == "ACT_OUT_OF_ORDER");
  CHECK(Do(c, Case::REJECT, absl::CivilDay(2024, 7, 31)) == "ACT_OUT_OF_ORDER");
  CHECK(Do(c, Case::ACCEPT, kDay) == "");
}

TEST_CASE("no act of the course is done before the one that it follows") {
  const auto day = [](int month, int day) { return absl::CivilDay(2024, month, day); };
  Case c = Mediating();
  REQUIRE(Do(c, Case::EXTEND, day(8, 20), [](Case& x) {
            x.set_extended_until("2024-10-08");
            x.set_extension_agreed(true);
            return absl::OkStatus();
          }) == "");
  Case failed = c;
  CHECK(Do(failed, Case::FAIL, day(8, 19), RoutesTold) == "ACT_OUT_OF_ORDER");
  CHECK(Do(failed, Case::FAIL, day(8, 20), RoutesTold) == "");
  // What counts is when it took effect, not when it is entered.
  REQUIRE(Do(c, Case::AGREE, day(9, 20), Signed("2024-08-15", "2024-08-22", "2024-08-22", "2024-08-22")) == "");
  CHECK(c.acted_on() == "2024-08-22");
  Case supervised = c;
  REQUIRE(Do(supervised, Case::SUPERVISE, day(9, 10)) == "");
  CHECK(Do(supervised, Case::DISPUTE, day(9, 5)) == "ACT_OUT_OF_ORDER");
  CHECK(Do(supervised, Case::PERFORM, day(9, 4)) == "ACT_OUT_OF_ORDER");
  CHECK(Do(supervised, Case::PERFORM, day(9, 10)) == "");
  CHECK(Do(c, Case::PERFORM, day(9, 4)) == "");  // nothing stands between
}

TEST_CASE("what stands beside the course is entered late, and holds nothing up") {
  Case c = Mediating();
  const absl::CivilDay late(2024, 8, 25);
  CHECK(Do(c, Case::INVITE, late) == "");
  CHECK(Do(c, Case::RECORD_SESSION, late) == "");
  CHECK(Do(c, Case::RECORD_SESSION, absl::CivilDay(2024, 8, 5)) == "");
  CHECK(c.acted_on() == "2024-08-01");
  CHECK(Do(c, Case::AGREE, late, Signed("2024-08-10", "2024-08-10", "2024-08-10", "2024-08-10")) == "");
}

TEST_CASE("民事诉讼法 §206: what follows from a court's answer is not before it, and a new agreement not before the change") {
  Case c = Mediating();
  REQUIRE(Do(c, Case::AGREE, absl::CivilDay(2024, 8, 20), Signed("2024-08-20", "2024-08-20", "2024-08-20", "2024-08-20")) == "");
  const auto answered = [](const char* result) {
    return [result](Case& x) {
      x.set_confirmation_result(result);
      x.set_confirmation_result_on("2024-09-10");
      return absl::OkStatus();
    };
  };
  Case refused = c;
  REQUIRE(Do(refused, Case::RECORD_CONFIRMATION, absl::CivilDay(2024, 9, 10), answered("NOT_ACCEPTED")) == "");
  CHECK(Do(refused, Case::APPLY_CONFIRMATION, absl::CivilDay(2024, 9, 9)) == "ACT_OUT_OF_ORDER");
  CHECK(Do(refused, Case::APPLY_CONFIRMATION, absl::CivilDay(2024, 9, 10)) == "");
  REQUIRE(Do(c, Case::RECORD_CONFIRMATION, absl::CivilDay(2024, 9, 10), answered("DISMISSED")) == "");
  Case performed = c;
  CHECK(Do(performed, Case::PERFORM, absl::CivilDay(2024, 9, 1)) == "");  // beside what the court does
  CHECK(Do(c, Case::REVISE_AGREEMENT, absl::CivilDay(2024, 9, 9)) == "ACT_OUT_OF_ORDER");
  REQUIRE(Do(c, Case::REVISE_AGREEMENT, absl::CivilDay(2024, 9, 12), [](Case& x) {
            x.clear_agreement();
            return absl::OkStatus();
          }) == "");
  const absl::CivilDay entered(2024, 9, 20);
  CHECK(Do(c, Case::AGREE, entered, Signed("2024-09-11", "2024-09-11", "2024-09-11", "2024-09-11")) == "ACT_OUT_OF_ORDER");
  CHECK(Do(c, Case::AGREE, entered, Signed("2024-09-11", "2024-09-13", "2024-09-13", "2024-09-13")) == "ACT_OUT_OF_ORDER");
  CHECK(Do(c, Case::DRAFT_AGREEMENT, entered, Signed("2024-09-11", "", "", "")) == "ACT_OUT_OF_ORDER");
  CHECK(Do(c, Case::AGREE, entered, Signed("2024-09-12", "2024-09-13", "2024-09-13", "2024-09-13")) == "");
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

}  // namespace sifa::mediation
