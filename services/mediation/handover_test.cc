// Handing over (移交): who mediates the cases of a mediator who leaves.
#include "libs/casework/handover.h"

#include <catch2/catch.hpp>

#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {
namespace {

struct Leaving : MediationFixture {
  // The person's work goes to 01SUCCESSOR, who holds this post, by an order at this position of identity's journal.
  int CarryOut(int64_t position) {
    identity::v1::ListHandoversResponse orders;
    auto* order = orders.add_orders();
    order->set_position(position);
    order->set_from("01MEDIATOR");
    order->mutable_handover()->set_to("01SUCCESSOR");
    order->mutable_handover()->set_reason("调离");
    *order->add_grants() = testing::GrantOf("mediator", "C1", kCommitteePath, 5, false);
    orders.set_position(position);
    return Must(casework::CarryOut(backend(), calls.authority(), {&cases.type(), &committees.type()}, orders)).handed_over;
  }
};

}  // namespace

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

}  // namespace sifa::mediation
