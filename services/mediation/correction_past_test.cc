// Corrections of what was done: acts taken back, days put right, and what follows for limits and other objects.
#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "services/mediation/correction_fixture.h"

namespace sifa::mediation {
namespace {

using casework::v1::CorrectionEffect;

using Desk = CorrectionFixture;

}  // namespace

TEST_CASE("a withdrawn act is undone: the object is again what it was before it, and goes on from there") {
  Desk desk;
  const Case applied = desk.Apply();
  const Case accepted = desk.Accept(applied);
  REQUIRE(!accepted.number().empty());
  const Correction done = desk.CarryOut(Desk::Of(accepted, Correction::WITHDRAW_ACT));
  CHECK(done.action() == "ACCEPT");
  const Case back = desk.Reload(accepted);
  CHECK(back.state() == Case::APPLIED);
  CHECK(back.acted_on() == "2024-06-01");
  CHECK(back.accepted_on().empty());
  CHECK(back.clocks().empty());
  CHECK(back.etag() == "3");
  CHECK(desk.Actions(back.id()) == std::vector<std::string>{"APPLY", "ACCEPT", "CORRECT"});
  SECTION("its number stays used: another acceptance gets the next one") {
    CHECK(desk.Accept(back).number() == "（2024）吴宁人调字第2号");
  }
  SECTION("only the latest act still in force can be withdrawn, the first one not at all") {
    CHECK(ReasonOf(desk.Request(Desk::Of(back, Correction::WITHDRAW_ACT)).status()) == "ACT_IS_FIRST");
  }
}

TEST_CASE("a corrected day of an act is that of the course, and an act that it would follow shows as a broken rule") {
  Desk desk;
  const Case agreed = desk.Agreed(desk.Accept(desk.Apply(), "2024-08-01"));
  v1::CaseActRequest r;
  r.set_id(agreed.id());
  const auto act = [&](const std::string& method, const std::string& day) {
    r.set_occurred_on(day);
    auto call = desk.Call("CaseService/" + method, desk.mediator);
    return Must(desk.Do<Case>(call, r));
  };
  act("SupervisePerformance", "2024-08-31");
  auto reading = desk.Call("CaseService/GetCaseHistory", desk.head);
  casework::v1::GetHistoryRequest of;
  of.set_id(agreed.id());
  auto correction = Desk::Of(agreed, Correction::AMEND);
  correction.set_act(Must(casework::History(desk.backend(), desk.cases.type(), reading, of)).entries().rbegin()->journal_id());
  correction.set_act_day("2024-09-02");
  CHECK(desk.Effect(Must(desk.Request(correction))).broken_rules_size() == 0);
  act("DisputePerformance", "2024-09-01");
  const CorrectionEffect effect = desk.Effect(Must(desk.Request(correction)));
  REQUIRE(effect.broken_rules_size() == 1);
  CHECK(effect.broken_rules(0).find("2024-09-01早于2024-09-02") != std::string::npos);
  desk.CarryOut(Desk::Of(agreed, Correction::WITHDRAW_ACT));
  CHECK(desk.Reload(agreed).acted_on() == "2024-08-31");
  desk.CarryOut(correction);
  CHECK(desk.Reload(agreed).acted_on() == "2024-09-02");
}

TEST_CASE("an earlier act is withdrawn only after those that followed it") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply());
  const auto history = [&] {
    auto call = desk.Call("CaseService/GetCaseHistory", desk.head);
    casework::v1::GetHistoryRequest r;
    r.set_id(accepted.id());
    return Must(casework::History(desk.backend(), desk.cases.type(), call, r));
  }();
  desk.Assign(accepted);
  auto r = Desk::Of(accepted, Correction::WITHDRAW_ACT);
  r.set_act(history.entries(1).journal_id());
  CHECK(ReasonOf(desk.Request(r).status()) == "ACT_NOT_LATEST");
  desk.CarryOut(Desk::Of(accepted, Correction::WITHDRAW_ACT));  // the assignment
  desk.CarryOut(r);
  CHECK(desk.Reload(accepted).state() == Case::APPLIED);
}

TEST_CASE("amending the day of an act moves the limits that ran from it") {
  Desk desk;
  const Case wrong = desk.Accept(desk.Apply());
  const Case right = desk.Accept(desk.Apply(), "2024-08-20");
  REQUIRE(Desk::Due(wrong, "CONCLUDE") != Desk::Due(right, "CONCLUDE"));
  const Correction done = desk.CarryOut(Desk::Amending(wrong, "accepted_on", R"({"acceptedOn": "2024-08-20"})"));
  const Case amended = desk.Reload(wrong);
  CHECK(amended.accepted_on() == "2024-08-20");
  CHECK(amended.number() == wrong.number());
  CHECK(Desk::Due(amended, "CONCLUDE") == Desk::Due(right, "CONCLUDE"));
  REQUIRE(done.effect().clocks_size() == 1);
  CHECK(done.effect().clocks(0).before().due_on() == Desk::Due(wrong, "CONCLUDE"));
  CHECK(done.effect().clocks(0).after().due_on() == Desk::Due(right, "CONCLUDE"));
  SECTION("and the figures follow: one case less on the old day, one more on the new") {
    REQUIRE(done.effect().counts().before_size() == 2);  // as a case, and by its limit
    CHECK(done.effect().counts().before(0).day() == "2024-09-02");
    CHECK(done.effect().counts().after(0).day() == "2024-08-20");
  }
  SECTION("an act withdrawn later does not undo the amendment") {
    desk.Assign(amended);
    desk.CarryOut(Desk::Of(amended, Correction::WITHDRAW_ACT));
    CHECK(desk.Reload(amended).accepted_on() == "2024-08-20");
    CHECK(Desk::Due(desk.Reload(amended), "CONCLUDE") == Desk::Due(right, "CONCLUDE"));
  }
}

TEST_CASE("the day of an act is the one amended last, whichever way it was named") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply(), "2024-08-25");
  const std::string act = Must([&]() -> absl::StatusOr<std::string> {
    auto call = desk.Call("CaseService/GetCaseHistory", desk.head);
    casework::v1::GetHistoryRequest r;
    r.set_id(accepted.id());
    ASSIGN_OR_RETURN(const auto history, casework::History(desk.backend(), desk.cases.type(), call, r));
    return history.entries(1).journal_id();
  }());
  auto by_act = Desk::Of(accepted, Correction::AMEND);
  by_act.set_act(act);
  by_act.set_act_day("2024-08-20");
  desk.CarryOut(by_act);
  CHECK(desk.Reload(accepted).accepted_on() == "2024-08-20");
  CHECK(Desk::Due(desk.Reload(accepted), "CONCLUDE") == "2024-09-20");
  desk.CarryOut(Desk::Amending(accepted, "accepted_on", R"({"acceptedOn": "2024-08-22"})"));
  CHECK(Desk::Due(desk.Reload(accepted), "CONCLUDE") == "2024-09-23");
  desk.CarryOut(Desk::Amending(accepted, "accepted_on", R"({"acceptedOn": "2024-08-25"})"));  // right at first
  CHECK(Desk::Due(desk.Reload(accepted), "CONCLUDE") == Desk::Due(accepted, "CONCLUDE"));
  by_act.set_act_day("2024-08-21");
  desk.CarryOut(by_act);
  CHECK(desk.Reload(accepted).accepted_on() == "2024-08-21");
  CHECK(Desk::Due(desk.Reload(accepted), "CONCLUDE") == "2024-09-23");
  SECTION("one request names one day") {
    by_act.mutable_update_mask()->add_paths("accepted_on");
    by_act.set_content(R"({"acceptedOn": "2024-08-19"})");
    CHECK(ReasonOf(desk.Request(by_act).status()) == "DATES_DIFFER");
    by_act.set_content(R"({"acceptedOn": "2024-08-21"})");
    CHECK(desk.Request(by_act).ok());
    CHECK(ReasonOf(desk.Request(Desk::Amending(accepted, "accepted_on", "{}")).status()) == "FIELD_REQUIRED");
  }
}

TEST_CASE("an election put right leaves the days of the later one") {
  Desk desk;
  v1::ChangeCommitteeRequest reelect;
  reelect.set_id(desk.committee.id());
  *reelect.mutable_members() = desk.committee.members();
  auto electing = desk.Call("CommitteeService/ReelectCommittee", desk.officer);
  const Committee elected = Must(desk.Do<Committee>(electing, reelect));
  casework::v1::RequestCorrectionRequest r;
  r.set_object_type("Committee");
  r.set_object(desk.committee.id());
  r.set_kind(Correction::AMEND);
  r.set_reason("登记有误");
  r.set_act_day("2021-09-01");
  r.set_act([&] {
    auto call = desk.Call("CommitteeService/GetCommitteeHistory", desk.head);
    casework::v1::GetHistoryRequest history;
    history.set_id(desk.committee.id());
    return Must(casework::History(desk.backend(), desk.committees.type(), call, history)).entries(0).journal_id();
  }());
  desk.CarryOut(r);
  auto call = desk.Call("CommitteeService/GetCommittee", desk.head);
  v1::GetCommitteeRequest get;
  get.set_id(desk.committee.id());
  const Committee after = Must(desk.committees.Get(call, get.id()));
  CHECK(after.elected_on() == elected.elected_on());
  CHECK(after.clocks(0).due_on() == elected.clocks(0).due_on());
}

TEST_CASE("an amendment of what was recorded before the withdrawn act survives its withdrawal") {
  Desk desk;
  const Case assigned = desk.Assign(desk.Accept(desk.Apply()));
  desk.CarryOut(Desk::Amending(assigned, "accepted_on", R"({"acceptedOn": "2024-08-20"})"));
  const std::string due = Desk::Due(desk.Reload(assigned), "CONCLUDE");
  desk.CarryOut(Desk::Of(assigned, Correction::WITHDRAW_ACT));
  const Case back = desk.Reload(assigned);
  CHECK(back.state() == Case::ACCEPTED);
  CHECK(back.accepted_on() == "2024-08-20");
  CHECK(Desk::Due(back, "CONCLUDE") == due);
}

TEST_CASE("a limit that an amendment leaves without ground is gone, wherever it stands among the others") {
  Desk desk;
  const Case agreed = desk.Agreed(desk.Accept(desk.Apply(), "2024-08-20"));
  desk.CarryOut(Desk::Amending(agreed, "agreement.perform_by", R"({"agreement": {"performBy": "2024-12-31"}})"));
  const Case dated = desk.Reload(agreed);
  CHECK(Desk::Due(dated, "PERFORMANCE") == "2024-12-31");
  desk.CarryOut(Desk::Amending(agreed, "particulars.about_status", R"({"particulars": {"aboutStatus": true}})"));
  CHECK(Desk::Due(desk.Reload(agreed), "CONFIRM").empty());
  CHECK(Desk::Due(desk.Reload(agreed), "PERFORMANCE") == "2024-12-31");
  const Correction undated = desk.CarryOut(Desk::Amending(agreed, "agreement.perform_by", "{}"));
  CHECK(undated.effect().clocks_size() == 1);
  CHECK(Desk::Due(desk.Reload(agreed), "PERFORMANCE").empty());
  CHECK(Desk::Due(desk.Reload(agreed), "CONCLUDE") == Desk::Due(agreed, "CONCLUDE"));
}

TEST_CASE("a rule that a past act meets no longer is named, and does not hinder the truth") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply());
  const auto request = Must(desk.Request(Desk::Amending(
      accepted, "particulars.parties",
      R"({"particulars": {"parties": [{"name": "张三", "certificateType": "414", "certificateNumber": "P1"}, {"name": "李四"}]}})")));
  const CorrectionEffect effect = desk.Effect(request);
  REQUIRE(effect.broken_rules_size() == 1);
  CHECK(effect.broken_rules(0).find("核明各方当事人的身份") != std::string::npos);
}

TEST_CASE("days put right that contradict what followed are shown to whoever approves") {
  Desk desk;
  const Case agreed = desk.Agreed(desk.Accept(desk.Apply(), "2024-08-20"));
  const auto effect = desk.Effect(Must(desk.Request(Desk::Amending(agreed, "accepted_on", R"({"acceptedOn": "2024-09-01"})"))));
  CHECK(effect.broken_rules_size() > 0);
  CHECK(desk.Effect(Must(desk.Request(Desk::Amending(agreed, "accepted_on", R"({"acceptedOn": "2024-08-19"})"))))
            .broken_rules()
            .empty());
}

TEST_CASE("a date says that its act was done: without the act it is not amended in") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply());
  CHECK(ReasonOf(desk.Request(Desk::Amending(accepted, "concluded_on", R"({"concludedOn": "2024-09-02"})")).status()) ==
        "ACT_NOT_DONE");
  const Case agreed = desk.Agree(accepted);
  CHECK(ReasonOf(desk.Request(Desk::Amending(agreed, "performed_on", R"({"performedOn": "2024-09-02"})")).status()) ==
        "ACT_NOT_DONE");
}

TEST_CASE("人民调解法 §29: signatures put right are those of parties, of each one") {
  Desk desk;
  const Case agreed = desk.Agree(desk.Accept(desk.Apply()));
  const auto refused = [&](int third) {
    return ReasonOf(desk.Request(Desk::Amending(agreed, "agreement.signatures",
                                                absl::StrCat(R"({"agreement": {"signatures": [{"party": 0, "signedOn": "2024-09-02"},)",
                                                             R"({"party": 1, "signedOn": "2024-09-02"}, {"party": )", third,
                                                             R"(, "signedOn": "2024-09-02"}]}})")))
                        .status());
  };
  CHECK(refused(7) == "PARTY_UNKNOWN");
  CHECK(refused(1) == "SIGNED_TWICE");
}

}  // namespace sifa::mediation
