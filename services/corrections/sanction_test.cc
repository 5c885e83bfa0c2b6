// 训诫 and 警告, and the way to them over a database: breach, proposal, sanction, the next breach (law §2.5 R10, R11, R13, R14,
// R18).
#include "services/corrections/sanction.h"

#include "absl/strings/str_join.h"
#include "libs/testing/procedure_checks.h"
#include "services/corrections/breach.h"
#include "services/corrections/commendation.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/proposal.h"
#include "services/corrections/record_fixture.h"
#include "services/corrections/search.h"
#include "services/corrections/transfer.h"

namespace sifa::corrections {
namespace {

// A breach of the day of the clock, established.
Breach Broken(Course& at, const Subject& s, const std::string& kind) {
  auto breach = at.Make<Breach>(
      "OpenBreach", s,
      absl::StrCat(R"({"happenedOn": ")", FormatDay(at.backend.clock.Today()), R"(", "facts": "未经批准离开东阳市"})"),
      at.office);
  CHECK(at.Refusal("EstablishBreach", breach, absl::StrCat(R"({"kind": ")", kind, "\"}"), at.county) == "PERSON_NOT_HEARD");
  breach = at.Do(
      "InvestigateBreach", breach,
      absl::StrCat(R"({"evidence": ["车票"], "heardOn": ")", FormatDay(at.backend.clock.Today()), R"(", "statement": "属实"})"),
      at.office);
  return at.Do("EstablishBreach", breach, absl::StrCat(R"({"kind": ")", kind, "\"}"), at.county);
}

std::vector<Proposal> OpenProposals(Course& at, const Subject& s) {
  auto proposals = at.Of<Proposal>(s);
  std::erase_if(proposals, [](const Proposal& proposal) { return proposal.state() != Proposal::PROPOSED; });
  return proposals;
}

// The only open proposal, accepted, and the sanction that it opened, decided.
Sanction Decided(Course& at, const Subject& s, Proposal::Kind kind) {
  const auto open = OpenProposals(at, s);
  REQUIRE(open.size() == 1);
  REQUIRE(open[0].kind() == kind);
  const Proposal accepted = at.Do("AcceptProposal", open[0], "{}", at.county);
  CHECK(accepted.opened_type() == "Sanction");
  Sanction opened;
  opened.set_id(accepted.opened());
  return at.Do("DecideSanction", at.Now(opened), "{}", at.county);
}

}  // namespace

TEST_CASE("实施办法 §34, §35: a sanction rests on an established breach or a finished search, and on each only once") {
  Breach breach;
  breach.set_id("B");
  breach.set_state(Breach::ESTABLISHED);
  Search search;
  search.set_id("S");
  search.set_state(Search::FOUND);
  search.set_days_absent(3);
  Sanction other;
  other.set_breach("B");
  other.set_state(Sanction::PROPOSED);
  const auto propose = [](const std::string& breach, const std::string& search, const procedure::Facts& facts) {
    Sanction sanction;
    sanction.set_breach(breach);
    sanction.set_search(search);
    return Do(kSanctionProcedure, sanction, Sanction::PROPOSE, facts);
  };
  const Subject s = Probationer();
  CHECK(propose("B", "", On("2025-05-11", s, breach, search)) == "");
  CHECK(propose("", "S", On("2025-05-11", s, breach, search)) == "");
  CHECK(propose("", "", On("2025-05-11", s, breach, search)) == "BREACH_REQUIRED");
  CHECK(propose("B", "S", On("2025-05-11", s, breach, search)) == "BREACH_REQUIRED");
  CHECK(propose("X", "", On("2025-05-11", s, breach, search)) == "BREACH_REQUIRED");  // of another person
  CHECK(propose("B", "", On("2025-05-11", s, breach, other)) == "ALREADY_SANCTIONED");
  other.set_state(Sanction::REFUSED);
  CHECK(propose("B", "", On("2025-05-11", s, breach, other)) == "");
  breach.set_state(Breach::INVESTIGATING);
  CHECK(propose("B", "", On("2025-05-11", s, breach)) == "BREACH_REQUIRED");
  search.set_state(Search::CLOSED);
  CHECK(propose("", "S", On("2025-05-11", s, search)) == "BREACH_REQUIRED");
}

TEST_CASE("from a breach to 训诫: established, proposed, accepted, decided with its paper, served") {
  Course at;
  const Subject s = at.Active();
  at.GoTo("2024-10-08");
  const Breach breach = Broken(at, s, "RULES_SLIGHT");
  CHECK(breach.proposals_size() == 1);
  CHECK(at.OneOf<Proposal>(s).article() == "《社区矫正法实施办法》第34条");
  Sanction sanction = Decided(at, s, Proposal::ADMONISH);
  CHECK(sanction.breach() == breach.id());
  CHECK(sanction.number() == "（2024）330783矫训字第1号");
  REQUIRE(sanction.papers_size() == 1);
  CHECK(sanction.papers(0).label() == "训诫决定书");
  sanction = at.Do("ServeSanction", sanction, "{}", at.office);
  CHECK(sanction.served_on() == "2024-10-08");
  CHECK(at.TryMake<Sanction>("ProposeSanction", s, absl::StrCat(R"({"kind": "WARNING", "breach": ")", breach.id(), "\"}"),
                             at.office)
            .status()
            .code() == absl::StatusCode::kFailedPrecondition);
  CHECK(at.Findings().empty());
}

TEST_CASE("刑法 §86(3): of a parolee 训诫 and revocation are both proposed; deciding one withdraws the other") {
  Course at;
  const Subject s = at.Active(kParole);
  at.GoTo("2024-10-08");
  const Breach breach = Broken(at, s, "OTHER_SLIGHT");
  const auto proposals = at.Of<Proposal>(s);
  REQUIRE(proposals.size() == 2);
  CHECK(proposals[1].kind() == Proposal::REVOKE);
  SECTION("by accepting") {
    at.Do("AcceptProposal", proposals[0], "{}", at.county);
    CHECK(at.Now(proposals[1]).state() == Proposal::WITHDRAWN);
  }
  SECTION("by a sanction that the office proposes") {
    const auto sanction = at.Make<Sanction>("ProposeSanction", s,
                                            absl::StrCat(R"({"kind": "WARNING", "breach": ")", breach.id(), "\"}"), at.office);
    CHECK(at.Now(proposals[1]).state() == Proposal::PROPOSED);
    at.Do("DecideSanction", sanction, "{}", at.county);
    CHECK(at.Now(proposals[0]).state() == Proposal::WITHDRAWN);
    CHECK(at.Now(proposals[1]).state() == Proposal::WITHDRAWN);
  }
  CHECK(at.Findings().empty());
}

TEST_CASE("law §2.5 R11(5), R13(4): the third breach after two 训诫 is for 警告, the one after two 警告 for revocation") {
  Course at;
  const Subject s = at.Active();
  const auto next = [&](const std::string& day, Proposal::Kind kind) {
    at.GoTo(day);
    Broken(at, s, "OTHER_SLIGHT");
    return Decided(at, s, kind);
  };
  next("2024-10-08", Proposal::ADMONISH);
  next("2024-10-10", Proposal::ADMONISH);
  CHECK(OpenProposals(at, s).empty());  // two alone make nothing
  next("2024-10-12", Proposal::WARN);
  next("2024-10-14", Proposal::WARN);
  at.GoTo("2024-10-16");
  Broken(at, s, "OTHER_SLIGHT");
  const auto open = OpenProposals(at, s);
  REQUIRE(open.size() == 1);
  CHECK(open[0].kind() == Proposal::REVOKE);
  CHECK(open[0].counted_size() == 2);
  CHECK(at.Findings().empty());
}

TEST_CASE("law §2.5 R18: what he was given in one county counts in the next") {
  Course at;
  const Subject s = at.Active();
  for (const char* day : {"2024-10-08", "2024-10-10"}) {
    at.GoTo(day);
    Broken(at, s, "OTHER_SLIGHT");
    Decided(at, s, Proposal::ADMONISH);
  }
  auto transfer = at.Make<Transfer>(
      "ApplyForTransfer", s,
      R"({"toOffice": "330782100", "toRegion": "330782100", "residence": "义乌市佛堂镇", "grounds": "就业"})", at.office);
  transfer = at.Do("ConsultOnTransfer", transfer, "{}", at.county);
  transfer = at.Do("AnswerTransfer", transfer, R"({"agreed": true, "answer": "同意接收"})", at.neighbour);
  transfer = at.Do("DecideOnTransfer", transfer, "{}", at.county);
  transfer = at.Do("HandOverTransfer", transfer, "{}", at.county);
  at.Do("ReportTransfer", transfer, "{}", at.neighbour);
  at.GoTo("2024-10-20");
  auto breach = at.Make<Breach>("OpenBreach", s, R"({"happenedOn": "2024-10-20", "facts": "未报告"})", at.neighbour);
  breach =
      at.Do("InvestigateBreach", breach, R"({"evidence": ["记录"], "heardOn": "2024-10-20", "statement": "属实"})", at.neighbour);
  at.Do("EstablishBreach", breach, R"({"kind": "OTHER_SLIGHT"})", at.neighbour);
  const auto open = OpenProposals(at, s);
  REQUIRE(open.size() == 1);
  CHECK(open[0].kind() == Proposal::WARN);
  CHECK(open[0].organisation() == "330782100");
  CHECK(at.Findings().empty());
}

TEST_CASE("an absence is a breach too: after two 训诫 ten days call for 警告") {
  Course at;
  const Subject s = at.Active();
  for (const char* day : {"2024-10-08", "2024-10-10"}) {
    at.GoTo(day);
    Broken(at, s, "OTHER_SLIGHT");
    Decided(at, s, Proposal::ADMONISH);
  }
  at.GoTo("2024-10-20");
  const auto search = at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-10-15"})", at.office);
  at.Do("FindSearch", search, R"({"foundHow": "找到"})", at.office);
  CHECK(Decided(at, s, Proposal::WARN).search() == search.id());
}

TEST_CASE("a proposal to investigate opens the inquiry, one to punish the request to the police; the other is withdrawn") {
  Course at;
  const Subject s = at.Active();
  at.GoTo("2024-10-08");
  const Breach breach = Broken(at, s, "RULES_SERIOUS");
  const auto proposals = at.Of<Proposal>(s);
  REQUIRE(proposals.size() == 2);
  const Proposal accepted = at.Do("AcceptProposal", proposals[1], "{}", at.county);
  CHECK(accepted.opened_type() == "PolicePenalty");
  CHECK(at.OneOf<PolicePenalty>(s).breach() == breach.id());
  CHECK(at.Now(proposals[0]).state() == Proposal::WITHDRAWN);
}

TEST_CASE("what is open ends with the term") {
  Course at;
  const Subject s = at.Active();
  at.GoTo("2024-10-08");
  const auto inquiry = at.Make<Breach>("OpenBreach", s, R"({"happenedOn": "2024-10-07", "facts": "未报告"})", at.office);
  Broken(at, s, "OTHER_SLIGHT");
  const Proposal proposal = at.OneOf<Proposal>(s);
  Sanction opened;
  opened.set_id(at.Do("AcceptProposal", proposal, "{}", at.county).opened());
  at.Do("RecordSubjectDeath", s, R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.Now(inquiry).state() == Breach::LAPSED);
  CHECK(at.Now(opened).state() == Sanction::LAPSED);
  CHECK(at.Findings().empty());
}

TEST_CASE("law §2.8: sanctions count by the day of decision, inquiries by that of their end, each by category") {
  const auto count = [](const auto& definition, const auto& record, const statistics::Cube& cube) {
    for (const auto& counted : testing::CountsOf(definition, record)) {
      if (counted.cube() != cube.name) continue;
      return absl::StrCat(counted.day(), " ", counted.dimensions(0), " ", absl::StrJoin(counted.measures(), ","));
    }
    return std::string();
  };
  Sanction sanction;
  sanction.mutable_person()->set_category(kProbation);
  sanction.set_kind(Sanction::WARNING);
  CHECK(count(kSanction, sanction, kSanctionsCube).empty());
  sanction.set_decided_on("2024-10-08");
  CHECK(count(kSanction, sanction, kSanctionsCube) == "2024-10-08 02 1,0,1");
  Breach breach;
  breach.mutable_person()->set_category(kParole);
  CHECK(count(kBreach, breach, kBreachesCube).empty());
  breach.set_dismissed_on("2024-10-09");
  breach.set_state(Breach::DISMISSED);
  CHECK(count(kBreach, breach, kBreachesCube) == "2024-10-09 03 1,0,1");
  Commendation commendation;
  commendation.mutable_person()->set_category(kProbation);
  commendation.set_decided_on("2024-10-10");
  CHECK(count(kCommendation, commendation, kCommendationsCube) == "2024-10-10 02 1");
}

}  // namespace sifa::corrections
