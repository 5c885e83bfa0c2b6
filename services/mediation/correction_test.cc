#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/contract/mask.h"
#include "services/mediation/correction_fixture.h"

namespace sifa::mediation {
namespace {

using casework::v1::CorrectionEffect;

using Desk = CorrectionFixture;

}  // namespace

TEST_CASE("who asked for a correction is told that he does not approve it, and another that he may") {
  Desk desk;
  casework::v1::GetCorrectionRequest r;
  r.set_id(Must(desk.Request(Desk::Of(desk.Accept(desk.Apply()), Correction::WITHDRAW_ACT))).id());
  const auto may_approve = [&](const MediationFixture::Claims& who) {
    auto call = desk.OfficeCall("CorrectionService/ListCorrectionActions", who);
    const auto available = Must(desk.correction.Actions(call, r));
    for (const auto& action : available.actions()) {
      if (action.action() == "APPROVE") return action.allowed();
    }
    return false;
  };
  CHECK_FALSE(may_approve(desk.officer));
  CHECK(may_approve(desk.head));
}

TEST_CASE(
    "民事诉讼法 §205: a signature amended to a later day moves the effect and the limit for confirmation") {
  Desk desk;
  const Case agreed = desk.Agreed(desk.Accept(desk.Apply(), "2024-08-20"));
  REQUIRE(agreed.agreement().effective_on() == "2024-08-30");
  REQUIRE(Desk::Due(agreed, "CONFIRM") == "2024-09-29");
  desk.CarryOut(Desk::Amending(
      agreed, "agreement.signatures",
      R"({"agreement": {"signatures": [{"party": 0, "signedOn": "2024-08-30"}, {"party": 1, "signedOn": "2024-09-01"}]}})"));
  const Case amended = desk.Reload(agreed);
  CHECK(amended.agreement().effective_on() == "2024-09-01");
  CHECK(amended.agreement().form() == "2");
  CHECK(Desk::Due(amended, "CONFIRM") > "2024-09-29");
  CHECK(Desk::Due(amended, "CONCLUDE") == Desk::Due(agreed, "CONCLUDE"));
  // The conclusion follows the effect, and is not put right by itself.
  CHECK(agreed.concluded_on() == "2024-08-30");
  CHECK(amended.concluded_on() == "2024-09-01");
  CHECK(procedure::FindClock(const_cast<Case&>(amended).mutable_clocks(), "CONCLUDE")->ended_on() == "2024-09-01");
  CHECK(ReasonOf(desk.Request(Desk::Amending(amended, "concluded_on", R"({"concludedOn": "2024-08-31"})")).status()) ==
        "CONCLUSION_FOLLOWS_EFFECT");
}

TEST_CASE("人民调解法 §29: whoever has signed keeps his place among the parties; his name may be put right") {
  Desk desk;
  const Case agreed = desk.Agreed(desk.Accept(desk.Apply(), "2024-08-20"));
  const auto amend = [&](const std::string& first, const std::string& second) {
    return desk.Request(Desk::Amending(agreed, "particulars.parties",
                                    "{\"particulars\": {\"parties\": [" + first + ", " + second + "]}}"));
  };
  const std::string zhang = R"({"name": "张三", "certificateType": "414", "certificateNumber": "P张三", "side": 1})";
  const std::string li = R"({"name": "李四", "certificateType": "414", "certificateNumber": "P李四", "side": 2})";
  CHECK(ReasonOf(amend(li, zhang).status()) == "SIGNER_CHANGED");
  CHECK(ReasonOf(amend(zhang, R"({"name": "王五", "certificateType": "414", "certificateNumber": "P5", "side": 2})").status()) ==
        "SIGNER_CHANGED");
  CHECK(amend(zhang, R"({"name": "李思", "certificateType": "414", "certificateNumber": "P李四", "side": 2})").ok());
}

TEST_CASE("a voided record keeps its number, stops its limits and counts nowhere") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply());
  const Correction done = desk.CarryOut(Desk::Of(accepted, Correction::VOID));
  const Case voided = desk.Reload(accepted);
  CHECK(voided.state() == Case::VOIDED);
  CHECK(voided.number() == accepted.number());
  CHECK(voided.clocks(0).state() == casework::v1::Clock::STOPPED);
  CHECK(done.effect().counts().before_size() == 2);
  CHECK(done.effect().counts().after_size() == 0);
  CHECK(desk.Actions(accepted.id()).back() == "VOID");
  CHECK(desk.Count("SELECT open FROM object WHERE type = 'Case'") == 0);
  CHECK(ReasonOf(desk.Request(Desk::Of(accepted, Correction::VOID)).status()) == "RECORD_VOIDED");
}

TEST_CASE("who asks for a correction does not approve it, and only he takes it back") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply());
  const Correction request = Must(desk.Request(Desk::Of(accepted, Correction::VOID)));
  auto as_head = desk.officer;
  *as_head.mutable_grants() = desk.head.grants();
  CHECK(ReasonOf(desk.Approve(request, as_head).status()) == "CORRECTION_OWN");
  CHECK(desk.Reload(accepted).state() == Case::ACCEPTED);
  SECTION("neither by one who acts for him, nor by him for whom another asked (代理)") {
    auto deputy = desk.stranger;
    *deputy.mutable_grants() = desk.head.grants();
    deputy.mutable_grants(0)->set_acting_for(desk.officer.sub());
    CHECK(ReasonOf(desk.Approve(request, deputy).status()) == "CORRECTION_OWN");
    auto asking = desk.stranger;
    *asking.mutable_grants() = desk.officer.grants();
    asking.mutable_grants(0)->set_acting_for(desk.head.sub());
    auto call = desk.OfficeCall("CorrectionService/RequestCorrection", asking);
    const Correction of_another = Must(desk.correction.Request(call, Desk::Of(accepted, Correction::VOID)));
    CHECK(of_another.requested_for() == desk.head.sub());
    CHECK(ReasonOf(desk.Approve(of_another, desk.head).status()) == "CORRECTION_OWN");
    *deputy.add_grants() = desk.head.grants(0);  // in his own right
    CHECK(desk.Approve(request, deputy).ok());
    return;
  }
  casework::v1::EndCorrectionRequest r;
  r.set_id(request.id());
  r.set_reason("无需更正");
  auto by_another = desk.OfficeCall("CorrectionService/CancelCorrection", desk.head);
  CHECK(ReasonOf(desk.correction.Cancel(by_another, r).status()) == "CORRECTION_OF_ANOTHER");
  auto by_himself = desk.OfficeCall("CorrectionService/CancelCorrection", desk.officer);
  CHECK(Must(desk.correction.Cancel(by_himself, r)).state() == Correction::CANCELLED);
  CHECK(ReasonOf(desk.Approve(request, desk.head).status()) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("an approval is for the county that the record belongs to") {
  Desk desk;
  const Correction request = Must(desk.Request(Desk::Of(desk.Accept(desk.Apply()), Correction::VOID)));
  CHECK(absl::IsNotFound(desk.Approve(request, desk.stranger).status()));
}

TEST_CASE("a correction approved twice with the same request_id is carried out once") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply());
  const Correction request = Must(desk.Request(Desk::Of(accepted, Correction::WITHDRAW_ACT)));
  const Correction first = Must(desk.Approve(request, desk.head, "a1"));
  const Correction second = Must(desk.Approve(request, desk.head, "a1"));
  CHECK(second.etag() == first.etag());
  CHECK(desk.Reload(accepted).etag() == "3");
  CHECK(ReasonOf(desk.Approve(request, desk.head, "a2").status()) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("a correction requested again with the same request_id gets its first answer, also when it is done") {
  Desk desk;
  auto request = Desk::Of(desk.Apply(), Correction::VOID);
  request.set_request_id("void-1");
  const Correction first = Must(desk.Request(request));
  Must(desk.Approve(first, desk.head));
  CHECK(Must(desk.Request(request)).id() == first.id());
  request.set_request_id("void-2");
  CHECK(ReasonOf(desk.Request(request).status()) == "RECORD_VOIDED");
}

TEST_CASE("approvals that meet, by equal and by other requests, carry a correction out once") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply());
  const Correction request = Must(desk.Request(Desk::Of(accepted, Correction::WITHDRAW_ACT)));
  std::atomic<int> done{0};
  std::vector<std::thread> people;
  for (int i = 0; i < 8; ++i) {
    people.emplace_back(
        [&, i] { done += desk.Approve(request, desk.head, i < 4 ? "same" : absl::StrCat("r", i)).ok(); });
  }
  for (auto& person : people) person.join();
  CHECK((done == 1 || done == 4));  // the four equal ones share their answer
  CHECK(desk.Reload(accepted).etag() == "3");
  CHECK(desk.Actions(accepted.id()) == std::vector<std::string>{"APPLY", "ACCEPT", "CORRECT"});
}

TEST_CASE("a case is not moved out of the county of its committee") {
  Desk desk;
  const Case c = desk.Apply();
  CHECK(ReasonOf(desk.Request(Desk::Amending(c, "region", R"({"region": "330108"})")).status()) == "REGION_OUTSIDE");
  CHECK(Must(desk.Approve(Must(desk.Request(Desk::Amending(c, "region", R"({"region": "330783118"})"))), desk.head)).state() ==
        Correction::APPROVED);
}

TEST_CASE(
    "the agreement whose confirmation is pending is neither withdrawn nor voided before that has ended") {
  Desk desk;
  const Case agreed = desk.Agreed(desk.Accept(desk.Apply(), "2024-08-20"));
  v1::ApplyConfirmationRequest r;
  r.set_case_id(agreed.id());
  r.set_court("东阳市人民法院");
  r.add_applicants(0);
  r.add_applicants(1);
  for (auto document : {Confirmation::AGREEMENT, Confirmation::MEDIATION_PROOF, Confirmation::IDENTITY_PROOF}) r.add_enclosed(document);
  auto call = desk.Call("ConfirmationService/ApplyConfirmation", desk.mediator);
  Must(desk.Do<Confirmation>(call, r));
  CHECK(ReasonOf(desk.Request(Desk::Of(agreed, Correction::WITHDRAW_ACT)).status()) == "ACT_OF_ANOTHER");
  CHECK(ReasonOf(desk.Request(Desk::Of(agreed, Correction::VOID)).status()) == "CHILD_OPEN");
}

TEST_CASE("an approval of what was previewed is refused where the record has changed since") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply());
  const Correction request =
      Must(desk.Request(Desk::Amending(accepted, "accepted_on", R"({"acceptedOn": "2024-08-20"})")));
  const CorrectionEffect effect = desk.Effect(request);
  CHECK(effect.object_etag() == "2");
  desk.Assign(accepted);
  CHECK(ReasonOf(desk.Approve(request, desk.head, "", effect.object_etag()).status()) == "ETAG_STALE");
  CHECK(desk.Approve(request, desk.head, "", desk.Effect(request).object_etag()).ok());
}

TEST_CASE("a refused correction leaves the object and its journal untouched") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply());
  const Correction request = Must(desk.Request(Desk::Of(accepted, Correction::WITHDRAW_ACT)));
  desk.Assign(accepted);  // what was the latest act is so no more
  CHECK(ReasonOf(desk.Approve(request, desk.head).status()) == "ACT_NOT_LATEST");
  CHECK(desk.Reload(accepted).state() == Case::ASSIGNED);
  CHECK(desk.Actions(accepted.id()) == std::vector<std::string>{"APPLY", "ACCEPT", "ASSIGN"});
}

TEST_CASE("only content is amended, with values that the contract allows") {
  Desk desk;
  const Case c = desk.Accept(desk.Apply());
  const auto reason = [&](const std::string& path, const std::string& content) {
    return ReasonOf(desk.Request(Desk::Amending(c, path, content)).status());
  };
  CHECK(reason("state", R"({"state": "ARCHIVED"})") == "FIELD_NOT_AMENDABLE");
  CHECK(reason("number", R"({"number": "9"})") == "FIELD_NOT_AMENDABLE");
  CHECK(reason("agreement.form", R"({"agreement": {"form": "1"}})") == "FIELD_NOT_AMENDABLE");
  CHECK(reason("particulars.nothing", "{}") == "FIELD_NOT_AMENDABLE");
  CHECK(reason("accepted_on", R"({"acceptedOn": "2024-09-31"})") == "FIELD_DATE");
  CHECK(reason("accepted_on", R"({"acceptedOn": "2024-09-03"})") == "FIELD_DATE_FUTURE");
  CHECK(reason("accepted_on", R"({"acceptedOn")") == "JSON_MALFORMED");
  CHECK(reason("particulars.facts", "{}") == "FIELD_REQUIRED");
  CHECK(reason("region", R"({"region": "999999"})") == "REGION_UNKNOWN");
  CHECK(ReasonOf(desk.Request(Desk::Of(c, Correction::AMEND)).status()) == "CORRECTION_EMPTY");
}

TEST_CASE("the difference shows personal data masked by its kind, and plain only where it is unmasked") {
  Desk desk;
  const Case c = desk.Accept(desk.Apply());
  const Correction request = Must(desk.Request(Desk::Amending(
      c, "particulars.parties",
      R"({"particulars": {"parties": [{"name": "张三丰", "certificateType": "414", "certificateNumber": "P1", "side": 1}, {"name": "李四", "certificateType": "414", "certificateNumber": "P李四", "side": 2}]}})")));
  CorrectionEffect effect = desk.Effect(request);
  contract::Mask(&effect);  // as the door does
  const auto* name = Desk::Find(effect, "particulars.parties[0].name");
  REQUIRE(name != nullptr);
  CHECK(name->before() == "张*");
  CHECK(name->after().find("三丰") == std::string::npos);
  CHECK(name->after_plain() == "***");
  CHECK(Desk::Find(effect, "particulars.parties[1].name") == nullptr);
}

TEST_CASE("the journal row of a correction names what it corrects, who approved and the correction") {
  Desk desk;
  const Case accepted = desk.Accept(desk.Apply());
  const Correction done = desk.CarryOut(Desk::Of(accepted, Correction::WITHDRAW_ACT));
  auto call = desk.Call("CaseService/GetCaseHistory", desk.head);
  casework::v1::GetHistoryRequest r;
  r.set_id(accepted.id());
  const auto history = Must(casework::History(desk.backend(), desk.cases.type(), call, r));
  const auto& entry = history.entries(2);
  CHECK(entry.corrects() == history.entries(1).journal_id());
  CHECK(entry.approved_by() == "zhao.min");
  CHECK(entry.correction() == done.id());
  CHECK(entry.from_state() == "ACCEPTED");
  CHECK(entry.to_state() == "APPLIED");
  CHECK(entry.reason() == "登记有误");
}

TEST_CASE("人民调解法 §15: a removal stands and falls with the decision on the complaint, and is not written into the record") {
  Desk desk;
  const Case c = desk.Assign(desk.Accept(desk.Apply()));
  const std::string mediator = c.mediators(0);
  v1::ComplainRequest complain;
  complain.set_id(c.id());
  complain.mutable_complaint()->set_kind(v1::Complaint::TAKING_PROPERTY);
  complain.mutable_complaint()->set_text("收受财物");
  complain.mutable_complaint()->set_made_on("2024-09-02");
  complain.mutable_complaint()->set_mediator(mediator);
  auto complaining = desk.Call("CaseService/Complain", desk.officer);
  Must(desk.Do<Case>(complaining, complain));
  const auto content = [&](const std::string& more) {
    return absl::StrCat(R"({"complaints": [{"kind": "TAKING_PROPERTY", "text": "收受财物", "madeOn": "2024-09-02", "mediator": ")",
                        mediator, "\"", more, "}]}");
  };
  CHECK(ReasonOf(desk.Request(Desk::Amending(c, "complaints", content(R"(, "outcome": "REMOVED")"))).status()) ==
        "COMPLAINT_DECISION_FIXED");
  CHECK(desk.Request(Desk::Amending(c, "complaints", absl::StrReplaceAll(content(""), {{"收受", "索取"}}))).ok());
  CHECK(ReasonOf(desk.Request(Desk::Amending(c, "complaints", content(""))).status()) == "CORRECTION_EMPTY");
  CHECK(ReasonOf(desk.Request(Desk::Amending(c, "complaints", content(R"(, "findings": "属实")"))).status()) == "COMPLAINT_DECISION_FIXED");

  v1::AssignCaseRequest assign;
  assign.set_id(c.id());
  assign.add_mediators(desk.committee.members(1).id());
  auto assigning = desk.Call("CaseService/AssignCase", desk.mediator);
  Must(desk.Do<Case>(assigning, assign));
  v1::DecideComplaintRequest decide;
  decide.set_id(c.id());
  decide.set_outcome(v1::Complaint::REMOVED);
  decide.set_findings("属实");
  auto deciding = desk.Call("CaseService/DecideComplaint", desk.officer);
  Must(desk.Do<Case>(deciding, decide));
  const auto committee = [&] {
    v1::GetCommitteeRequest get;
    get.set_id(desk.committee.id());
    auto getting = desk.Call("CommitteeService/GetCommittee", desk.head);
    return Must(desk.committees.Get(getting, get.id()));
  };
  REQUIRE(committee().members(0).removed_on() == "2024-09-02");
  CHECK(ReasonOf(desk.Request(Desk::Amending(c, "complaints", content(""))).status()) == "COMPLAINT_DECISION_FIXED");
  casework::v1::RequestCorrectionRequest of_committee = Desk::Of(c, Correction::WITHDRAW_ACT);
  of_committee.set_object_type("Committee");
  of_committee.set_object(desk.committee.id());
  CHECK(ReasonOf(desk.Request(of_committee).status()) == "ACT_OF_ANOTHER");

  SECTION("it is withdrawn with the decision") {
    const Correction done = desk.CarryOut(Desk::Of(c, Correction::WITHDRAW_ACT));
    CHECK(done.effect().related(0).object_type() == "Committee");
    CHECK(committee().members(0).removed_on().empty());
    CHECK(desk.Reload(c).complaints(0).outcome() == v1::Complaint::OUTCOME_UNSPECIFIED);
  }
  SECTION("an amended list of members neither ends it nor drops who mediates") {
    of_committee.set_kind(Correction::AMEND);
    of_committee.mutable_update_mask()->add_paths("members");
    const auto list = [&](std::initializer_list<int> who) {
      std::string members;
      for (int i : who) {
        absl::StrAppend(&members, members.empty() ? "" : ", ", R"({"id": ")", desk.committee.members(i).id(), R"(", "name": "王芳", "role": )",
                        i == 0 ? 1 : 3, R"(, "sex": "2", "ethnicGroup": "01", "kind": "1", "bornOn": "198)", i, R"(-05-04"})");
      }
      return absl::StrCat("{\"members\": [", members, "]}");
    };
    of_committee.set_content(list({0, 1, 2}));
    desk.CarryOut(of_committee);
    CHECK(committee().members(1).name() == "王芳");
    CHECK(committee().members(0).removed_on() == "2024-09-02");
    of_committee.set_content(list({0, 2}));
    CHECK(ReasonOf(desk.Request(of_committee).status()) == "MEMBER_HAS_CASES");
  }
}

TEST_CASE("a committee's election day is amended with its term; it is voided while it has no cases, and can then be set up anew") {
  Desk desk;
  casework::v1::RequestCorrectionRequest r;
  r.set_object_type("Committee");
  r.set_object(desk.committee.id());
  r.set_kind(Correction::AMEND);
  r.set_reason("登记有误");
  r.mutable_update_mask()->add_paths("elected_on");
  r.set_content(R"({"electedOn": "2023-09-02"})");
  const Correction done = desk.CarryOut(r);
  REQUIRE(done.effect().clocks_size() == 1);
  CHECK(done.effect().clocks(0).after().due_on() < done.effect().clocks(0).before().due_on());
  const Case c = desk.Apply();
  CHECK(ReasonOf(desk.Request(Desk::Of(desk.committee, Correction::VOID)).status()) == "COMMITTEE_HAS_RECORDS");
  desk.Correct(c, Correction::VOID);
  desk.Correct(desk.committee, Correction::VOID);
  CHECK(Must(desk.Establish("C1")).state() == Committee::ACTIVE);
}

}  // namespace sifa::mediation
