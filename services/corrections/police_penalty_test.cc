// 提请治安管理处罚 (实施办法 §36; law §2.5 R12).
#include "services/corrections/police_penalty.h"

#include "services/corrections/breach.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/proposal.h"
#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

std::string Propose(const char* category) {
  Breach breach;
  breach.set_id("B");
  breach.set_state(Breach::ESTABLISHED);
  PolicePenalty penalty;
  penalty.set_breach("B");
  penalty.mutable_person()->set_category(category);
  return Do(kPolicePenaltyProcedure, penalty, PolicePenalty::PROPOSE, On("2025-05-11", Probationer(), breach));
}

PolicePenalty Submitted(Course& at, const Subject& s) {
  auto breach = at.Make<Breach>("OpenBreach", s, R"({"happenedOn": "2024-10-07", "facts": "违反禁止令"})", at.office);
  breach =
      at.Do("InvestigateBreach", breach, R"({"evidence": ["监控"], "heardOn": "2024-10-08", "statement": "属实"})", at.office);
  at.Do("EstablishBreach", breach, R"({"kind": "BAN_SERIOUS"})", at.county);
  const auto penalty =
      at.Make<PolicePenalty>("ProposePolicePenalty", s, absl::StrCat(R"({"breach": ")", breach.id(), "\"}"), at.office);
  return at.Do("SubmitPolicePenalty", penalty, R"({"police": "东阳市公安局"})", at.county);
}

}  // namespace

TEST_CASE("治安管理处罚法 §60(4): of 管制, 缓刑, 暂予监外执行, and not of 假释") {
  for (const char* category : {"01", kProbation, kOutsidePrison}) CHECK(Propose(category) == "");
  CHECK(Propose(kParole) == "PAROLE_NO_POLICE_PENALTY");
}

TEST_CASE("whom the police detain is DETAINED until the last day of it, and then the suite ends it") {
  Course at;
  const Subject s = at.Active();
  at.GoTo("2024-10-08");
  PolicePenalty penalty = Submitted(at, s);
  CHECK(penalty.papers(0).label() == "治安管理处罚建议书");
  const auto detain = [](int days) {
    return absl::StrCat(R"({"decisionNumber": "东公行罚决字〔2024〕9号", "detentionDays": )", days,
                        R"(, "detainedFrom": "2024-10-08", "detainedTo": "2024-10-13", "fineFen": "20000"})");
  };
  CHECK(at.Refusal("RecordPoliceDetention", penalty, detain(7), at.county) == "DETENTION_DAYS");
  penalty = at.Do("RecordPoliceDetention", penalty, detain(5), at.county);
  REQUIRE(at.Now(s).flags_size() == 1);
  CHECK(at.Now(s).flags(0) == Subject::DETAINED);
  at.GoTo("2024-10-13");
  CHECK(at.Now(penalty).state() == PolicePenalty::DETAINED);
  at.GoTo("2024-10-14");
  CHECK(at.Now(penalty).state() == PolicePenalty::DECIDED);
  CHECK(at.Now(s).flags().empty());
  CHECK(at.Findings().empty());
}

TEST_CASE("law §2.5 R13(3): after a penalty of the police a further breach calls for revocation, which notes what it counts") {
  Course at;
  const Subject s = at.Active();
  at.GoTo("2024-10-08");
  const PolicePenalty penalty = at.Do("RecordPolicePenaltyDecision", Submitted(at, s),
                                      R"({"decisionNumber": "东公行罚决字〔2024〕9号", "fineFen": "20000"})", at.county);
  at.GoTo("2024-10-20");
  auto breach = at.Make<Breach>("OpenBreach", s, R"({"happenedOn": "2024-10-20", "facts": "未报告"})", at.office);
  breach =
      at.Do("InvestigateBreach", breach, R"({"evidence": ["记录"], "heardOn": "2024-10-20", "statement": "属实"})", at.office);
  breach = at.Do("EstablishBreach", breach, R"({"kind": "OTHER_SLIGHT"})", at.county);
  REQUIRE(breach.proposals_size() == 1);
  Proposal proposal;
  proposal.set_id(breach.proposals(0));
  proposal = at.Now(proposal);
  CHECK(proposal.kind() == Proposal::REVOKE);
  CHECK(proposal.counted(0) == penalty.id());
  CHECK(at.Now(penalty).counted_in(0) == proposal.id());
  CHECK(at.Findings().empty());
}

TEST_CASE("a fine, or no penalty, ends it at once") {
  Course at;
  const Subject s = at.Active();
  at.GoTo("2024-10-08");
  const PolicePenalty penalty = Submitted(at, s);
  CHECK(at.Do("RecordPolicePenaltyDecision", penalty, "{}", at.county).state() == PolicePenalty::DECIDED);
  CHECK(at.Now(s).flags().empty());
}

}  // namespace sifa::corrections
