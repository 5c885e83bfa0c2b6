// Mediation in one test process: its database, its services, a committee at 东阳, a mediator, and the
// county's people who decide and audit. The clock stands at 2024-09-02 09:00 until a test moves it.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libs/casework/attachments.h"
#include "libs/casework/casework.h"
#include "libs/casework/correction_service.h"
#include "libs/testing/calls.h"
#include "libs/testing/casework_backend.h"
#include "libs/testing/streams.h"
#include "services/mediation/case_acts.h"
#include "services/mediation/committee.h"
#include "services/mediation/confirmation.h"
#include "services/mediation/mediation.h"
#include "services/mediation/screening.h"

namespace sifa::mediation {

using casework::Correction;
using testing::GivenReader;

// The value, or the test ends with the error.
template <class T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) FAIL(result.status());
  return *std::move(result);
}

class MediationFixture {
 public:
  using Claims = identity::v1::TokenClaims;

  MediationFixture()
      : office(SIFA_ROOT, Definition(), absl::CivilSecond(2024, 9, 2, 9, 0, 0)),
        calls("mediation", SIFA_ROOT "/config", office.clock) {
    office.backend->path_of = [](const std::string&) -> absl::StatusOr<std::string> { return kCommitteePath; };
    mediator = testing::ClaimsOf("01MEDIATOR", "wang.fang",
                                 {testing::GrantOf("mediator", "C1", kCommitteePath, 5, false)});
    officer = testing::ClaimsOf("01OFFICER", "li.na",
                                {testing::GrantOf("county_officer", "330783", kCountyPath, 3, true)});
    head = testing::ClaimsOf("01HEAD", "zhao.min",
                             {testing::GrantOf("county_head", "330783", kCountyPath, 3, true)});
    stranger = testing::ClaimsOf("01STRANGER", "sun.li",
                                 {testing::GrantOf("county_head", "330784", "/33/3307/330784/", 3, true)});
    committee = Must(Establish("C1"));
  }

  const casework::Backend& backend() const { return *office.backend; }
  template <class T>
  absl::StatusOr<T> Do(rpc::Call& call, const google::protobuf::Message& request) const {
    return office.Do<T>(call, request);
  }
  rpc::Call Call(const std::string& method, const Claims& claims, const std::string& purpose = "") const {
    return calls.Of("/sifa.mediation.v1." + method, claims, purpose);
  }
  rpc::Call OfficeCall(const std::string& method, const Claims& claims, const std::string& purpose = "") const {
    return calls.Of("/sifa.office.v1." + method, claims, purpose);
  }

  v1::ApplyCaseRequest Application(const std::string& request_id = "") const {
    v1::ApplyCaseRequest r;
    r.set_request_id(request_id);
    r.set_committee(committee.id());
    r.set_occurred_on("2024-06-01");  // so that later acts may be back-dated
    r.set_region("330783");
    auto* particulars = r.mutable_particulars();
    particulars->set_type("02");
    particulars->set_source("2");
    particulars->set_difficulty("1");
    particulars->set_facts("院墙越界");
    for (const char* name : {"张三", "李四"}) {
      auto* party = particulars->add_parties();
      party->set_name(name);
      party->set_certificate_type("414");
      party->set_certificate_number(std::string("P") + name);
      party->set_side(particulars->parties_size());
    }
    return r;
  }
  Case Apply() {
    auto call = Call("CaseService/ApplyCase", mediator);
    return Must(Do<Case>(call, Application()));
  }
  Case Accept(const Case& c, const std::string& day = "") {
    v1::AcceptCaseRequest r;
    r.set_id(c.id());
    r.set_occurred_on(day);
    auto call = Call("CaseService/AcceptCase", mediator);
    return Must(Do<Case>(call, r));
  }
  Case Assign(const Case& c, const std::string& day = "") {
    v1::AssignCaseRequest r;
    r.set_id(c.id());
    r.set_occurred_on(day);
    r.add_mediators(committee.members(0).id());
    auto call = Call("CaseService/AssignCase", mediator);
    return Must(Do<Case>(call, r));
  }
  // Leads a case to a written agreement that takes effect today.
  Case Agree(const Case& accepted) {
    const Case c = Assign(accepted);
    v1::RecordSessionRequest session;
    session.set_id(c.id());
    session.mutable_session()->set_held_on(FormatDay(office.clock.Today()));
    session.mutable_session()->set_minutes("双方到场");
    auto recording = Call("CaseService/RecordSession", mediator);
    Must(Do<Case>(recording, session));
    v1::AgreeCaseRequest r;
    r.set_id(c.id());
    auto* agreement = r.mutable_agreement();
    agreement->set_content("拆除越界部分");
    for (int party = 0; party < c.particulars().parties_size(); ++party) {
      auto* signature = agreement->add_signatures();
      signature->set_party(party);
      signature->set_signed_on(FormatDay(office.clock.Today()));
    }
    agreement->set_mediator_signed_on(FormatDay(office.clock.Today()));
    agreement->set_sealed_on(FormatDay(office.clock.Today()));
    auto call = Call("CaseService/AgreeCase", mediator);
    return Must(Do<Case>(call, r));
  }
  Case Reload(const Case& c) {
    return static_cast<const Case&>(*Must(casework::LoadObject(backend(), cases.type(), c.id())));
  }
  // The journal's actions on an object, oldest first.
  std::vector<std::string> Actions(const std::string& id) {
    auto call = Call("CaseService/GetCaseHistory", head);
    casework::v1::GetHistoryRequest r;
    r.set_id(id);
    std::vector<std::string> actions;
    const auto history = Must(casework::History(backend(), cases.type(), call, r));
    for (const auto& entry : history.entries()) actions.push_back(entry.action());
    return actions;
  }
  int64_t Count(const std::string& sql) {
    int64_t count = 0;
    const absl::Status status =
        office.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
          ASSIGN_OR_RETURN(const auto rows, connection.Query(sql));
          count = rows[0].Int(0);
          return absl::OkStatus();
        });
    if (!status.ok()) FAIL(status);
    return count;
  }

  static constexpr char kCountyPath[] = "/33/3307/330783/";
  static constexpr char kCommitteePath[] = "/33/3307/330783/C1/";
  testing::CaseworkBackend office;
  testing::Calls calls;
  casework::Casework<Committee> committees{backend()};
  casework::Casework<Case> cases{backend()};
  casework::Casework<Confirmation> confirmations{backend()};
  casework::Casework<Screening> screenings{backend()};
  casework::Casework<Correction> corrections{backend()};
  Claims mediator, officer, head, stranger;
  Committee committee;

  void Dissolve(const Committee& c) {
    v1::CommitteeActRequest r;
    r.set_id(c.id());
    auto call = Call("CommitteeService/DissolveCommittee", officer);
    Must(Do<Committee>(call, r));
  }
  absl::StatusOr<Committee> Establish(const std::string& organisation, const std::string& word = "吴宁") {
    v1::EstablishCommitteeRequest r;
    r.set_organisation(organisation);
    r.set_region("330783");
    r.set_name("吴宁街道人民调解委员会");
    r.set_type("4");
    r.set_level("2");
    r.set_case_word(word);
    for (const auto& [name, role] :
         {std::pair{"王芳", v1::Member::HEAD}, {"陈强", v1::Member::MEMBER}, {"周洁", v1::Member::MEMBER}}) {
      auto* member = r.add_members();
      member->set_name(name);
      member->set_role(role);
      member->set_sex("2");
      member->set_ethnic_group("01");
      member->set_kind("1");
      member->set_born_on("1980-05-04");
      member->set_account(r.members_size() == 1 ? "01MEDIATOR" : "");
    }
    auto call = Call("CommitteeService/EstablishCommittee", officer);
    return Do<Committee>(call, r);
  }
};

}  // namespace sifa::mediation
