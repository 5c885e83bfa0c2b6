// Confirmations beside their cases: what the one does shows on the other, in the same transaction.
#include <catch2/catch.hpp>

#include "libs/casework/watcher.h"
#include "libs/casework/work.h"
#include "services/mediation/correction_fixture.h"

namespace sifa::mediation {
namespace {

struct Court : CorrectionFixture {
  v1::ApplyConfirmationRequest Joint(const Case& c) {
    v1::ApplyConfirmationRequest r;
    r.set_case_id(c.id());
    r.set_court("东阳市人民法院");
    r.set_jurisdiction(Confirmation::ORGANISATION_PLACE);
    for (int party = 0; party < c.particulars().parties_size(); ++party) r.add_applicants(party);
    for (auto document : {Confirmation::AGREEMENT, Confirmation::MEDIATION_PROOF, Confirmation::IDENTITY_PROOF}) r.add_enclosed(document);
    return r;
  }
  absl::StatusOr<Confirmation> Ask(const Case& c) {
    auto call = Call("ConfirmationService/ApplyConfirmation", mediator);
    return Do<Confirmation>(call, Joint(c));
  }
  Confirmation Record(const Confirmation& c, const std::string& method, Confirmation::Ground ground = {}) {
    v1::RecordConfirmationRequest r;
    r.set_id(c.id());
    if (method == "AcceptConfirmation") r.set_number("（2024）浙0783民特1号");
    r.set_ground(ground);
    auto call = Call("ConfirmationService/" + method, officer);
    return Must(Do<Confirmation>(call, r));
  }
  Confirmation Confirmed(const Case& c) {
    const Confirmation accepted = Record(Must(Ask(c)), "AcceptConfirmation");
    return Record(accepted, "ConfirmAgreement");
  }
  Confirmation Again(const Confirmation& c) {
    return static_cast<const Confirmation&>(*Must(casework::LoadObject(backend(), confirmations.type(), c.id())));
  }
  // A case whose first application was withdrawn and whose second one is confirmed.
  Case ConfirmedAtTheSecond(Confirmation* first, Confirmation* second) {
    const Case agreed = Agree(Accept(Apply()));
    *first = Record(Must(Ask(agreed)), "WithdrawConfirmation");
    *second = Record(Must(Ask(agreed)), "AcceptConfirmation");
    *second = Record(*second, "ConfirmAgreement");
    return Reload(agreed);
  }
  void Revise(const Case& c) {
    v1::CaseActRequest r;
    r.set_id(c.id());
    auto call = Call("CaseService/ReviseAgreement", mediator);
    Must(Do<Case>(call, r));
  }
  static const casework::v1::Clock& ClockOf(const Case& c, const std::string& kind) {
    for (const auto& clock : c.clocks()) {
      if (clock.kind() == kind) return clock;
    }
    FAIL("no clock " << kind);
    std::abort();
  }
};

}  // namespace

TEST_CASE("a case names its confirmation from the application on, and only a refusal has a ground") {
  Court court;
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  const Confirmation asked = Must(court.Ask(agreed));
  CHECK(court.Reload(agreed).confirmation() == asked.id());
  v1::RecordConfirmationRequest r;
  r.set_id(asked.id());
  r.set_number("（2024）浙0783民特1号");
  r.set_ground(Confirmation::UNCLEAR);
  auto call = court.Call("ConfirmationService/AcceptConfirmation", court.officer);
  CHECK(ReasonOf(court.Do<Confirmation>(call, r).status()) == "FIELD_NOT_APPLICABLE");
  const Confirmation confirmed = court.Record(asked, "AcceptConfirmation");
  const auto reason = [&](const char* path, const char* content) {
    return ReasonOf(court.Request(Court::Amending(confirmed, path, content)).status());
  };
  CHECK(reason("ground", R"({"ground": "UNCLEAR"})") == "ACT_NOT_DONE");
  CHECK(reason("jurisdiction", "{}") == "FIELD_REQUIRED");
}

TEST_CASE("民事诉讼法 §250: a confirmed agreement stays on the worklist until the right to enforcement lapses") {
  Court court;
  const std::vector<const casework::ObjectType*> types = {&court.confirmations.type()};
  casework::WorkService work(court.backend(), types);
  casework::Watcher watcher(court.backend(), "watcher-a", types);
  court.Confirmed(court.Agree(court.Accept(court.Apply())));
  const auto todo = [&] {
    auto call = court.OfficeCall("WorkService/ListWork", court.head);
    casework::v1::ListWorkRequest r;
    r.set_counts(true);
    return Must(work.List(call, r));
  };
  REQUIRE(todo().items_size() == 1);
  CHECK(todo().items(0).due_on() == "2026-09-02");  // two years of the ruling: the agreement names no day
  CHECK(todo().items(0).clock() == "ENFORCEMENT");
  court.office.clock.Set(absl::CivilSecond(2026, 6, 3, 9, 0, 0));
  CHECK(Must(watcher.LookOnce()) == 0);
  court.office.clock.Set(absl::CivilSecond(2026, 6, 4, 9, 0, 0));
  CHECK(Must(watcher.LookOnce()) == 1);
  CHECK(todo().items(0).colour() == casework::v1::Clock::YELLOW);
  court.office.clock.Set(absl::CivilSecond(2026, 9, 3, 9, 0, 0));
  CHECK(Must(watcher.LookOnce()) == 0);
  CHECK(todo().items_size() == 0);
  CHECK(todo().counts(0).red() == 0);
}

TEST_CASE("what the court did not accept may be asked for again within the thirty days") {
  Court court;
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  const Confirmation first = Must(court.Ask(agreed));
  CHECK(Court::ClockOf(court.Reload(agreed), "CONFIRM").state() == casework::v1::Clock::STOPPED);
  CHECK(ReasonOf(court.Ask(agreed).status()) == "CONFIRMATION_PENDING");
  court.Record(first, "RefuseConfirmation", Confirmation::WRONG_COURT);
  const auto running = Court::ClockOf(court.Reload(agreed), "CONFIRM");
  CHECK(running.state() == casework::v1::Clock::RUNNING);
  CHECK(running.due_on() == "2024-10-08");  // not lengthened
  CHECK(Must(court.Ask(agreed)).state() == Confirmation::APPLIED);
}

TEST_CASE("民事诉讼法 §206: an agreement that the court dismissed is changed by mediation, and its like never otherwise") {
  Court court;
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  v1::CaseActRequest revise;
  revise.set_id(agreed.id());
  auto early = court.Call("CaseService/ReviseAgreement", court.mediator);
  CHECK(ReasonOf(court.Do<Case>(early, revise).status()) == "AGREEMENT_NOT_DISMISSED");
  const Confirmation accepted = court.Record(Must(court.Ask(agreed)), "AcceptConfirmation");
  court.Record(accepted, "DismissConfirmation", Confirmation::UNCLEAR);
  CHECK(ReasonOf(court.Ask(agreed).status()) == "CONFIRMATION_DISMISSED");
  auto call = court.Call("CaseService/ReviseAgreement", court.mediator);
  const Case revised = Must(court.Do<Case>(call, revise));
  CHECK(revised.state() == Case::MEDIATING);
  CHECK_FALSE(revised.has_agreement());
  CHECK(revised.confirmation_result().empty());
  CHECK(Court::ClockOf(revised, "CONCLUDE").due_on() == "2024-10-08");
  const Case again = court.Agree(revised);
  CHECK(Must(court.Ask(again)).state() == Confirmation::APPLIED);
}

TEST_CASE("a correction of an earlier confirmation does not reach the case, whose agreement rests on the latest") {
  Court court;
  Confirmation first, second;
  const Case c = court.ConfirmedAtTheSecond(&first, &second);
  REQUIRE(c.confirmation_result() == "CONFIRMED");
  court.Amend(first, "court", R"({"court": "义乌市人民法院"})");
  CHECK(court.Again(first).court() == "义乌市人民法院");
  CHECK(court.Reload(c).etag() == c.etag());
  court.Correct(first, Correction::VOID);
  const Case after = court.Reload(c);
  CHECK(after.confirmation_result() == "CONFIRMED");
  CHECK(after.confirmation_applied_on() == "2024-09-02");
  CHECK(Court::ClockOf(after, "CONFIRM").state() == casework::v1::Clock::STOPPED);
  SECTION("and when the latest is voided too, there is none") {
    court.Correct(second, Correction::VOID);
    CHECK(court.Reload(c).confirmation_result().empty());
    CHECK(Court::ClockOf(court.Reload(c), "CONFIRM").state() == casework::v1::Clock::RUNNING);
  }
}

TEST_CASE("when the latest confirmation is voided, the case shows the one before") {
  Court court;
  Confirmation first, second;
  const Case c = court.ConfirmedAtTheSecond(&first, &second);
  const Correction done = court.Correct(second, Correction::VOID);
  const Case after = court.Reload(c);
  CHECK(after.confirmation_result() == "WITHDRAWN");
  CHECK(Court::ClockOf(after, "CONFIRM").state() == casework::v1::Clock::RUNNING);
  REQUIRE(done.effect().related_size() == 1);  // and the preview tells so
  CHECK(done.effect().related(0).object() == c.id());
  CHECK(done.effect().related(0).effect().clocks_size() == 1);
  CHECK(Must(court.Ask(c)).state() == Confirmation::APPLIED);
}

TEST_CASE("民事诉讼法 §206: what a court said of an agreement is corrected after that was changed, and says nothing of the new one") {
  Court court;
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  const Confirmation accepted = court.Record(Must(court.Ask(agreed)), "AcceptConfirmation");
  const Confirmation old = court.Record(accepted, "DismissConfirmation", Confirmation::UNCLEAR);
  court.Revise(agreed);
  court.Amend(old, "court", R"({"court": "义乌市人民法院"})");  // while it is being mediated
  CHECK(court.Reload(agreed).state() == Case::MEDIATING);
  CHECK(court.Reload(agreed).confirmation_result().empty());
  const Case anew = court.Agree(court.Reload(agreed));
  court.Amend(old, "ground", R"({"ground": "OTHER"})");
  CHECK(court.Reload(anew).confirmation_result().empty());
  CHECK(court.Reload(anew).etag() == anew.etag());
  court.Amend(anew, "agreement.perform_by", R"({"agreement": {"performBy": "2024-12-31"}})");
  CHECK(court.Again(old).perform_by().empty());  // the agreement that was dismissed named no day
  const Confirmation next = Must(court.Ask(anew));
  CHECK(court.Reload(anew).confirmation_result() == "APPLIED");
  court.office.clock.Set(absl::CivilSecond(2024, 9, 5, 9, 0, 0));
  CHECK(ReasonOf(court.Request(Court::Amending(old, "ruled_on", R"({"ruledOn": "2024-09-04"})")).status()) == "ACT_OUT_OF_ORDER");
  court.Record(next, "WithdrawConfirmation");
  court.Correct(next, Correction::VOID);
  CHECK(court.Reload(anew).confirmation_result().empty());
}

TEST_CASE("the case's part of an act on its confirmation is withdrawn with that act, never alone") {
  Court court;
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  const Confirmation confirmed = court.Confirmed(agreed);
  const auto refused = court.Request(Court::Of(agreed, Correction::WITHDRAW_ACT));
  CHECK(ReasonOf(refused.status()) == "ACT_OF_ANOTHER");
  CHECK(refused.status().message().find("“司法确认”（2024）浙0783民特1号") != absl::string_view::npos);
  const auto history = [&] {
    auto call = court.Call("CaseService/GetCaseHistory", court.head);
    casework::v1::GetHistoryRequest r;
    r.set_id(agreed.id());
    return Must(casework::History(court.backend(), court.cases.type(), call, r));
  }();
  const auto& part = history.entries(history.entries_size() - 1);
  CHECK(part.part_of().object() == confirmed.id());
  auto redate = Court::Of(agreed, Correction::AMEND);
  redate.set_act(part.journal_id());
  redate.set_act_day("2024-09-01");
  CHECK(ReasonOf(court.Request(redate).status()) == "ACT_OF_ANOTHER");

  court.Correct(confirmed, Correction::WITHDRAW_ACT);
  CHECK(court.Reload(agreed).confirmation_result() == "ACCEPTED");
  court.Correct(confirmed, Correction::VOID);
  const Case free = court.Reload(agreed);
  CHECK(free.confirmation_result().empty());
  CHECK(std::none_of(free.papers().begin(), free.papers().end(),
                     [](const auto& paper) { return paper.kind() == "CONFIRMATION_PAPERS"; }));
  SECTION("which leaves the agreement as the latest act") {
    CHECK(court.Correct(agreed, Correction::WITHDRAW_ACT).action() == "AGREE");
    CHECK(court.Reload(agreed).state() == Case::MEDIATING);
  }
}

TEST_CASE("what is withdrawn on the case afterwards does not bring back what the confirmation was") {
  Court court;
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  const Confirmation confirmed = court.Confirmed(agreed);
  v1::CaseActRequest supervise;
  supervise.set_id(agreed.id());
  auto call = court.Call("CaseService/SupervisePerformance", court.mediator);
  Must(court.Do<Case>(call, supervise));
  court.Correct(confirmed, Correction::VOID);
  court.Correct(agreed, Correction::WITHDRAW_ACT);  // the supervision
  const Case back = court.Reload(agreed);
  CHECK(back.state() == Case::AGREED_WRITTEN);
  CHECK(back.confirmation_result().empty());
  CHECK(Court::ClockOf(back, "CONFIRM").state() == casework::v1::Clock::RUNNING);
}

TEST_CASE("民事诉讼法 §250: an amended last day of performance moves the limit for enforcement") {
  Court court;
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  const Confirmation confirmed = court.Confirmed(agreed);
  const Correction done = court.Amend(agreed, "agreement.perform_by", R"({"agreement": {"performBy": "2024-12-31"}})");
  CHECK(court.Again(confirmed).perform_by() == "2024-12-31");
  CHECK(court.Again(confirmed).clocks(3).kind() == "ENFORCEMENT");
  CHECK(court.Again(confirmed).clocks(3).due_on() == "2026-12-31");
  REQUIRE(done.effect().related_size() == 1);
  CHECK(done.effect().related(0).object_type() == "Confirmation");
  CHECK(done.effect().related(0).effect().clocks(0).before().due_on() == "2026-09-02");
  SECTION("and again, and back") {
    court.Amend(agreed, "agreement.perform_by", "{}");
    CHECK(court.Again(confirmed).clocks(3).due_on() == "2026-09-02");
  }
}

TEST_CASE("民事诉讼法 §205: dates amended on one side show on the other which rules they break") {
  Court court;
  court.office.clock.Set(absl::CivilSecond(2024, 8, 1, 9, 0, 0));
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  court.office.clock.Set(absl::CivilSecond(2024, 9, 10, 9, 0, 0));
  v1::ApplyConfirmationRequest r = court.Joint(agreed);
  r.set_occurred_on("2024-08-20");
  auto call = court.Call("ConfirmationService/ApplyConfirmation", court.mediator);
  const Confirmation asked = Must(court.Do<Confirmation>(call, r));
  CHECK(Court::ClockOf(court.Reload(agreed), "CONFIRM").ended_on() == "2024-08-20");
  SECTION("an agreement that took effect after the application") {
    const Correction done = court.Amend(agreed, "agreement.sealed_on", R"({"agreement": {"sealedOn": "2024-08-25"}})");
    CHECK(court.Again(asked).effective_on() == "2024-08-25");
    REQUIRE(done.effect().related_size() == 1);
    REQUIRE(done.effect().related(0).effect().broken_rules_size() == 1);
    CHECK(done.effect().related(0).effect().broken_rules(0).find("不能早于协议生效") != std::string::npos);
  }
  SECTION("M4: an application made too late") {
    const Correction done = court.Amend(asked, "applied_on", R"({"appliedOn": "2024-09-10"})");
    const Case after = court.Reload(agreed);
    CHECK(after.confirmation_applied_on() == "2024-09-10");
    CHECK(Court::ClockOf(after, "CONFIRM").ended_on() == "2024-09-10");
    REQUIRE(done.effect().related_size() == 1);
    REQUIRE(done.effect().related(0).effect().broken_rules_size() == 1);
    CHECK(done.effect().related(0).effect().broken_rules(0).find("三十日内") != std::string::npos);
    court.Amend(asked, "applied_on", R"({"appliedOn": "2024-08-21"})");
    CHECK(Court::ClockOf(court.Reload(agreed), "CONFIRM").ended_on() == "2024-08-21");
  }
}

TEST_CASE("a case is not voided while a confirmation of its agreement stands") {
  Court court;
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  const Confirmation confirmed = court.Confirmed(agreed);
  const auto refused = court.Request(Court::Of(agreed, Correction::VOID));
  CHECK(ReasonOf(refused.status()) == "CHILD_STANDS");
  CHECK(refused.status().message().find("（2024）浙0783民特1号（裁定有效）") != absl::string_view::npos);
  court.Correct(confirmed, Correction::VOID);
  court.Correct(agreed, Correction::VOID);
  CHECK(court.Reload(agreed).state() == Case::VOIDED);
}

TEST_CASE("nothing is opened again below a voided case") {
  Court court;
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  const Confirmation withdrawn = court.Record(Must(court.Ask(agreed)), "WithdrawConfirmation");
  court.Correct(agreed, Correction::VOID);
  CHECK(ReasonOf(court.Request(Court::Of(withdrawn, Correction::WITHDRAW_ACT)).status()) == "RECORD_VOIDED");
  court.Correct(withdrawn, Correction::VOID);
}

TEST_CASE("a court's number is one however its brackets were typed") {
  Court court;
  const Confirmation c = court.Confirmed(court.Agree(court.Accept(court.Apply())));
  court.Amend(c, "number", R"({"number": "(2024) 浙0783民特2号"})");
  CHECK(court.Again(c).number() == "（2024）浙0783民特2号");
}

TEST_CASE("a withdrawn ruling and a voided application show on the case at once") {
  Court court;
  const Case agreed = court.Agree(court.Accept(court.Apply()));
  const Confirmation c = court.Confirmed(agreed);
  REQUIRE(court.Reload(agreed).confirmation_result() == "CONFIRMED");
  court.Correct(c, Correction::WITHDRAW_ACT);
  CHECK(court.Reload(agreed).confirmation_result() == "ACCEPTED");
  court.Correct(c, Correction::VOID);
  const Case free = court.Reload(agreed);
  CHECK(free.confirmation_result().empty());
  CHECK(free.confirmation_applied_on().empty());
  CHECK(Court::ClockOf(free, "CONFIRM").state() == casework::v1::Clock::RUNNING);
  CHECK(Must(court.Ask(agreed)).state() == Confirmation::APPLIED);
}

TEST_CASE("what becomes of an earlier application leaves the case as its latest one has it") {
  Court court;
  Confirmation first, second;
  const Case confirmed = court.ConfirmedAtTheSecond(&first, &second);
  court.Correct(first, Correction::WITHDRAW_ACT);  // it was not withdrawn after all
  court.Record(first, "RefuseConfirmation", Confirmation::WRONG_COURT);
  const Case after = court.Reload(confirmed);
  CHECK(after.confirmation() == second.id());
  CHECK(after.confirmation_result() == "CONFIRMED");
  CHECK(Court::ClockOf(after, "CONFIRM").state() == casework::v1::Clock::STOPPED);
}

TEST_CASE("what becomes of an application for an agreement since revised leaves the case as it is") {
  Court court;
  const Case revised = court.Agree(court.Accept(court.Apply()));
  const Confirmation dismissed =
      court.Record(court.Record(Must(court.Ask(revised)), "AcceptConfirmation"), "DismissConfirmation", Confirmation::UNCLEAR);
  court.Revise(revised);
  court.Correct(dismissed, Correction::WITHDRAW_ACT);
  court.Record(dismissed, "ConfirmAgreement");
  CHECK(court.Reload(revised).confirmation_result().empty());  // of the agreement of before
}

}  // namespace sifa::mediation
