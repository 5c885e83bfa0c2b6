// Acts on cases: a committee that is gone, signatures and agreements, what is masked.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "google/rpc/error_details.pb.h"
#include "libs/contract/mask.h"
#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {
namespace {

using Acts = MediationFixture;

}  // namespace

TEST_CASE("to those out of reach a dissolved committee is no more than one that is not there") {
  Acts acts;
  v1::CommitteeActRequest dissolve;
  dissolve.set_id(acts.committee.id());
  dissolve.set_reason("合并");
  auto officer = acts.Call("CommitteeService/DissolveCommittee", acts.officer);
  Must(acts.Do<Committee>(officer, dissolve));
  v1::ApplyCaseRequest r;
  r.set_committee(acts.committee.id());
  r.set_region("330783");
  auto call = acts.Call("CaseService/ApplyCase", acts.stranger);
  CHECK(absl::IsNotFound(acts.Do<Case>(call, r).status()));
  auto own = acts.Call("CaseService/ApplyCase", acts.mediator);
  CHECK(ReasonOf(acts.Do<Case>(own, r).status()) == "COMMITTEE_DISSOLVED");
}

TEST_CASE("人民调解法 §29: a party signs once, and the field that repeats it is named") {
  Acts acts;
  const Case c = acts.Assign(acts.Accept(acts.Apply()));
  v1::RecordSessionRequest session;
  session.set_id(c.id());
  session.mutable_session()->set_held_on("2024-09-02");
  auto recording = acts.Call("CaseService/RecordSession", acts.mediator);
  Must(acts.Do<Case>(recording, session));
  v1::AgreeCaseRequest r;
  r.set_id(c.id());
  r.mutable_agreement()->set_content("拆除越界部分");
  for (const auto& [party, day] : {std::pair{0, "2024-09-01"}, {1, "2024-09-02"}, {0, "2024-09-02"}}) {
    auto* signature = r.mutable_agreement()->add_signatures();
    signature->set_party(party);
    signature->set_signed_on(day);
  }
  auto call = acts.Call("CaseService/AgreeCase", acts.mediator);
  const absl::Status twice = acts.Do<Case>(call, r).status();
  CHECK(ReasonOf(twice) == "SIGNED_TWICE");
  google::rpc::BadRequest bad;
  const google::rpc::Status proto = ToProto(twice);
  for (const auto& detail : proto.details()) detail.UnpackTo(&bad);
  REQUIRE(bad.field_violations_size() == 1);
  CHECK(bad.field_violations(0).field() == "agreement.signatures[2].party");
}

// A case in which a session was held on 2024-08-20.
static Case Heard(Acts& acts, v1::Diversion::Kind kind = v1::Diversion::KIND_UNSPECIFIED) {
  v1::ApplyCaseRequest application = acts.Application();
  if (kind != v1::Diversion::KIND_UNSPECIFIED) {
    application.mutable_particulars()->set_source("31");
    application.mutable_particulars()->mutable_diversion()->set_kind(kind);
    application.mutable_particulars()->mutable_diversion()->set_court("东阳市人民法院");
  }
  auto applying = acts.Call("CaseService/ApplyCase", acts.mediator);
  const Case c = acts.Assign(acts.Accept(Must(acts.Do<Case>(applying, application)), "2024-08-20"), "2024-08-20");
  v1::RecordSessionRequest session;
  session.set_id(c.id());
  session.mutable_session()->set_held_on("2024-08-20");
  session.mutable_session()->set_minutes("双方到场");
  auto recording = acts.Call("CaseService/RecordSession", acts.mediator);
  return Must(acts.Do<Case>(recording, session));
}

// The two parties, the mediator and the seal, on days of August 2024; nobody tells on what day they agreed.
static absl::StatusOr<Case> Agree(Acts& acts, const Case& c, const std::array<int, 4>& days, const std::string& perform_by = "") {
  const auto day = [&](int i) { return absl::StrCat("2024-08-", days[i]); };
  v1::AgreeCaseRequest r;
  r.set_id(c.id());
  r.mutable_agreement()->set_content("拆除越界部分");
  r.mutable_agreement()->set_perform_by(perform_by);
  for (int party = 0; party < 2; ++party) {
    auto* signature = r.mutable_agreement()->add_signatures();
    signature->set_party(party);
    signature->set_signed_on(day(party));
  }
  r.mutable_agreement()->set_mediator_signed_on(day(2));
  r.mutable_agreement()->set_sealed_on(day(3));
  auto call = acts.Call("CaseService/AgreeCase", acts.mediator);
  return acts.Do<Case>(call, r);
}

TEST_CASE(
    "人民调解法 §29: parties, mediator and committee sign in any order, and who told no day of agreement is not held to one") {
  Acts acts;
  std::array<int, 4> days = {23, 24, 25, 26};
  do {
    INFO(days[0] << " " << days[1] << " " << days[2] << " " << days[3]);
    const auto agreed = Agree(acts, Heard(acts), days);
    REQUIRE(agreed.status() == absl::OkStatus());
    CHECK(agreed->agreement().agreed_on() == "2024-08-23");
    CHECK(agreed->agreement().effective_on() == "2024-08-26");
  } while (std::next_permutation(days.begin(), days.end()));
  // Performed before the last had signed.
  CHECK(Agree(acts, Heard(acts), {25, 26, 25, 25}, "2024-08-22").status() == absl::OkStatus());
  CHECK(ReasonOf(Agree(acts, Heard(acts), {25, 26, 25, 25}, "2024-08-19").status()) == "ACT_OUT_OF_ORDER");
  CHECK(ReasonOf(Agree(acts, Heard(acts), {25, 26, 19, 25}).status()) == "ACT_OUT_OF_ORDER");  // before the case was taken
}

TEST_CASE("人民调解法 §30: an oral agreement written down later may bear an earlier day than the one on which it was entered") {
  Acts acts;
  const Case c = Heard(acts);
  v1::AgreeCaseOrallyRequest oral;
  oral.set_id(c.id());
  oral.mutable_agreement()->set_content("拆除越界部分");
  auto agreeing = acts.Call("CaseService/AgreeCaseOrally", acts.mediator);
  REQUIRE(Must(acts.Do<Case>(agreeing, oral)).agreement().agreed_on() == "2024-09-02");
  v1::WriteDownAgreementRequest written;
  written.set_id(c.id());
  written.mutable_agreement()->set_content("拆除越界部分");
  for (int party = 0; party < 2; ++party) {
    auto* signature = written.mutable_agreement()->add_signatures();
    signature->set_party(party);
    signature->set_signed_on("2024-09-02");
  }
  written.mutable_agreement()->set_mediator_signed_on("2024-08-30");
  written.mutable_agreement()->set_sealed_on("2024-09-02");
  auto writing = acts.Call("CaseService/WriteDownAgreement", acts.mediator);
  CHECK(Must(acts.Do<Case>(writing, written)).agreement().agreed_on() == "2024-08-30");
}

TEST_CASE("特邀调解规定 §24(3), 人民调解法 §29: a people's committee is told of the later day where a court delegated the case") {
  Acts acts;
  const Case delegated = Must(Agree(acts, Heard(acts, v1::Diversion::DELEGATED), {23, 24, 24, 26}));
  CHECK(delegated.agreement().effective_on() == "2024-08-24");
  CHECK(delegated.agreement().effect_warning() ==
        "委派调解的协议自双方当事人签名之日（2024年8月24日）起生效（《最高人民法院关于人民法院特邀调解的规定》第24条）；"
        "依《人民调解法》第29条则为调解员签名、盖章齐备之日（2024年8月26日）。申请司法确认的期限从较早的日期起算");
  CHECK(Must(Agree(acts, Heard(acts, v1::Diversion::DELEGATED), {23, 24, 24, 24})).agreement().effect_warning().empty());
  const Case own = Must(Agree(acts, Heard(acts), {23, 24, 24, 26}));
  CHECK(own.agreement().effective_on() == "2024-08-26");
  CHECK(own.agreement().effect_warning().empty());
}

TEST_CASE("what names people in free text is masked") {
  Case c;
  c.add_invitations()->set_relation("张三的堂兄");
  c.add_risk_reports()->set_reported_to("派出所民警李四");
  contract::Mask(&c);
  CHECK(c.invitations(0).relation() == "***");
  CHECK(c.risk_reports(0).reported_to() == "***");
}

}  // namespace sifa::mediation
