// Handing over (移交), from the order to the cases, which stay with the successor.
#include "libs/casework/handover.h"

#include <catch2/catch.hpp>

#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {
namespace {

struct Leaving : MediationFixture {
  // The person's work goes to 01SUCCESSOR, who holds this post, by an order at this position of identity's journal.
  int CarryOut(int64_t position, const std::vector<rpc::Grant>& posts = {testing::GrantOf("mediator", "C1", kCommitteePath, 5, false)}) {
    return Ordered(position, posts).handed_over;
  }
  casework::CarriedOut Ordered(int64_t position, const std::vector<rpc::Grant>& posts) {
    identity::v1::ListHandoversResponse orders;
    auto* order = orders.add_orders();
    order->set_position(position);
    order->set_from("01MEDIATOR");
    order->mutable_handover()->set_to("01SUCCESSOR");
    order->mutable_handover()->set_reason("调离");
    order->mutable_grants()->Assign(posts.begin(), posts.end());
    orders.set_position(position);
    return Must(casework::CarryOut(backend(), calls.authority(), {&cases.type(), &committees.type()}, orders));
  }

  casework::Corrections desk{backend(), nullptr};
  casework::CorrectionService service{backend(), desk};
};

}  // namespace

TEST_CASE("the open cases of who leaves go to the successor, journalled and once") {
  Leaving office;
  const Case first = office.Assign(office.Accept(office.Apply()));
  const Case second = office.Assign(office.Accept(office.Apply()));
  const Case unassigned = office.Accept(office.Apply());
  CHECK(office.CarryOut(7) == 2);
  CHECK(office.Reload(first).assignee() == "01SUCCESSOR");
  CHECK(office.Reload(second).assignee() == "01SUCCESSOR");
  CHECK(office.Reload(unassigned).assignee().empty());
  CHECK(office.Actions(first.id()).back() == "HAND_OVER");
  CHECK(Must(casework::HandoverPosition(office.backend())) == 7);

  // The order stands for that day: what is assigned later is meant.
  const Case later = office.Assign(unassigned);
  CHECK(office.CarryOut(7) == 0);
  CHECK(office.Reload(later).assignee() == "01MEDIATOR");
  CHECK(office.CarryOut(8) == 1);
}

TEST_CASE("the successor mediates what was handed over, where he is of the committee and not to withdraw") {
  Leaving office;
  v1::ChangeCommitteeRequest change;
  change.set_id(office.committee.id());
  *change.mutable_members() = office.committee.members();
  for (int i = 1; i < change.members_size(); ++i) change.mutable_members(i)->set_account(i == 1 ? "01SUCCESSOR" : "");
  auto changing = office.Call("CommitteeService/ChangeCommittee", office.officer);
  const Committee committee = Must(office.Do<Committee>(changing, change));
  const std::string from = committee.members(0).id(), to = committee.members(1).id();
  const auto record = [&](const Case& c, const std::string& mediator = "") {
    v1::RecordSessionRequest r;
    r.set_id(c.id());
    r.mutable_session()->set_held_on("2024-09-02");
    r.mutable_session()->set_mediator(mediator);
    auto call = office.Call("CaseService/RecordSession", office.mediator);
    return office.Do<Case>(call, r);
  };
  const Case mine = office.Assign(office.Accept(office.Apply()));
  v1::AssignCaseRequest related;
  related.set_id(office.Accept(office.Apply()).id());
  related.add_mediators(from);
  related.add_conflicted(to);
  auto assigning = office.Call("CaseService/AssignCase", office.mediator);
  const Case his_cousins = Must(office.Do<Case>(assigning, related));
  REQUIRE(office.CarryOut(7) == 2);
  const Case taken = office.Reload(mine);
  REQUIRE(taken.mediators_size() == 1);
  CHECK(taken.mediators(0) == to);
  CHECK(Must(record(mine)).sessions(0).mediator() == to);
  CHECK(ReasonOf(record(mine, from).status()) == "MEDIATOR_UNKNOWN");
  CHECK(office.Reload(his_cousins).mediators().empty());
  CHECK(ReasonOf(record(his_cousins).status()) == "MEDIATOR_MISSING");
}

TEST_CASE("what the successor cannot reach stays where it is and on the office's list") {
  Leaving office;
  const Case assigned = office.Assign(office.Accept(office.Apply()));
  const std::vector<std::vector<rpc::Grant>> cannot = {
      {},                                                                         // no post, or disabled meanwhile
      {testing::GrantOf("mediator", "C2", "/33/3307/330784/C2/", 5, false)},      // another place
      {testing::GrantOf("auditor", "330783", "/33/3307/330783/", 3, true)},              // other work
      {testing::GrantOf("city_supervisor", "3307", "/33/3307/", 2, true)},        // reads only
      {testing::GrantOf("county_officer", "330783", "/33/3307/330783/", 3, false)}};     // not what is below
  int64_t position = 7;
  for (const auto& posts : cannot) {
    const auto done = office.Ordered(position++, posts);
    CHECK(done.handed_over == 0);
    CHECK(done.left == 1);
    CHECK(office.Reload(assigned).assignee() == "01MEDIATOR");
  }
  CHECK(Must(casework::HandoverPosition(office.backend())) == position - 1);
  CHECK(office.CarryOut(position, {testing::GrantOf("county_officer", "330783", "/33/3307/330783/", 3, true)}) == 1);
  CHECK(office.Reload(assigned).assignee() == "01SUCCESSOR");
}

TEST_CASE("what has been handed over stays with the successor where an act of before is withdrawn") {
  Leaving office;
  const Case assigned = office.Assign(office.Accept(office.Apply()));
  office.CarryOut(7);
  casework::v1::RequestCorrectionRequest request;
  request.set_object_type("Case");
  request.set_object(assigned.id());
  request.set_kind(Correction::WITHDRAW_ACT);
  request.set_reason("登记有误");
  auto ask = office.OfficeCall("CorrectionService/RequestCorrection", office.officer);
  const Correction correction = Must(office.service.Request(ask, request));
  CHECK(correction.action() == "ASSIGN");
  casework::v1::ApproveCorrectionRequest approval;
  approval.set_id(correction.id());
  auto approve = office.OfficeCall("CorrectionService/ApproveCorrection", office.head);
  Must(office.service.Approve(approve, approval));
  CHECK(office.Reload(assigned).state() == Case::ACCEPTED);
  CHECK(office.Reload(assigned).assignee() == "01SUCCESSOR");
  CHECK(office.Reload(assigned).mediators().empty());  // nor does he who left come back
}

}  // namespace sifa::mediation
