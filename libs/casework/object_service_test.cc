// What the frame serves of an object by its definition: lists by place, what may be done, why a limit ends on its day.
#include "libs/casework/object_service.h"

#include <algorithm>

#include "libs/casework/errand_fixture.h"

namespace sifa::casework {
namespace {

struct Served : ErrandDesk {
  int Listed(const std::string& region, const std::string& organisation, const std::vector<Errand::State>& states = {}) {
    test::ListErrandsRequest r;
    r.set_region(region);
    r.set_organisation(organisation);
    for (const auto state : states) r.add_states(state);
    auto call = Call("ErrandService/ListErrands", head);
    return Must(office.List<Errand, test::ListErrandsResponse>(call, r)).errands_size();
  }
};

}  // namespace

TEST_CASE("a division names all divisions within it, whatever its level") {
  Served at;
  at.Order();
  for (const char* region : {"330000", "330700", "330783"}) {
    INFO(region);
    CHECK(at.Listed(region, "") == 1);
  }
  for (const char* region : {"340000", "330100", "330784", "330783001"}) {
    INFO(region);
    CHECK(at.Listed(region, "") == 0);
  }
}

TEST_CASE("an organisation's code names it and all below it") {
  Served at;
  at.Order();
  for (const char* organisation : {"33", "330783", "O1"}) {
    INFO(organisation);
    CHECK(at.Listed("", organisation) == 1);
  }
  for (const char* organisation : {"330784", "O", "1"}) {
    INFO(organisation);
    CHECK(at.Listed("", organisation) == 0);
  }
}

TEST_CASE("a list has the states that it asks for, and is read page by page") {
  Served at;
  const Errand ordered = at.Order(), taken = at.Take(at.Order()), assigned = at.Assign(at.Take(at.Order()));
  CHECK(at.Listed("", "", {Errand::TAKEN}) == 1);
  CHECK(at.Listed("", "", {Errand::ORDERED, Errand::ASSIGNED}) == 2);
  CHECK(at.Listed("", "", {Errand::VOIDED}) == 0);
  test::ListErrandsRequest r;
  r.set_page_size(2);
  std::vector<std::string> seen;
  do {
    auto call = at.Call("ErrandService/ListErrands", at.head);
    const auto page = Must(at.office.List<Errand, test::ListErrandsResponse>(call, r));
    CHECK(page.errands_size() <= 2);
    for (const auto& errand : page.errands()) seen.push_back(errand.id());
    r.set_page_token(page.next_page_token());
  } while (!r.page_token().empty());
  CHECK(seen == std::vector<std::string>{assigned.id(), taken.id(), ordered.id()});
}

TEST_CASE("an available action says its permission, its method and the message that it takes, or why it is not allowed") {
  Served at;
  const Errand errand = at.Order("", "");
  auto call = at.Call("ErrandService/GetErrand", at.head);
  const auto actions = Must(AvailableActionsOf(at.backend(), at.errands.type(), call, errand.id()));
  REQUIRE(actions.actions_size() == 1);
  const auto& take = actions.actions(0);
  CHECK(take.action() == "TAKE");
  CHECK(take.label() == "受理");
  CHECK_FALSE(take.allowed());
  CHECK(take.reason() == "TASK_MISSING");
  CHECK(take.law() == "《信访工作条例》第23条");
  CHECK(take.permission() == "caseworktest.errand.handle");
  CHECK(take.method() == "sifa.caseworktest.v1.ErrandService.TakeErrand");
  CHECK(take.request() == "sifa.caseworktest.v1.ErrandActRequest");
}

TEST_CASE("what the caller's post does not allow is shown with that reason") {
  Served at;
  const Errand errand = at.Order();
  const auto auditor = testing::ClaimsOf("01AUDIT", "audit", {testing::GrantOf("auditor", "330783", Desk::kCountyPath, 3, true)});
  auto call = at.Call("ErrandService/GetErrand", auditor);
  const auto actions = Must(AvailableActionsOf(at.backend(), at.errands.type(), call, errand.id()));
  REQUIRE(actions.actions_size() == 1);
  CHECK_FALSE(actions.actions(0).allowed());
  CHECK(actions.actions(0).reason() == "PERMISSION_MISSING");
  auto outside = at.Call("ErrandService/GetErrand", at.stranger);
  CHECK(absl::IsNotFound(AvailableActionsOf(at.backend(), at.errands.type(), outside, errand.id()).status()));
}

TEST_CASE("a limit is explained to those in reach, and there is none of what never ran") {
  Served at;
  const Errand errand = at.Take(at.Order());
  v1::ExplainClockRequest r;
  r.set_id(errand.id());
  r.set_kind("REPORT_BY");
  auto call = at.Call("ErrandService/GetErrand", at.head);
  const auto explained = Must(ExplainClock(at.backend(), at.errands.type(), call, r));
  CHECK(explained.clock().due_on() == Served::Due(errand));
  CHECK(explained.steps_size() > 1);
  r.set_kind("CALL_BY");
  CHECK(absl::IsNotFound(ExplainClock(at.backend(), at.errands.type(), call, r).status()));
  r.set_kind("REPORT_BY");
  auto outside = at.Call("ErrandService/GetErrand", at.stranger);
  CHECK(absl::IsNotFound(ExplainClock(at.backend(), at.errands.type(), outside, r).status()));
}

}  // namespace sifa::casework
