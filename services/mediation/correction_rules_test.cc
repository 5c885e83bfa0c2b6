// What corrections hold to, as the acts do that first brought a value.
#include "google/protobuf/util/json_util.h"
#include "services/mediation/correction_fixture.h"

namespace sifa::mediation {
namespace {

using Desk = CorrectionFixture;

Case Mediable(Desk& desk) { return desk.Assign(desk.Accept(desk.Apply(), "2024-08-20"), "2024-08-20"); }

Case Complained(Desk& desk, const Case& c, const std::string& mediator) {
  v1::ComplainRequest r;
  r.set_id(c.id());
  r.mutable_complaint()->set_kind(v1::Complaint::TAKING_PROPERTY);
  r.mutable_complaint()->set_text("收受财物");
  r.mutable_complaint()->set_made_on("2024-09-03");
  r.mutable_complaint()->set_mediator(mediator);
  auto call = desk.Call("CaseService/Complain", desk.officer);
  return Must(desk.Do<Case>(call, r));
}

absl::StatusOr<Case> Removed(Desk& desk, const Case& c, const std::string& day) {
  v1::DecideComplaintRequest r;
  r.set_id(c.id());
  r.set_occurred_on(day);
  r.set_outcome(v1::Complaint::REMOVED);
  r.set_findings("属实");
  auto call = desk.Call("CaseService/DecideComplaint", desk.officer);
  return desk.Do<Case>(call, r);
}

absl::StatusOr<Case> Assigned(Desk& desk, const Case& c, int member, const std::string& day) {
  v1::AssignCaseRequest r;
  r.set_id(c.id());
  r.set_occurred_on(day);
  r.add_mediators(desk.committee.members(member).id());
  auto call = desk.Call("CaseService/AssignCase", desk.mediator);
  return desk.Do<Case>(call, r);
}

Case Session(Desk& desk, const Case& c, const std::string& day) {
  v1::RecordSessionRequest r;
  r.set_id(c.id());
  r.mutable_session()->set_held_on(day);
  r.mutable_session()->set_minutes("双方到场");
  auto call = desk.Call("CaseService/RecordSession", desk.mediator);
  return Must(desk.Do<Case>(call, r));
}

// The request that puts the day of a case's latest act right.
casework::v1::RequestCorrectionRequest DayOfLastAct(Desk& desk, const Case& c, const std::string& day) {
  casework::v1::GetHistoryRequest r;
  r.set_id(c.id());
  auto call = desk.Call("CaseService/GetCaseHistory", desk.head);
  const auto history = Must(casework::History(desk.backend(), desk.cases.type(), call, r));
  auto amending = Desk::Of(c, Correction::AMEND);
  amending.set_act(history.entries(history.entries_size() - 1).journal_id());
  amending.set_act_day(day);
  return amending;
}

Committee Seat(Desk& desk) {
  v1::GetCommitteeRequest r;
  r.set_id(desk.committee.id());
  auto call = desk.Call("CommitteeService/GetCommittee", desk.head);
  return Must(desk.committees.Get(call, r.id()));
}

}  // namespace

TEST_CASE("who is named by a correction is known to the committee, and codes are of their tables") {
  Desk desk;
  const Case c = Session(desk, Mediable(desk), "2024-08-28");
  const auto reason = [&](const char* path, const char* content) {
    return ReasonOf(desk.Request(Desk::Amending(c, path, content)).status());
  };
  CHECK(reason("sessions", R"({"sessions": [{"heldOn": "2024-08-28", "minutes": "双方到场", "mediator": "01M"}]})") == "MEDIATOR_UNKNOWN");
  CHECK(reason("conflicted", R"({"conflicted": ["01M"]})") == "MEDIATOR_UNKNOWN");
  CHECK(reason("mediator_choice", R"({"mediatorChoice": "99"})") == "CODE_UNKNOWN");
  CHECK(reason("mediator_choice", R"({"mediatorChoice": "1"})") == "");
  CHECK(reason("assigned_on", "{}") == "FIELD_REQUIRED");
  const std::string in_charge = absl::StrCat(R"({"conflicted": [")", c.mediators(0), R"("]})");
  CHECK(reason("conflicted", in_charge.c_str()) == "MEDIATOR_CONFLICTED");
}

TEST_CASE("what acts made is put right where it stands: nothing is added, dropped or said for the first time") {
  Desk desk;
  const Case ready = Mediable(desk);
  const auto reason = [&](const Case& c, const char* path, const char* content) {
    return ReasonOf(desk.Request(Desk::Amending(c, path, content)).status());
  };
  CHECK(reason(ready, "end_reason", R"({"endReason": "当事人撤回"})") == "ACT_NOT_DONE");
  CHECK(reason(desk.Apply(), "assigned_on", R"({"assignedOn": "2024-08-20"})") == "ACT_NOT_DONE");
  CHECK(reason(ready, "mediator_choice", "{}") == "CORRECTION_EMPTY");
  CHECK(reason(Session(desk, ready, "2024-08-28"), "sessions", "{}") == "ITEMS_OF_ACTS");
  const Case agreed = desk.Agreed(desk.Accept(desk.Apply(), "2024-08-20"));
  CHECK(reason(agreed, "agreement.signatures", "{}") == "SIGNATURE_FIXED");
  auto many = Desk::Amending(ready, "region", R"({"region": "330783118"})");
  many.mutable_update_mask()->add_paths("region");
  CHECK(ReasonOf(desk.Request(many).status()) == "TOO_MANY_ITEMS");
}

TEST_CASE("人民调解法 §8: nobody stands twice among the members, and who was removed does not come back by leaving out his id") {
  Desk desk;
  desk.office.clock.Set(absl::CivilSecond(2024, 9, 20, 9, 0, 0));
  const auto change = [&](const std::function<void(v1::ChangeCommitteeRequest&)>& edit) {
    v1::ChangeCommitteeRequest r;
    r.set_id(desk.committee.id());
    *r.mutable_members() = Seat(desk).members();
    edit(r);
    auto call = desk.Call("CommitteeService/ChangeCommittee", desk.head);
    return desk.Do<Committee>(call, r);
  };
  CHECK(ReasonOf(change([](auto& r) { *r.add_members() = r.members(0); }).status()) == "MEMBER_TWICE");
  CHECK(ReasonOf(change([](auto& r) { r.mutable_members(1)->set_id("abc"); }).status()) == "MEDIATOR_UNKNOWN");
  CHECK(ReasonOf(change([](auto& r) { r.mutable_members(1)->set_account(r.members(0).account()); }).status()) == "MEMBER_TWICE");
  Must(Removed(desk, Complained(desk, Mediable(desk), desk.committee.members(2).id()), "2024-09-10"));
  const Committee again = Must(change([](auto& r) {
    *r.add_members() = r.members(2);
    r.mutable_members(3)->set_name("新委员");
    r.mutable_members(3)->clear_removed_on();
    for (const int i : {2, 3}) r.mutable_members(i)->clear_id();
  }));
  CHECK(again.members(2).id() == desk.committee.members(2).id());
  CHECK(again.members(2).removed_on() == "2024-09-10");
  CHECK(again.members(3).removed_on().empty());
}

TEST_CASE("人民调解法 §15: who was removed stays listed until an election, also where a change leaves him out") {
  Desk desk;
  desk.office.clock.Set(absl::CivilSecond(2024, 9, 20, 9, 0, 0));
  Must(Removed(desk, Complained(desk, Mediable(desk), desk.committee.members(2).id()), "2024-09-10"));
  const auto set = [&](const char* method, const Members& members) {
    v1::ChangeCommitteeRequest r;
    r.set_id(desk.committee.id());
    *r.mutable_members() = members;
    auto call = desk.Call(method, desk.head);
    return Must(desk.Do<Committee>(call, r));
  };
  Members others = Seat(desk).members();
  auto* successor = &others[2];
  successor->set_name("新委员");
  successor->clear_id();
  successor->clear_removed_on();
  const Committee without = set("CommitteeService/ChangeCommittee", others);
  REQUIRE(without.members_size() == 4);
  CHECK(without.members(3).removed_on() == "2024-09-10");
  Members back = without.members();
  back[3].clear_id();
  back[3].clear_removed_on();
  CHECK(set("CommitteeService/ChangeCommittee", back).members(3).removed_on() == "2024-09-10");

  SECTION("an election without him ends it") {
    back.RemoveLast();
    CHECK(set("CommitteeService/ReelectCommittee", back).members_size() == 3);
  }
  SECTION("an election of him ends it") {
    const Committee elected = set("CommitteeService/ReelectCommittee", back);
    CHECK(elected.members(3).removed_on().empty());
    CHECK(elected.members(3).id() == desk.committee.members(2).id());
  }
}

TEST_CASE("a member whom a correction adds gets an id as one whom an act adds") {
  Desk desk;
  v1::Committee content;
  *content.mutable_members() = Seat(desk).members();
  *content.add_members() = content.members(2);
  content.mutable_members(3)->clear_id();
  content.mutable_members(3)->set_name("漏登的委员");
  std::string json;
  REQUIRE(google::protobuf::util::MessageToJsonString(content, &json).ok());
  desk.CarryOut(Desk::Amending(Seat(desk), "members", json));
  REQUIRE(Seat(desk).members_size() == 4);
  CHECK(Seat(desk).members(3).id().size() == 26);
}

TEST_CASE("what another has already is refused when the correction is asked for") {
  Desk desk;
  desk.Dissolve(desk.committee);
  const Committee next = Must(desk.Establish("C1"));
  CHECK(ReasonOf(desk.Request(Desk::Of(desk.committee, Correction::WITHDRAW_ACT)).status()) == "COMMITTEE_EXISTS");
  const Committee other = Must(desk.Establish("C2", "城东"));
  CHECK(ReasonOf(desk.Request(Desk::Amending(other, "case_word", R"({"caseWord": "吴宁"})")).status()) == "CASE_WORD_TAKEN");
  CHECK(ReasonOf(desk.Request(Desk::Amending(next, "case_word", R"({"caseWord": "城南"})")).status()) == "");
}

TEST_CASE("law §1.5 案号: whoever has the word of a committee after it counts on, and gives no number twice") {
  Desk desk;
  const Case first = desk.Accept(desk.Apply());
  desk.Amend(Seat(desk), "case_word", R"({"caseWord": "城南"})");
  desk.committee = Must(desk.Establish("C2"));
  const Case next = desk.Accept(desk.Apply());
  CHECK(first.number() == "（2024）吴宁人调字第1号");
  CHECK(next.number() == "（2024）吴宁人调字第2号");
}

TEST_CASE("人民调解法 §30: what follows from a day put right is no broken rule") {
  Desk desk;
  const Case ready = Session(desk, Mediable(desk), "2024-08-28");
  v1::AgreeCaseOrallyRequest r;
  r.set_id(ready.id());
  r.set_occurred_on("2024-08-31");
  r.mutable_agreement()->set_content("赔礼道歉");
  r.mutable_agreement()->set_agreed_on("2024-08-29");
  auto call = desk.Call("CaseService/AgreeCaseOrally", desk.mediator);
  const Case oral = Must(desk.Do<Case>(call, r));
  const auto effect = desk.Effect(Must(desk.Request(Desk::Amending(oral, "agreement.agreed_on", R"({"agreement": {"agreedOn": "2024-08-30"}})"))));
  CHECK(effect.broken_rules().empty());
  REQUIRE(Desk::Find(effect, "concludedOn") != nullptr);
}

TEST_CASE("M3: no agreement, signature or seal is made by a correction") {
  Desk desk;
  const Case ready = Session(desk, Mediable(desk), "2024-08-28");
  const auto reason = [&](const Case& c, const char* path, const char* content) {
    return ReasonOf(desk.Request(Desk::Amending(c, path, content)).status());
  };
  for (const auto& [path, content] : {std::pair{"agreement.content", R"({"agreement": {"content": "院墙拆除"}})"},
                                      {"agreement.amount_fen", R"({"agreement": {"amountFen": "100"}})"},
                                      {"agreement.agreed_on", R"({"agreement": {"agreedOn": "2024-08-30"}})"}}) {
    CHECK(reason(ready, path, content) == "ACT_NOT_DONE");
  }
  v1::DraftAgreementRequest r;
  r.set_id(ready.id());
  r.mutable_agreement()->set_content("院墙拆除");
  auto* signature = r.mutable_agreement()->add_signatures();
  signature->set_party(0);
  signature->set_signed_on("2024-08-30");
  auto call = desk.Call("CaseService/DraftAgreement", desk.mediator);
  const Case draft = Must(desk.Do<Case>(call, r));
  for (const auto& [path, content] :
       {std::pair{"agreement.signatures",
                  R"({"agreement": {"signatures": [{"party": 0, "signedOn": "2024-08-30"}, {"party": 1, "signedOn": "2024-08-30"}]}})"},
        {"agreement.mediator_signed_on", R"({"agreement": {"mediatorSignedOn": "2024-08-30"}})"},
        {"agreement.sealed_on", R"({"agreement": {"sealedOn": "2024-08-30"}})"}}) {
    CHECK(reason(draft, path, content) == "ACT_NOT_DONE");
  }
  CHECK(reason(draft, "agreement.content", R"({"agreement": {}})") == "FIELD_REQUIRED");
  CHECK(reason(draft, "agreement.signatures", R"({"agreement": {"signatures": [{"party": 0, "signedOn": "2024-08-29"}]}})") == "");
}

TEST_CASE("a committee stays in the county of its organisation") {
  Desk desk;
  const Committee committee = Seat(desk);
  CHECK(ReasonOf(desk.Request(Desk::Amending(committee, "region", R"({"region": "330108"})")).status()) == "REGION_OUTSIDE");
  CHECK(ReasonOf(desk.Request(Desk::Amending(committee, "region", R"({"region": "330783118"})")).status()) == "");
}

TEST_CASE("an item of a list that was put right stays so when what came after it is withdrawn") {
  Desk desk;
  const Case first = Session(desk, Mediable(desk), "2024-08-28");
  const Case second = Session(desk, first, "2024-08-29");
  const std::string mediator = first.mediators(0);
  desk.Amend(second, "sessions",
             absl::StrCat(R"({"sessions": [{"heldOn": "2024-08-27", "minutes": "双方到场", "mediator": ")", mediator,
                          R"("}, {"heldOn": "2024-08-29", "minutes": "双方到场", "mediator": ")", mediator, R"("}]})"));
  desk.Correct(second, Correction::WITHDRAW_ACT);
  const Case now = desk.Reload(second);
  REQUIRE(now.sessions_size() == 1);
  CHECK(now.sessions(0).held_on() == "2024-08-27");
}

TEST_CASE("人民调解法 §15: the day of a decision on a complaint is one on the case and on the committee") {
  Desk desk;  // whose committee was elected on 2024-09-02
  desk.office.clock.Set(absl::CivilSecond(2024, 9, 20, 9, 0, 0));
  const Case c = Complained(desk, Mediable(desk), desk.committee.members(0).id());
  Must(Assigned(desk, c, 1, "2024-09-04"));
  Must(Removed(desk, c, "2024-09-10"));
  desk.CarryOut(DayOfLastAct(desk, c, "2024-09-08"));
  CHECK(desk.Reload(c).complaints(0).decided_on() == "2024-09-08");
  CHECK(Seat(desk).members(0).removed_on() == "2024-09-08");
}

TEST_CASE("人民调解法 §15: who is removed gets cases of the days before, and an election of a later day ends it") {
  Desk desk;
  desk.office.clock.Set(absl::CivilSecond(2024, 9, 20, 9, 0, 0));
  const Case old = desk.Accept(desk.Apply(), "2024-08-20");
  const Case c = Complained(desk, Mediable(desk), desk.committee.members(0).id());
  Must(Assigned(desk, c, 1, "2024-09-04"));

  SECTION("by its day, not by when it was entered") {
    Must(Removed(desk, c, "2024-09-10"));
    CHECK(ReasonOf(Assigned(desk, old, 0, "2024-09-10").status()) == "MEDIATOR_REMOVED");
    const Case paper = Must(Assigned(desk, old, 0, "2024-09-09"));
    v1::RecordSessionRequest r;
    r.set_id(paper.id());
    r.mutable_session()->set_held_on("2024-09-10");
    r.mutable_session()->set_minutes("双方到场");
    auto call = desk.Call("CaseService/RecordSession", desk.mediator);
    CHECK(ReasonOf(desk.Do<Case>(call, r).status()) == "MEDIATOR_REMOVED");
    const Case held = Session(desk, paper, "2024-09-09");
    CHECK(ReasonOf(desk.Request(Desk::Amending(held, "assigned_on", R"({"assignedOn": "2024-09-11"})")).status()) == "MEDIATOR_REMOVED");
    const std::string later = absl::StrCat(R"({"sessions": [{"heldOn": "2024-09-11", "minutes": "双方到场", "mediator": ")",
                                           held.sessions(0).mediator(), R"("}]})");
    CHECK(ReasonOf(desk.Request(Desk::Amending(held, "sessions", later)).status()) == "MEDIATOR_REMOVED");
    CHECK(ReasonOf(Assigned(desk, paper, 1, "").status()) == "");
  }
  SECTION("what one case decided is withdrawn, and what another did stands") {
    const Case other = Complained(desk, Mediable(desk), desk.committee.members(0).id());
    Must(Assigned(desk, other, 1, "2024-09-04"));
    Must(Removed(desk, c, "2024-09-10"));
    Must(Removed(desk, other, "2024-09-11"));
    desk.Correct(desk.Reload(c), Correction::WITHDRAW_ACT);
    CHECK(Seat(desk).members(0).removed_on() == "2024-09-11");
    CHECK(ReasonOf(desk.Request(Desk::Amending(Seat(desk), "elected_on", R"({"electedOn": "2024-09-15"})")).status()) ==
          "ELECTION_PASSES_REMOVAL");
    desk.Correct(desk.Reload(other), Correction::WITHDRAW_ACT);
    CHECK(Seat(desk).members(0).removed_on().empty());
  }
  SECTION("an election of a later day, recorded first, stands, until the day of the removal is put right") {
    v1::ChangeCommitteeRequest r;
    r.set_id(desk.committee.id());
    r.set_occurred_on("2024-09-12");
    *r.mutable_members() = Seat(desk).members();
    auto call = desk.Call("CommitteeService/ReelectCommittee", desk.head);
    Must(desk.Do<Committee>(call, r));
    Must(Removed(desk, c, "2024-09-10"));
    CHECK(Seat(desk).members(0).removed_on().empty());
    desk.CarryOut(DayOfLastAct(desk, c, "2024-09-14"));
    CHECK(Seat(desk).members(0).removed_on() == "2024-09-14");
  }
}

}  // namespace sifa::mediation
