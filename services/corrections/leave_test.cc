// The rules of leaves (law §2.5 R1–R4), over their table alone: no database, no clock.
#include "services/corrections/leave.h"

#include <catch2/catch.hpp>

#include "services/corrections/area.h"
#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

// To Hangzhou, from a town of 东阳市.
Leave LeaveOf(const std::string& from, const std::string& to, Leave::State state = Leave::STATE_UNSPECIFIED) {
  Leave leave;
  leave.set_state(state);
  leave.set_region("330783118");
  leave.set_purpose("01");
  leave.add_places()->set_region("330102");
  leave.set_from(from);
  leave.set_to(to);
  leave.set_return_by(to);
  leave.set_proof_kind("01");
  leave.set_proof_number("诊字1号");
  return leave;
}

// The reason for which an application on 2024-10-08 is refused; "" where it is taken.
template <class... Others>
std::string Applied(Leave leave, const Subject& s = Probationer(), const Others&... others) {
  return Do(kLeaveProcedure, leave, Leave::APPLY, On("2024-10-08", s, others...));
}

// Performs an act on a day with what its function would do.
std::string Done(Leave& leave, Leave::Act act, const std::string& day, const std::function<void(Leave&)>& change) {
  return Do<Leave>(kLeaveProcedure, leave, act, On(day), [&](Leave& after) {
    change(after);
    return absl::OkStatus();
  });
}

// Who decides on a leave beside others.
Leave::Level LevelOf(const Leave& leave, const std::vector<Leave>& others = {}) {
  std::vector<const Leave*> pointers;
  for (const Leave& other : others) pointers.push_back(&other);
  return EntitledTo(leave, leave.to(), pointers).level;
}

}  // namespace

TEST_CASE(
    "实施办法 §27 (R3): seven days are the office's, eight the county's, thirty too, thirty-one the city's; both ends count") {
  CHECK(LevelOf(LeaveOf("2024-10-10", "2024-10-16")) == Leave::OFFICE);
  CHECK(LevelOf(LeaveOf("2024-10-10", "2024-10-17")) == Leave::COUNTY);
  CHECK(LevelOf(LeaveOf("2024-10-10", "2024-11-08")) == Leave::COUNTY);
  CHECK(LevelOf(LeaveOf("2024-10-10", "2024-11-09")) == Leave::CITY);
  const Entitled entitled = EntitledTo(LeaveOf("2024-10-10", "2024-10-17"), "2024-10-17", {});
  CHECK(entitled.days == 8);
  CHECK(entitled.reason == "外出8日，超过七日，由县级社区矫正机构审批");
}

TEST_CASE("实施办法 §27 (R3): what has been approved in the two months that end on the last day counts, its days inside only") {
  const Leave taken = LeaveOf("2024-09-01", "2024-09-21", Leave::RETURNED);       // 21 days
  CHECK(LevelOf(LeaveOf("2024-10-01", "2024-10-10"), {taken}) == Leave::CITY);    // 31
  CHECK(LevelOf(LeaveOf("2024-10-01", "2024-10-09"), {taken}) == Leave::COUNTY);  // 30
  CHECK(LevelOf(LeaveOf("2024-10-01", "2024-10-05"), {LeaveOf("2024-08-20", "2024-09-16", Leave::DEPARTED)}) ==
        Leave::CITY);  // 5 after 28
  // From 2024-09-11 on, eleven of the days that were taken.
  const Entitled entitled = EntitledTo(LeaveOf("2024-11-01", "2024-11-10"), "2024-11-10", {&taken});
  CHECK(entitled.days_in_two_months == 21);
  CHECK(entitled.level == Leave::COUNTY);
  for (const Leave::State state : {Leave::APPLIED, Leave::REFUSED, Leave::WITHDRAWN, Leave::UNUSED}) {
    CHECK(LevelOf(LeaveOf("2024-10-01", "2024-10-10"), {LeaveOf("2024-09-01", "2024-09-21", state)}) == Leave::COUNTY);
  }
}

TEST_CASE("two calendar months that end on the last day of a month begin on the first one after the shorter one's end") {
  const Leave taken = LeaveOf("2024-02-01", "2024-03-25", Leave::RETURNED);
  CHECK(EntitledTo(LeaveOf("2024-04-30", "2024-04-30"), "2024-04-30", {&taken}).days_in_two_months == 1 + 25);  // from 03-01
  CHECK(EntitledTo(LeaveOf("2024-03-31", "2024-03-31"), "2024-03-31", {&taken}).days_in_two_months == 1 + 54);  // from 02-01
}

TEST_CASE("实施办法 §26 (R1): districts of one city are one area; counties and county-level cities are their own") {
  CHECK(AreaOf("330702") == AreaOf("330703001"));
  CHECK(AreaOf("330700") == AreaOf("330702"));
  CHECK(AreaOf("330783118") != AreaOf("330782"));
  CHECK(AreaOf("330783118") == AreaOf("330783001002"));
  CHECK(AreaOf("330783") != AreaOf("330700"));
  CHECK(AreaOf("330723") != AreaOf("330702"));
  CHECK(AreaOf("110101") == AreaOf("110119"));
  CHECK(AreaOf("500101") == AreaOf("500156"));
  CHECK(AreaOf("500101") != AreaOf("500229"));
  CHECK(AreaOf("429004") != AreaOf("429005"));

  Leave leave = LeaveOf("2024-10-10", "2024-10-12");
  leave.mutable_places(0)->set_region("330783001");
  CHECK(Applied(leave) == "NOT_LEAVING");
  leave.add_places()->set_region("330782");
  CHECK(Applied(leave) == "");
}

TEST_CASE("实施办法 §26, §27 (R2): a leave has one of four causes, and proof of it") {
  CHECK(Applied(LeaveOf("2024-10-10", "2024-10-12")) == "");
  Leave leave = LeaveOf("2024-10-10", "2024-10-12");
  leave.clear_proof_kind();
  CHECK(Applied(leave) == "PROOF_MISSING");
  leave = LeaveOf("2024-10-10", "2024-10-12");
  leave.clear_proof_number();
  CHECK(Applied(leave) == "PROOF_MISSING");
  leave = LeaveOf("2024-10-10", "2024-10-12");
  leave.set_purpose("99");
  CHECK(Applied(leave) == "LEAVE_WITHOUT_CAUSE");
}

TEST_CASE("社区矫正法 §27: a leave is asked for beforehand, within the term, of who is received, and beside no other") {
  CHECK(Applied(LeaveOf("2024-10-12", "2024-10-10")) == "LEAVE_REVERSED");
  CHECK(Applied(LeaveOf("2024-10-07", "2024-10-10")) == "LEAVE_BACKDATED");
  CHECK(Applied(LeaveOf("2026-08-30", "2026-08-31")) == "");
  CHECK(Applied(LeaveOf("2026-08-30", "2026-09-01")) == "LEAVE_BEYOND_TERM");
  for (const Subject::State state : {Subject::NOTICED, Subject::RELEASED, Subject::TERMINATED}) {
    CHECK(Applied(LeaveOf("2024-10-10", "2024-10-12"), Probationer(state)) == "SUBJECT_NOT_IN_CORRECTION");
  }
  const Leave leave = LeaveOf("2024-10-10", "2024-10-12");
  CHECK(Applied(leave, Probationer(), LeaveOf("2024-10-12", "2024-10-14", Leave::APPLIED)) == "LEAVE_OVERLAPS");
  CHECK(Applied(leave, Probationer(), LeaveOf("2024-10-08", "2024-10-10", Leave::OVERSTAYED)) == "LEAVE_OVERLAPS");
  CHECK(Applied(leave, Probationer(), LeaveOf("2024-10-13", "2024-10-14", Leave::APPROVED)) == "");
  CHECK(Applied(leave, Probationer(), LeaveOf("2024-10-08", "2024-10-14", Leave::RETURNED)) == "");
  CHECK(Applied(leave, Probationer(), LeaveOf("2024-10-08", "2024-10-14", Leave::REFUSED)) == "");
}

TEST_CASE("实施办法 §27: the level is looked at again when it is decided") {
  Leave leave = LeaveOf("2024-10-10", "2024-10-19", Leave::APPLIED);
  leave.set_level(Leave::COUNTY);
  const Leave meanwhile = LeaveOf("2024-09-01", "2024-09-21", Leave::RETURNED);
  CHECK(Do(kLeaveProcedure, leave, Leave::APPROVE, On("2024-10-09", Probationer(), meanwhile)) == "LEVEL_CHANGED");
  CHECK(Do(kLeaveProcedure, leave, Leave::APPROVE, On("2024-10-09")) == "");
  CHECK(leave.clocks(0).kind() == "DEPART_BY");
  CHECK(leave.clocks(0).due_on() == "2024-10-19");
}

TEST_CASE("实施办法 §27: the office decides while it is delegated; the city does not take what is the county's") {
  const auto decided = [](Leave::Level by, const std::string& delegation) {
    Leave leave = LeaveOf("2024-10-10", "2024-10-12", Leave::APPLIED);
    leave.set_level(Leave::OFFICE);
    return Done(leave, Leave::APPROVE, "2024-10-09", [&](Leave& l) {
      l.set_decided_by(by);
      l.set_delegation(delegation);
    });
  };
  CHECK(decided(Leave::OFFICE, "01DELEGATION") == "");
  CHECK(decided(Leave::OFFICE, "") == "NOT_DELEGATED");
  CHECK(decided(Leave::COUNTY, "") == "");
  CHECK(decided(Leave::CITY, "") == "LEVEL_NOT_ENTITLED");
}

TEST_CASE("a leave is begun after its approval and within its days, and ended once") {
  Leave leave = LeaveOf("2024-10-10", "2024-10-12", Leave::APPLIED);
  leave.set_level(Leave::COUNTY);
  CHECK(Do(kLeaveProcedure, leave, Leave::DEPART, On("2024-10-10")) == "ACTION_NOT_ALLOWED");
  leave.set_state(Leave::APPROVED);
  CHECK(Do(kLeaveProcedure, leave, Leave::DEPART, On("2024-10-09")) == "DEPARTURE_OUTSIDE_LEAVE");
  CHECK(Do(kLeaveProcedure, leave, Leave::DEPART, On("2024-10-13")) == "DEPARTURE_OUTSIDE_LEAVE");
  CHECK(Do(kLeaveProcedure, leave, Leave::DEPART, On("2024-10-10")) == "");
  CHECK(leave.clocks(0).due_on() == "2024-10-12");  // a Saturday: what binds a person does not roll over
  CHECK(Do(kLeaveProcedure, leave, Leave::WITHDRAW, On("2024-10-10")) == "ACTION_NOT_ALLOWED");
  const auto arrive = [](const char* region) { return [=](Leave& l) { l.add_arrivals()->set_region(region); }; };
  CHECK(Done(leave, Leave::ARRIVE, "2024-10-10", arrive("330782")) == "PLACE_NOT_NAMED");
  CHECK(Done(leave, Leave::ARRIVE, "2024-10-10", arrive("330106")) == "");
  CHECK(Do(kLeaveProcedure, leave, Leave::RETURN, On("2024-10-12")) == "");
  CHECK(Do(kLeaveProcedure, leave, Leave::RETURN, On("2024-10-12")) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("实施办法 §28 (R4): a longer stay is asked for before the last day has passed, and not by whom is ordered back") {
  const auto extended = [](const std::string& day, const std::string& to, const std::string& ordered = "") {
    Leave leave = LeaveOf("2024-10-10", "2024-10-12", Leave::DEPARTED);
    leave.set_ordered_back_on(ordered);
    return Done(leave, Leave::EXTEND, day, [&](Leave& l) {
      l.add_extensions()->set_to(to);
      l.set_state(Leave::EXTENDING);
    });
  };
  CHECK(extended("2024-10-12", "2024-10-14") == "");
  CHECK(extended("2024-10-13", "2024-10-14") == "EXTENSION_TOO_LATE");
  CHECK(extended("2024-10-12", "2024-10-12") == "EXTENSION_NOT_LATER");
  CHECK(extended("2024-10-12", "2026-09-01") == "LEAVE_BEYOND_TERM");
  CHECK(extended("2024-10-12", "2024-10-14", "2024-10-11") == "ORDERED_BACK");
}

TEST_CASE("实施办法 §28: who is ordered back returns by a day between the order and the last day") {
  const auto ordered = [](const std::string& return_by) {
    Leave leave = LeaveOf("2024-10-10", "2024-10-16", Leave::DEPARTED);
    return Done(leave, Leave::ORDER_BACK, "2024-10-12", [&](Leave& l) {
      l.set_ordered_back_on("2024-10-12");
      l.set_return_by(return_by);
    });
  };
  CHECK(ordered("2024-10-11") == "ORDER_OUTSIDE_LEAVE");
  CHECK(ordered("2024-10-12") == "");
  CHECK(ordered("2024-10-17") == "ORDER_OUTSIDE_LEAVE");
}

}  // namespace sifa::corrections
