// What a revocation and an arrest do to the person and to his other records, over a database (law §2.2 #13, #16 to #19).
#include <thread>

#include "services/corrections/arrest.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/custody.h"
#include "services/corrections/proposal.h"
#include "services/corrections/release.h"
#include "services/corrections/revocation.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

constexpr char kAsked[] =
    R"({"kind": "PROBATION", "ground": "TWO_WARNINGS", "facts": "两次警告后仍不报告", "addressee": "ORIGINAL"})";
constexpr char kGrant[] = R"({"ruling": "GRANT", "document": "（2024）浙0783刑更3号"})";
constexpr char kRefusal[] = R"({"ruling": "REFUSE", "document": "（2024）浙0783刑更4号"})";

Revocation Submitted(Course& at, const Subject& s, const char* json = kAsked) {
  const auto r = at.Make<Revocation>("ProposeRevocation", s, json, at.county);
  return at.Do("SubmitRevocation", r, R"({"procuratorate": "东阳市人民检察院"})", at.county);
}

// Arrested on the day of the clock.
Arrest Arrested(Course& at, const Subject& s) {
  auto arrest = at.Make<Arrest>("PrepareArrest", s, R"({"ground": "MAY_FLEE", "facts": "购买了出境机票"})", at.county);
  arrest = at.Do("SubmitArrest", arrest, "{}", at.county);
  arrest = at.Do("RecordArrestDecision", arrest, R"({"decision": "ARREST", "document": "（2024）浙0783刑捕1号"})", at.county);
  return at.Do("RecordArrestExecution", arrest, R"({"police": "东阳市公安局", "place": "东阳市看守所"})", at.county);
}

std::vector<int> Flags(Course& at, const Subject& s) {
  const Subject now = at.Now(s);
  return {now.flags().begin(), now.flags().end()};
}

}  // namespace

TEST_CASE("社区矫正法 §46, §48: what the court grants ends the term on the day of the ruling, and what was open of his with it") {
  Course at;
  const Subject s = at.Active();
  const auto search = at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-09-02"})", at.office);
  CHECK_FALSE(at.TryMake<Revocation>("ProposeRevocation", s, kAsked, at.office).ok());
  Revocation r = Submitted(at, s);
  CHECK(r.addressee_name() == "东阳市人民法院");
  CHECK(ReasonOf(at.TryMake<Revocation>("ProposeRevocation", s, kAsked, at.county).status()) == "REVOCATION_OPEN");
  CHECK(Flags(at, s) == std::vector<int>{Subject::MISSING, Subject::REVOKE_PENDING});
  const Arrest arrest = Arrested(at, s);
  CHECK(arrest.revocation() == r.id());
  CHECK(Flags(at, s) == std::vector<int>{Subject::MISSING, Subject::REVOKE_PENDING, Subject::DETAINED});
  at.GoTo("2024-09-20");
  r = at.Do("RecordRevocationRuling", r, kGrant, at.county);
  CHECK(r.state() == Revocation::GRANTED);
  const Subject after = at.Now(s);
  CHECK(after.state() == Subject::TERMINATED);
  CHECK(after.end() == Subject::PROBATION_REVOKED);
  CHECK(after.ended_on() == "2024-09-20");
  CHECK(after.end_document() == "（2024）浙0783刑更3号");
  CHECK(after.flags().empty());
  CHECK(at.Now(search).state() == Search::CLOSED);
  CHECK(at.Now(arrest).state() == Arrest::LAPSED);
  // In flight at first, then handed over.
  CHECK(at.Refusal("RecordRevocationDelivery", r, "{}", at.county) == "FIELD_REQUIRED");
  r = at.Do("RecordRevocationDelivery", r, R"({"atLarge": true})", at.county);
  CHECK(r.state() == Revocation::AT_LARGE);
  at.GoTo("2024-10-12");
  r = at.Do("RecordRevocationDelivery", r, R"({"deliveredTo": "金华监狱"})", at.county);
  CHECK(r.state() == Revocation::DELIVERED);
  CHECK(r.at_large_on() == "2024-09-20");
  CHECK(r.delivered_on() == "2024-10-12");
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §48: what the court refuses leaves him in corrections, and who was arrested is released on that day") {
  Course at;
  const Subject s = at.Active();
  Revocation r = Submitted(at, s);
  Arrest arrest = Arrested(at, s);
  CHECK(arrest.detained_until() == "2024-10-02");
  at.GoTo("2024-09-20");
  r = at.Do("RecordRevocationRuling", r, kRefusal, at.county);
  CHECK(r.state() == Revocation::REFUSED);
  CHECK(at.Now(s).state() == Subject::ACTIVE);
  arrest = at.Now(arrest);
  CHECK(arrest.state() == Arrest::RELEASE_DUE);
  CHECK(procedure::FindClock(arrest.clocks(), "RELEASE_BY")->due_on() == "2024-09-20");
  CHECK(Flags(at, s) == std::vector<int>{Subject::DETAINED});
  arrest = at.Do("RecordArrestRelease", arrest, "{}", at.county);
  CHECK(arrest.state() == Arrest::RELEASED);
  CHECK(Flags(at, s).empty());
  // He may be proposed again for what he does then.
  at.Make<Revocation>("ProposeRevocation", s, kAsked, at.county);
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §47: an arrest is not asked for alone, and one not yet made falls with its revocation") {
  Course at;
  const Subject s = at.Active();
  constexpr char kArrest[] = R"({"ground": "MAY_REOFFEND", "facts": "扬言报复"})";
  CHECK(ReasonOf(at.TryMake<Arrest>("PrepareArrest", s, kArrest, at.county).status()) == "REVOCATION_REQUIRED");
  Revocation r = at.Make<Revocation>("ProposeRevocation", s, kAsked, at.county);
  Arrest arrest = at.Make<Arrest>("PrepareArrest", s, kArrest, at.county);
  CHECK(at.Refusal("SubmitArrest", arrest, "{}", at.county) == "REVOCATION_NOT_SUBMITTED");
  r = at.Do("SubmitRevocation", r, R"({"procuratorate": "东阳市人民检察院"})", at.county);
  arrest = at.Do("SubmitArrest", arrest, "{}", at.county);
  CHECK(procedure::EndInWords(arrest.clocks(0)) == "2024-09-04 10:00");
  // Withdrawn on a day of which nothing else is known.
  at.GoTo("2024-09-03");
  r = at.Do("WithdrawRevocation", r, R"({"reason": "事实有误", "occurredOn": "2024-09-02"})", at.county);
  CHECK(r.state() == Revocation::WITHDRAWN);
  CHECK(at.Now(arrest).state() == Arrest::LAPSED);
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §47: nobody is held longer than thirty days, ruling or not") {
  Course at;
  const Subject s = at.Active();
  Submitted(at, s);
  const Arrest arrest = Arrested(at, s);
  at.GoTo("2024-10-02");
  CHECK(at.Now(arrest).state() == Arrest::EXECUTED);
  at.GoTo("2024-10-03");
  CHECK(at.Now(arrest).state() == Arrest::RELEASE_DUE);
  CHECK(at.Findings().empty());
}

TEST_CASE("实施办法 §46: accepting a proposal to revoke opens the revocation, with its ground and facts") {
  Course at;
  const Subject s = at.Active();
  at.GoTo("2024-09-12");
  at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-09-11"})", at.office);
  at.GoTo("2024-10-12");
  const Proposal proposal = at.Do("AcceptProposal", at.OneOf<Proposal>(s), "{}", at.county);
  const Revocation r = at.OneOf<Revocation>(s);
  CHECK(proposal.opened() == r.id());
  CHECK(r.kind() == Revocation::PROBATION);
  CHECK(r.ground() == Revocation::OVER_MONTH);
  CHECK(r.facts() == proposal.facts());
  CHECK(r.addressee_name() == "东阳市人民法院");
  CHECK(at.Findings().empty());
}

TEST_CASE("实施办法 §53: nobody is released while a revocation, an arrest or custody is open, and the release says so") {
  Course at;
  const Subject s = at.Active(kProbation, R"({"termTo": "2024-09-30"})");
  at.GoTo("2024-09-03");
  Release release = at.OneOf<Release>(s);
  release = at.Do("AppraiseRelease", release, R"({"appraisal": "表现良好"})", at.county);
  release = at.Do("AnnounceRelease", release, R"({"publicly": true})", at.office);
  const Revocation r = Submitted(at, s);
  at.GoTo("2024-10-08");
  CHECK(at.Refusal("IssueRelease", release, "{}", at.county) == "REVOCATION_PENDING");
  const Arrest arrest = Arrested(at, s);
  at.Do("RecordRevocationRuling", r, kRefusal, at.county);
  CHECK(at.Refusal("IssueRelease", release, "{}", at.county) == "REVOCATION_PENDING");
  at.Do("RecordArrestRelease", at.Now(arrest), "{}", at.county);
  Custody custody = at.Make<Custody>(
      "RecordCustody", s,
      R"({"kind": "ADMINISTRATIVE", "authority": "东阳市公安局", "since": "2024-10-03", "until": "2024-10-12"})", at.county);
  CHECK_FALSE(custody.told_late());  // the third day was in the holiday
  CHECK(Flags(at, s) == std::vector<int>{Subject::DETAINED});
  CHECK(at.Refusal("IssueRelease", release, "{}", at.county) == "REVOCATION_PENDING");
  at.GoTo("2024-10-12");
  custody = at.Do("EndCustody", custody, "{}", at.county);
  CHECK(at.Do("IssueRelease", release, "{}", at.county).state() == Release::ISSUED);
  CHECK(at.Findings().empty());
}

TEST_CASE("实施办法 §53: of 64 who release and revoke at once, one way alone succeeds") {
  for (int round = 0; round < 4; ++round) {
    Course at;
    const Subject s = at.Active(kProbation, R"({"termTo": "2024-09-30"})");
    at.GoTo("2024-09-30");
    Release release = at.OneOf<Release>(s);
    release = at.Do("AppraiseRelease", release, R"({"appraisal": "表现良好"})", at.county);
    release = at.Do("AnnounceRelease", release, R"({"publicly": true})", at.office);
    std::atomic<int> released = 0, proposed = 0;
    std::vector<std::thread> deciders;
    for (int i = 0; i < 64; ++i) {
      deciders.emplace_back([&, i] {
        if ((i + round) % 2 == 0) {
          released += at.Try<Release>("IssueRelease", "{}", at.county, release.id()).ok();
        } else {
          proposed += at.TryMake<Revocation>("ProposeRevocation", s, kAsked, at.county).ok();
        }
      });
    }
    for (auto& decider : deciders) decider.join();
    CHECK(released + proposed == 1);
    CHECK((at.Now(s).state() == Subject::RELEASED) == (released == 1));
    CHECK(at.Of<Revocation>(s).size() == static_cast<size_t>(proposed));
    CHECK(at.Findings().empty());
  }
}

}  // namespace sifa::corrections
