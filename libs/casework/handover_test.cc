// Handing over (移交), from the order to the objects, which stay with the successor.
#include "libs/casework/handover.h"

#include "libs/casework/errand_fixture.h"

namespace sifa::casework {
namespace {

using Grants = std::vector<rpc::Grant>;

struct Leaving : ErrandDesk {
  // The clerk's work goes to 01SUCCESSOR, who holds this post, by an order at this position of identity's journal.
  CarriedOut Ordered(int64_t position, const Grants& posts = {testing::GrantOf("clerk", "O1", kOfficePath, 5, false)}) {
    identity::v1::ListHandoversResponse orders;
    auto* order = orders.add_orders();
    order->set_position(position);
    order->set_from("01CLERK");
    order->mutable_handover()->set_to("01SUCCESSOR");
    order->mutable_handover()->set_reason("调离");
    order->mutable_grants()->Assign(posts.begin(), posts.end());
    orders.set_position(position);
    return Must(casework::CarryOut(backend(), calls.authority(), {&errands.type()}, orders));
  }
};

}  // namespace

TEST_CASE("the open objects of who leaves go to the successor, journalled and once") {
  Leaving office;
  const Errand first = office.Assign(office.Take(office.Order()));
  const Errand second = office.Assign(office.Take(office.Order()));
  const Errand unassigned = office.Take(office.Order());
  const Errand reported = office.Do("Report", office.Assign(office.Take(office.Order())));
  CHECK(office.Ordered(7).handed_over == 2);
  CHECK(office.Now(first).assignee() == "01SUCCESSOR");
  CHECK(office.Now(second).assignee() == "01SUCCESSOR");
  CHECK(office.Now(unassigned).assignee().empty());
  CHECK(office.Now(reported).assignee() == "01CLERK");
  CHECK(office.ActsOn(first).back() == "HAND_OVER");
  CHECK(Must(HandoverPosition(office.backend())) == 7);

  // The order stands for that day: what is assigned later is meant.
  const Errand later = office.Assign(unassigned);
  CHECK(office.Ordered(7).handed_over == 0);
  CHECK(office.Now(later).assignee() == "01CLERK");
  CHECK(office.Ordered(8).handed_over == 1);
}

TEST_CASE("what the successor cannot reach stays where it is and on the office's list") {
  Leaving office;
  const Errand assigned = office.Assign(office.Take(office.Order()));
  const std::vector<Grants> cannot = {{},  // no post, or disabled meanwhile
                                      {testing::GrantOf("clerk", "O2", "/33/3307/330784/O2/", 5, false)},   // another place
                                      {testing::GrantOf("supervisor", "3307", "/33/3307/", 2, true)},       // other work
                                      {testing::GrantOf("auditor", "330783", Desk::kCountyPath, 3, true)},  // reads only
                                      {testing::GrantOf("head", "330783", Desk::kCountyPath, 3, false)}};   // not what is below
  int64_t position = 7;
  for (const auto& posts : cannot) {
    const auto done = office.Ordered(position++, posts);
    CHECK(done.handed_over == 0);
    CHECK(done.left == 1);
    CHECK(office.Now(assigned).assignee() == "01CLERK");
  }
  CHECK(Must(HandoverPosition(office.backend())) == position - 1);
  CHECK(office.Ordered(position, {testing::GrantOf("head", "330783", Desk::kCountyPath, 3, true)}).handed_over == 1);
  CHECK(office.Now(assigned).assignee() == "01SUCCESSOR");
}

TEST_CASE("what a type holds of an account in other fields goes to the successor as well, and others stay") {
  Leaving office;
  const Errand errand = office.Assign(office.Take(office.Order()), "", {"01CLERK", "01OTHER"});
  office.Ordered(7);
  const Errand now = office.Now(errand);
  REQUIRE(now.helpers_size() == 2);
  CHECK(now.helpers(0) == "01SUCCESSOR");
  CHECK(now.helpers(1) == "01OTHER");
}

TEST_CASE("what has been handed over stays with the successor where an act of before is withdrawn") {
  Leaving office;
  const Errand assigned = office.Assign(office.Take(office.Order()));
  office.Ordered(7);
  const Correction correction = office.CarryOut(Leaving::Of(assigned, Correction::WITHDRAW_ACT));
  CHECK(correction.action() == "ASSIGN");
  const Errand now = office.Now(assigned);
  CHECK(now.state() == Errand::TAKEN);
  CHECK(now.assignee() == "01SUCCESSOR");
  REQUIRE(now.helpers_size() == 1);
  CHECK(now.helpers(0) == "01SUCCESSOR");  // nor does he who left come back
}

}  // namespace sifa::casework
