#include "services/mediation/committee.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "libs/testing/procedure_checks.h"
#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {

TEST_CASE("an organisation is one committee at a time, also where two are established at once") {
  MediationFixture bench;
  std::atomic<int> established{0}, refused{0};
  std::vector<std::thread> officers;
  for (int i = 0; i < 4; ++i) {
    officers.emplace_back([&] {
      const auto committee = bench.Establish("C2", "江北");
      established += committee.ok();
      refused += ReasonOf(committee.status()) == "COMMITTEE_EXISTS";
    });
  }
  for (auto& officer : officers) officer.join();
  CHECK(established == 1);
  CHECK(refused == 3);
  CHECK(bench.Count("SELECT COUNT(*) FROM journal WHERE organisation = 'C2'") == 1);
}

TEST_CASE("no two organisations of a county number by one word, also where two are established at once or one is dissolved") {
  MediationFixture bench;
  std::atomic<int> established{0}, refused{0};
  std::vector<std::thread> officers;
  for (const char* organisation : {"C2", "C3", "C4", "C5"}) {
    officers.emplace_back([&, organisation] {
      const auto committee = bench.Establish(organisation, "江北");
      established += committee.ok();
      refused += ReasonOf(committee.status()) == "CASE_WORD_TAKEN";
    });
  }
  for (auto& officer : officers) officer.join();
  CHECK(established == 1);
  CHECK(refused == 3);

  bench.Dissolve(bench.committee);
  CHECK(ReasonOf(bench.Establish("C6", "吴宁").status()) == "CASE_WORD_TAKEN");
  Must(bench.Establish("C1", "吴宁"));  // the same organisation counts on
  CHECK(ReasonOf(bench.Establish("C6", "吴宁").status()) == "CASE_WORD_TAKEN");
}

TEST_CASE("an organisation whose committee has been dissolved may be one again") {
  MediationFixture bench;
  CHECK(ReasonOf(bench.Establish("C1").status()) == "COMMITTEE_EXISTS");
  bench.Dissolve(bench.committee);
  Must(bench.Establish("C1"));
  CHECK(ReasonOf(bench.Establish("C1").status()) == "COMMITTEE_EXISTS");
}

TEST_CASE("人民调解法 §15: who is removed upon a complaint is given no more cases, and is on the committee's list no more") {
  MediationFixture bench;
  const Case c = bench.Assign(bench.Accept(bench.Apply()));
  v1::ComplainRequest complain;
  complain.set_id(c.id());
  complain.mutable_complaint()->set_kind(v1::Complaint::TAKING_PROPERTY);
  complain.mutable_complaint()->set_made_on("2024-09-02");
  complain.mutable_complaint()->set_mediator(c.mediators(0));
  auto complaining = bench.Call("CaseService/Complain", bench.officer);
  Must(bench.Do<Case>(complaining, complain));
  v1::DecideComplaintRequest decide;
  decide.set_id(c.id());
  decide.set_outcome(v1::Complaint::REMOVED);
  decide.set_findings("属实");
  auto deciding = bench.Call("CaseService/DecideComplaint", bench.officer);
  CHECK(ReasonOf(bench.Do<Case>(deciding, decide).status()) == "MEMBER_HAS_CASES");
  v1::AssignCaseRequest assign;
  assign.set_id(c.id());
  assign.add_mediators(bench.committee.members(1).id());
  auto assigning = bench.Call("CaseService/AssignCase", bench.mediator);
  Must(bench.Do<Case>(assigning, assign));
  Must(bench.Do<Case>(deciding, decide));
  assign.set_mediators(0, c.mediators(0));
  CHECK(ReasonOf(bench.Do<Case>(assigning, assign).status()) == "MEDIATOR_REMOVED");

  v1::GetCommitteeRequest get;
  get.set_id(bench.committee.id());
  auto getting = bench.Call("CommitteeService/GetCommittee", bench.officer);
  Committee committee = Must(bench.committees.Get(getting, get.id()));
  CHECK(committee.members(0).removed_on() == "2024-09-02");
  CHECK(testing::CountsOf(kCommittee, committee).at(0).measures(1) == 2);
  v1::ChangeCommitteeRequest change;
  change.set_id(committee.id());
  *change.mutable_members() = committee.members();
  change.mutable_members(0)->clear_removed_on();
  auto changing = bench.Call("CommitteeService/ChangeCommittee", bench.officer);
  CHECK(ReasonOf(bench.Do<Committee>(changing, change).status()) == "COMMITTEE_SIZE");  // two are left
  auto electing = bench.Call("CommitteeService/ReelectCommittee", bench.officer);
  CHECK(Must(bench.Do<Committee>(electing, change)).members(0).removed_on().empty());
}

TEST_CASE("a committee tells what may be done with it, and why its term ends on its day") {
  MediationFixture office;
  v1::GetCommitteeRequest r;
  r.set_id(office.committee.id());
  auto asking = office.Call("CommitteeService/ListCommitteeActions", office.officer);
  std::vector<std::string> actions;
  const auto available = Must(office.committees.Actions(asking, r.id()));
  for (const auto& action : available.actions()) actions.push_back(action.action());
  CHECK(actions == std::vector<std::string>{"CHANGE", "REELECT", "DISSOLVE"});
  CHECK(available.actions(2).allowed());
  CHECK(available.actions(2).path() == "/v1/mediation/committees/{id}:dissolve");
  CHECK(available.actions(2).request() == "sifa.mediation.v1.CommitteeActRequest");
  office.Apply();
  CHECK(Must(office.committees.Actions(asking, r.id())).actions(2).reason() == "COMMITTEE_HAS_CASES");
  casework::v1::ExplainClockRequest term;
  term.set_id(office.committee.id());
  term.set_kind("TERM");
  auto why = office.Call("CommitteeService/ExplainCommitteeClock", office.officer);
  const auto explained = Must(casework::ExplainClock(office.backend(), office.committees.type(), why, term));
  CHECK(explained.clock().due_on() == "2027-09-01");
  CHECK(explained.steps_size() > 0);
  term.set_kind("CONCLUDE");
  CHECK(absl::IsNotFound(casework::ExplainClock(office.backend(), office.committees.type(), why, term).status()));
}

}  // namespace sifa::mediation
