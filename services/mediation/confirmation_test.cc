// Confirmations beside their cases: what the one does shows on the other, in the same transaction.
#include "services/mediation/confirmation.h"

#include <catch2/catch.hpp>

#include "libs/casework/watcher.h"
#include "libs/casework/work.h"
#include "services/mediation/test_bench.h"

namespace sifa::mediation {
namespace {

struct Court : Bench {
  Court()
      : confirmations(backend(), "mediation"),
        service(confirmations, cases),
        desk(backend(), {CorrectableConfirmation(confirmations, cases)}, nullptr),
        correction(corrections, desk) {}

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
    return service.Apply(call, Joint(c));
  }
  using Recording = absl::StatusOr<Confirmation> (ConfirmationService::*)(rpc::Call&, const v1::RecordConfirmationRequest&);
  Confirmation Record(const Confirmation& c, Recording act, const std::string& method, Confirmation::Ground ground = {}) {
    v1::RecordConfirmationRequest r;
    r.set_id(c.id());
    r.set_number("（2024）浙0783民特1号");
    r.set_ground(ground);
    auto call = Call("ConfirmationService/" + method, officer);
    return Must((service.*act)(call, r));
  }
  Confirmation Confirmed(const Case& c) {
    const Confirmation accepted = Record(Must(Ask(c)), &ConfirmationService::Accept, "AcceptConfirmation");
    return Record(accepted, &ConfirmationService::Confirm, "ConfirmAgreement");
  }
  void Correct(const Confirmation& c, Correction::Kind kind) {
    casework::v1::RequestCorrectionRequest r;
    r.set_object_type("Confirmation");
    r.set_object(c.id());
    r.set_kind(kind);
    r.set_reason("登记有误");
    auto asking = Call("CorrectionService/RequestCorrection", officer);
    casework::v1::ApproveCorrectionRequest approval;
    approval.set_id(Must(correction.Request(asking, r)).id());
    auto call = Call("CorrectionService/ApproveCorrection", head);
    Must(correction.Approve(call, approval));
  }
  static const casework::v1::Clock& ClockOf(const Case& c, const std::string& kind) {
    for (const auto& clock : c.clocks()) {
      if (clock.kind() == kind) return clock;
    }
    FAIL("no clock " << kind);
    std::abort();
  }

  ConfirmationCasework confirmations;
  ConfirmationService service;
  casework::Corrections desk;
  casework::CorrectionService<kCorrectionProcedure> correction;
};

}  // namespace

TEST_CASE("民事诉讼法 §250: a confirmed agreement stays on the worklist until the right to enforcement lapses") {
  Court court;
  const std::vector<const casework::ObjectType*> types = {&court.confirmations.type()};
  casework::WorkService work(court.backend(), types);
  casework::Watcher watcher(court.backend(), "watcher-a", types);
  court.Confirmed(court.Agree(court.Accept(court.Apply())));
  const auto todo = [&] {
    auto call = court.Call("WorkService/ListWork", court.head);
    return Must(work.List(call, {}));
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
  court.Record(first, &ConfirmationService::Refuse, "RefuseConfirmation", Confirmation::WRONG_COURT);
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
  CHECK(ReasonOf(court.case_service.ReviseAgreement(early, revise).status()) == "AGREEMENT_NOT_DISMISSED");
  const Confirmation accepted = court.Record(Must(court.Ask(agreed)), &ConfirmationService::Accept, "AcceptConfirmation");
  court.Record(accepted, &ConfirmationService::Dismiss, "DismissConfirmation", Confirmation::UNCLEAR);
  CHECK(ReasonOf(court.Ask(agreed).status()) == "CONFIRMATION_DISMISSED");
  auto call = court.Call("CaseService/ReviseAgreement", court.mediator);
  const Case revised = Must(court.case_service.ReviseAgreement(call, revise));
  CHECK(revised.state() == Case::MEDIATING);
  CHECK_FALSE(revised.has_agreement());
  CHECK(revised.confirmation_result().empty());
  CHECK(Court::ClockOf(revised, "CONCLUDE").due_on() == "2024-10-08");
  const Case again = court.Agree(revised);
  CHECK(Must(court.Ask(again)).state() == Confirmation::APPLIED);
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

}  // namespace sifa::mediation
