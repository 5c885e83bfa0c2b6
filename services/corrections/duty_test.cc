// The reports that bind a person (实施办法 §24; law §2.4): when each is opened, due and missed, and what follows.
#include "services/corrections/duty.h"

#include <catch2/catch.hpp>
#include <functional>

#include "absl/strings/match.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/proposal.h"
#include "services/corrections/record_fixture.h"
#include "services/corrections/reporting.h"

namespace sifa::corrections {
namespace {

Duty Due(Duty::State state = Duty::DUE) {
  Duty duty;
  duty.set_state(state);
  duty.set_submit_by("2024-10-02");
  return duty;
}

constexpr char kReport[] = R"({"means": "IN_PERSON", "content": "在家务农"})";

std::vector<std::string> DueDays(const std::vector<Duty>& duties, Duty::Kind kind) {
  std::vector<std::string> days;
  for (const Duty& duty : duties) {
    if (duty.kind() == kind) days.push_back(duty.due_on());
  }
  return days;
}

using Days = std::vector<std::string>;

}  // namespace

TEST_CASE("实施办法 §24: a report is accepted once it was made, and not made by who is released") {
  Duty duty = Due();
  CHECK(Do(kDutyProcedure, duty, Duty::ACCEPT, On("2024-10-01")) == "ACTION_NOT_ALLOWED");
  CHECK(Do(kDutyProcedure, duty, Duty::SUBMIT, On("2024-10-01", Probationer(Subject::RELEASED))) == "SUBJECT_NOT_IN_CORRECTION");
  CHECK(Do(kDutyProcedure, duty, Duty::EXCUSE, On("2024-10-01", Probationer(Subject::RELEASED))) == "SUBJECT_NOT_IN_CORRECTION");
  REQUIRE(Do(kDutyProcedure, duty, Duty::SUBMIT, On("2024-10-01")) == "");
  CHECK(Do(kDutyProcedure, duty, Duty::SUBMIT, On("2024-10-01")) == "ACTION_NOT_ALLOWED");
  CHECK(Do(kDutyProcedure, duty, Duty::ACCEPT, On("2024-10-01")) == "");
  CHECK(Do(kDutyProcedure, duty, Duty::MISS, On("2024-10-03")) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("实施办法 §24: what is sent back is due again on a day to come") {
  Duty duty = Due(Duty::SUBMITTED);
  const auto until = [](const char* day) -> std::function<absl::Status(Duty&)> {
    return [=](Duty& sent_back) {
      sent_back.set_submit_by(day);
      return absl::OkStatus();
    };
  };
  CHECK(Do(kDutyProcedure, duty, Duty::SEND_BACK, On("2024-10-03"), until("2024-10-02")) == "RESUBMIT_IN_THE_PAST");
  REQUIRE(Do(kDutyProcedure, duty, Duty::SEND_BACK, On("2024-10-03"), until("2024-10-06")) == "");  // a Sunday: it stays
  CHECK(duty.clocks(0).due_on() == "2024-10-06");
  CHECK(Do(kDutyProcedure, duty, Duty::MISS, On("2024-10-07")) == "");
  CHECK(Do(kDutyProcedure, duty, Duty::MISS, On("2024-10-08")) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("分类管理: the days between reports are those of his class; of a minor, and without a class, thirty") {
  const procedure::Parameters parameters = {{"corrections.report_days_03", 15}, {"corrections.report_days_04", 7}};
  procedure::Facts facts = On("2024-10-01");
  facts.parameters = &parameters;
  Subject s = Probationer();
  CHECK(ReportDays(s, facts) == 30);
  s.set_management_class("01");
  CHECK(ReportDays(s, facts) == 30);
  s.set_management_class("03");
  CHECK(ReportDays(s, facts) == 15);
  s.set_management_class("04");
  CHECK(ReportDays(s, facts) == 7);
  s.set_minor(true);
  CHECK(ReportDays(s, facts) == 30);
}

TEST_CASE("暂予监外执行: who is on medical parole is examined again, who nurses a child is not") {
  Subject s = Probationer();
  CHECK_FALSE(IsRechecked(s));
  s.mutable_decision()->set_category(kOutsidePrison);
  CHECK(IsRechecked(s));
  s.mutable_decision()->set_outside_prison_ground("02");
  CHECK_FALSE(IsRechecked(s));
}

TEST_CASE("a report is opened a week before it is due, by class from the last one, and never due before he can know") {
  Course at;
  at.backend.parameters = {{"corrections.report_days", 30}, {"corrections.report_days_03", 15}, {"corrections.report_days_04", 7}};
  Subject s = at.Active();
  CHECK(s.next_report_on() == "2024-10-02");
  at.GoTo("2024-09-24");
  CHECK(at.Of<Duty>(s).empty());
  at.GoTo("2024-09-25");
  const Duty duty = at.OneOf<Duty>(s);
  CHECK(duty.kind() == Duty::REPORT);
  CHECK(duty.state() == Duty::DUE);
  CHECK(duty.due_on() == "2024-10-02");  // a holiday: what binds a person does not roll over
  CHECK(duty.clocks(0).due_on() == "2024-10-02");
  CHECK(at.Now(s).next_report_on() == "2024-11-01");
  s = at.Do("ClassifySubject", at.Now(s), R"({"managementClass": "03"})", at.county);
  CHECK(s.next_report_on() == "2024-10-17");  // fifteen days from 10-02
  at.GoTo("2024-10-10");
  CHECK(at.Of<Duty>(s).size() == 2);
  at.GoTo("2024-10-20");
  s = at.Do("ClassifySubject", at.Now(s), R"({"managementClass": "04"})", at.county);
  CHECK(s.next_report_on() == "2024-10-27");
  CHECK(at.Findings().empty());
}

TEST_CASE("law §2.4: a clock forty days forward opens each report once and misses each once; a missed one proposes a breach") {
  Course at;
  at.backend.parameters = {{"corrections.report_days", 30}, {"corrections.report_days_04", 7}};
  Subject s = at.Do("ClassifySubject", at.Active(), R"({"managementClass": "04"})", at.county);
  at.GoTo("2024-10-12");
  at.GoTo("2024-10-12");
  const auto duties = at.Of<Duty>(s);
  CHECK(DueDays(duties, Duty::REPORT) ==
        Days{"2024-09-09", "2024-09-16", "2024-09-23", "2024-09-30", "2024-10-07", "2024-10-14"});
  for (const Duty& duty : duties) CHECK(duty.state() == (duty.due_on() < "2024-10-12" ? Duty::MISSED : Duty::DUE));
  const auto proposals = at.Of<Proposal>(s);
  REQUIRE(proposals.size() == 5);
  for (size_t i = 0; i < proposals.size(); ++i) {
    CHECK(proposals[i].kind() == Proposal::INVESTIGATE);
    CHECK(proposals[i].source() == duties[i].id());
    CHECK(proposals[i].article() == "《社区矫正法实施办法》第24条");
  }
  CHECK(at.Findings().empty());
}

TEST_CASE("a report entered with its true day was not missed: what was proposed is withdrawn; one made late stays late") {
  Course at;
  at.backend.parameters = {};
  const Subject s = at.Active();
  at.GoTo("2024-10-03");
  Duty duty = at.OneOf<Duty>(s);
  REQUIRE(duty.state() == Duty::MISSED);
  SECTION("made in time") {
    duty = at.Do("SubmitDuty", duty, R"({"means": "PHONE", "content": "在家务农", "occurredOn": "2024-10-02"})", at.office);
    CHECK_FALSE(duty.late());
    CHECK(at.OneOf<Proposal>(s).state() == Proposal::WITHDRAWN);
  }
  SECTION("made late") {
    duty = at.Do("SubmitDuty", duty, kReport, at.office);
    CHECK(duty.late());
    CHECK(at.OneOf<Proposal>(s).state() == Proposal::PROPOSED);
    duty = at.Do("SendBackDuty", duty, R"({"reason": "内容不全", "resubmitBy": "2024-10-05"})", at.office);
    at.GoTo("2024-10-06");
    CHECK(at.Now(duty).state() == Duty::MISSED);
    CHECK(at.Of<Proposal>(s).size() == 1);  // each stands once
    duty = at.Do("SubmitDuty", at.Now(duty), R"({"means": "PHONE", "content": "补充", "occurredOn": "2024-10-05"})", at.office);
    CHECK(duty.late());
  }
  SECTION("excused") {
    duty = at.Do("ExcuseDuty", duty, R"({"reason": "住院", "proof": "住院证明"})", at.office);
    CHECK(at.OneOf<Proposal>(s).state() == Proposal::WITHDRAWN);
  }
  SECTION("decided already") {
    at.Do("DeclineProposal", at.OneOf<Proposal>(s), R"({"reason": "情有可原"})", at.county);
    at.Do("ExcuseDuty", duty, R"({"reason": "住院", "proof": "住院证明"})", at.office);
    CHECK(at.OneOf<Proposal>(s).state() == Proposal::DECLINED);
  }
  CHECK(at.Findings().empty());
}

TEST_CASE("实施办法 §24: who serves outside prison reports his health each month; on medical parole he is examined every three") {
  const auto opened = [](const std::string& ground, Duty::Kind kind) {
    Course at;
    const Subject s = at.Active(kOutsidePrison, R"({"outsidePrisonGround": ")" + ground + "\"}");
    at.GoTo("2024-12-01");
    CHECK(at.Findings().empty());
    return DueDays(at.Of<Duty>(s), kind);
  };
  CHECK(opened("01", Duty::HEALTH) == Days{"2024-10-02", "2024-11-02", "2024-12-02"});
  CHECK(opened("01", Duty::RECHECK) == Days{"2024-12-02"});
  CHECK(opened("03", Duty::HEALTH).size() == 3);
  CHECK(opened("03", Duty::RECHECK).empty());
}

TEST_CASE("law §2.5 R11(4), R15(5): a missed re-examination names what it may lead to, and proposes no penalty") {
  Course at;
  const Subject s = at.Active(kOutsidePrison);
  at.GoTo("2024-12-03");
  int rechecks = 0;
  for (const Proposal& proposal : at.Of<Proposal>(s)) {
    CHECK(proposal.kind() == Proposal::INVESTIGATE);
    rechecks += absl::StrContains(proposal.criterion(), "病情复查");
  }
  CHECK(rechecks == 1);
}

TEST_CASE("no report is opened after the end of the term, whether by release, death or its last day; open ones end with it") {
  Course at;
  at.backend.parameters = {};
  const Subject dead = at.Active();
  const Subject over = at.Active(kProbation, R"({"termTo": "2024-10-20"})");
  at.GoTo("2024-09-27");
  const Duty open = at.OneOf<Duty>(dead);
  at.Do("RecordSubjectDeath", at.Now(dead), R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.Now(open).state() == Duty::LAPSED);
  const Subject ended = at.Now(dead);
  for (const auto& clock : ended.clocks()) CHECK(clock.state() == casework::v1::Clock::STOPPED);
  at.GoTo("2024-12-01");
  CHECK(at.Of<Duty>(dead).size() == 1);
  CHECK(DueDays(at.Of<Duty>(over), Duty::REPORT) == Days{"2024-10-02"});
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
