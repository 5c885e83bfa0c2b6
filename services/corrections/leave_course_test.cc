// What leaves and delegations do over a database: who may decide, what the suite does when a last day has passed (law §2.5 R3,
// R4).
#include "services/corrections/course_fixture.h"
#include "services/corrections/delegation.h"
#include "services/corrections/leave.h"
#include "services/corrections/proposal.h"

namespace sifa::corrections {
namespace {

std::string Application(const std::string& from, const std::string& to) {
  return absl::StrCat(R"({"purpose": "01", "details": "住院手术", "places": [{"region": "330102", "address": "庆春路79号"}], )",
                      R"("proofKind": "01", "proofNumber": "诊字1号", "from": ")", from, R"(", "to": ")", to, "\"}");
}

Delegation Delegate(Course& at, const std::string& from, const std::string& to) {
  return Course::Must(
      at.Try<Delegation>("DelegateMatter",
                         absl::StrCat(R"({"office": "330783118", "region": "330783118", "matter": "SHORT_LEAVES", "from": ")",
                                      from, R"(", "to": ")", to, "\"}"),
                         at.county));
}

Leave ApplyFor(Course& at, const Subject& s, const std::string& from, const std::string& to) {
  return at.Make<Leave>("ApplyForLeave", s, Application(from, to), at.office);
}

}  // namespace

TEST_CASE(
    "社区矫正法 §9: a matter is delegated to an office once at a time, by the county, from a day to come, and ends by itself") {
  Course at;
  const Delegation delegation = Delegate(at, "2024-09-02", "2024-09-30");
  CHECK(delegation.number() == "（2024）330783矫委字第1号");
  const auto again = [&](const std::string& from, const std::string& to, const Course::Claims& who) {
    return ReasonOf(
        at.Try<Delegation>("DelegateMatter",
                           absl::StrCat(R"({"office": "330783118", "region": "330783118", "matter": "SHORT_LEAVES", "from": ")",
                                        from, R"(", "to": ")", to, "\"}"),
                           who)
            .status());
  };
  CHECK(again("2024-09-02", "2024-12-31", at.county) == "DELEGATION_RUNNING");
  CHECK(again("2024-09-01", "2024-12-31", at.county) == "DELEGATION_BACKDATED");
  CHECK(again("2024-09-10", "2024-09-03", at.county) == "DELEGATION_REVERSED");
  CHECK(again("2024-09-02", "2024-12-31", at.office) != "");
  at.GoTo("2024-09-30");
  CHECK(at.Now(delegation).state() == Delegation::RUNNING);
  at.GoTo("2024-10-01");
  CHECK(at.Now(delegation).state() == Delegation::EXPIRED);
  CHECK(again("2024-10-01", "2024-12-31", at.county) == "");
  CHECK(at.Findings().empty());
}

TEST_CASE("实施办法 §27: seven days are approved by the office on a day of its delegation, and by the county at any time") {
  Course at;
  const Subject s = at.Active();
  Leave leave = ApplyFor(at, s, "2024-09-10", "2024-09-16");
  CHECK(leave.number() == "（2024）330783矫外字第1号");
  CHECK(leave.level() == Leave::OFFICE);
  CHECK(leave.clocks(0).due_on() == "2024-09-05");
  CHECK(at.Refusal("ApproveLeave", leave, "{}", at.office) == "NOT_DELEGATED");
  CHECK(at.Refusal("ApproveLeave", leave, "{}", at.city) == "LEVEL_NOT_ENTITLED");
  const Delegation delegation = Delegate(at, "2024-09-03", "2024-12-31");
  CHECK(at.Refusal("ApproveLeave", leave, "{}", at.office) == "NOT_DELEGATED");
  at.GoTo("2024-09-03");
  leave = at.Do("ApproveLeave", leave, "{}", at.office);
  CHECK(leave.delegation() == delegation.id());
  CHECK(leave.decided_by() == Leave::OFFICE);
  CHECK(leave.decided_in_time());
  at.Do("EndDelegation", at.Now(delegation), R"({"reason": "人员调整"})", at.county);
  Leave next = ApplyFor(at, s, "2024-09-20", "2024-09-20");
  CHECK(at.Refusal("ApproveLeave", next, "{}", at.office) == "NOT_DELEGATED");
  at.GoTo("2024-09-09");
  next = at.Do("ApproveLeave", next, "{}", at.county);
  CHECK(next.decided_by() == Leave::COUNTY);
  CHECK_FALSE(next.decided_in_time());
  CHECK(at.Findings().empty());
}

TEST_CASE("实施办法 §27: eight days are the county's, more than thirty in two months the city's, who tells the procuratorate") {
  Course at;
  const Subject s = at.Active();
  Leave leave = ApplyFor(at, s, "2024-09-03", "2024-09-30");  // 28 days
  CHECK(at.Refusal("ApproveLeave", leave, "{}", at.office) == "LEVEL_NOT_ENTITLED");
  CHECK(at.Refusal("ApproveLeave", leave, "{}", at.city) == "LEVEL_NOT_ENTITLED");
  leave = at.Do("ApproveLeave", leave, "{}", at.county);
  leave = at.Do("WithdrawLeave", leave, "{}", at.office);
  leave = at.Do("ApproveLeave", ApplyFor(at, s, "2024-09-03", "2024-09-30"), "{}", at.county);
  Leave next = ApplyFor(at, s, "2024-10-08", "2024-10-12");
  CHECK(next.level() == Leave::CITY);
  CHECK(next.days_in_two_months() == 33);
  CHECK(at.Refusal("ApproveLeave", next, "{}", at.county) == "LEVEL_NOT_ENTITLED");
  next = at.Do("ApproveLeave", next, "{}", at.city);
  CHECK(next.papers(next.papers_size() - 1).label() == "外出情况通知书");
  CHECK(at.Findings().empty());
}

TEST_CASE(
    "实施办法 §28: departed, ON_LEAVE is told of him; a longer stay is decided on the level of all its days; returned in time") {
  Course at;
  const Subject s = at.Active();
  Leave leave = at.Do("ApproveLeave", ApplyFor(at, s, "2024-09-02", "2024-09-06"), "{}", at.county);
  CHECK(at.Now(s).flags().empty());
  leave = at.Do("DepartOnLeave", leave, "{}", at.office);
  REQUIRE(at.Now(s).flags_size() == 1);
  CHECK(at.Now(s).flags(0) == Subject::ON_LEAVE);
  leave = at.Do("ArriveOnLeave", leave, R"({"region": "330102", "report": "已入院"})", at.office);
  at.GoTo("2024-09-06");
  leave = at.Do("ExtendLeave", leave, R"({"to": "2024-09-12", "reason": "术后感染"})", at.office);
  CHECK(leave.level() == Leave::COUNTY);  // eleven days
  CHECK(at.Refusal("ApproveLeave", leave, "{}", at.office) == "LEVEL_NOT_ENTITLED");
  leave = at.Do("RefuseLeave", leave, R"({"reason": "可以转院"})", at.county);
  CHECK(leave.state() == Leave::DEPARTED);
  CHECK(leave.level() == Leave::OFFICE);
  leave = at.Do("ExtendLeave", leave, R"({"to": "2024-09-12", "reason": "不能转院"})", at.office);
  leave = at.Do("ApproveLeave", leave, "{}", at.county);
  CHECK(leave.to() == "2024-09-12");
  CHECK(leave.decided_on() == "2024-09-02");
  at.GoTo("2024-09-12");
  CHECK(at.Now(leave).state() == Leave::DEPARTED);
  leave = at.Do("ReturnFromLeave", leave, "{}", at.office);
  CHECK(leave.days_late() == 0);
  CHECK(at.Now(s).flags().empty());
  at.GoTo("2024-09-20");
  CHECK(at.Of<Proposal>(s).empty());
  CHECK(at.Findings().empty());
}

TEST_CASE(
    "实施办法 §28: who is not back after the last day, a Saturday, overstays the next morning, once, and an inquiry is "
    "proposed") {
  Course at;
  const Subject s = at.Active();
  Leave leave = at.Do("ApproveLeave", ApplyFor(at, s, "2024-09-10", "2024-09-14"), "{}", at.county);
  at.GoTo("2024-09-10");
  leave = at.Do("DepartOnLeave", leave, "{}", at.office);
  at.GoTo("2024-09-14");
  CHECK(at.Now(leave).state() == Leave::DEPARTED);
  at.GoTo("2024-09-15");
  at.GoTo("2024-09-16");
  leave = at.Now(leave);
  CHECK(leave.state() == Leave::OVERSTAYED);
  const Proposal proposal = at.OneOf<Proposal>(s);
  CHECK(proposal.kind() == Proposal::INVESTIGATE);
  CHECK(proposal.article() == "《社区矫正法实施办法》第28条");
  CHECK(at.Now(s).flags(0) == Subject::ON_LEAVE);
  SECTION("he comes back late") {
    leave = at.Do("ReturnFromLeave", leave, "{}", at.office);
    CHECK(leave.days_late() == 2);
    CHECK(at.Now(at.OneOf<Proposal>(s)).state() == Proposal::PROPOSED);
  }
  SECTION("he was back in time, and it is entered later: the proposal is withdrawn") {
    leave = at.Do("ReturnFromLeave", leave, R"({"occurredOn": "2024-09-14"})", at.office);
    CHECK(leave.days_late() == 0);
    CHECK(at.Now(proposal).state() == Proposal::WITHDRAWN);
  }
  CHECK(at.Now(s).flags().empty());
  CHECK(at.Findings().empty());
}

TEST_CASE(
    "a leave that is not begun ends with its last day, one that runs with the term; who is ordered back is late after that day") {
  Course at;
  const Subject s = at.Active();
  const Leave unused = at.Do("ApproveLeave", ApplyFor(at, s, "2024-09-03", "2024-09-04"), "{}", at.county);
  at.GoTo("2024-09-05");
  CHECK(at.Now(unused).state() == Leave::UNUSED);
  CHECK(at.Now(s).flags().empty());
  Leave leave = at.Do("ApproveLeave", ApplyFor(at, s, "2024-09-05", "2024-09-20"), "{}", at.county);
  leave = at.Do("DepartOnLeave", leave, "{}", at.office);
  leave = at.Do("OrderBackFromLeave", leave, R"({"returnBy": "2024-09-06", "reason": "未到所报地点"})", at.county);
  at.GoTo("2024-09-07");
  CHECK(at.Now(leave).state() == Leave::OVERSTAYED);
  at.Do("RecordSubjectDeath", at.Now(s), R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.Now(leave).state() == Leave::LAPSED);
  CHECK(at.Findings().empty());
}

TEST_CASE("a departure that is entered after the last day is still one; who was not told back by then overstays") {
  Course at;
  const Subject s = at.Active();
  Leave leave = at.Do("ApproveLeave", ApplyFor(at, s, "2024-09-03", "2024-09-04"), "{}", at.county);
  at.GoTo("2024-09-05");
  leave = at.Do("DepartOnLeave", at.Now(leave), R"({"occurredOn": "2024-09-03"})", at.office);
  at.GoTo("2024-09-06");
  CHECK(at.Now(leave).state() == Leave::OVERSTAYED);
  leave = at.Do("ReturnFromLeave", at.Now(leave), R"({"occurredOn": "2024-09-04"})", at.office);
  CHECK(at.OneOf<Proposal>(s).state() == Proposal::WITHDRAWN);
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
