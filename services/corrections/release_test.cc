// 期满解除 and what leads to it, over a database: the suite begins it, the county ends the term (law §2.2 #4, #15, #21).
#include "services/corrections/release.h"

#include "services/corrections/course_fixture.h"
#include "services/corrections/proposal.h"
#include "services/corrections/search.h"

namespace sifa::corrections {

TEST_CASE("社区矫正法 §44: release is prepared thirty days before the end, and ends the term on its last day") {
  Course at;
  const Subject s = at.Active();
  at.GoTo("2026-07-31");
  CHECK(at.Of<Release>(s).empty());
  at.GoTo("2026-08-01");
  Release release = at.OneOf<Release>(s);
  at.GoTo("2026-08-02");
  CHECK(at.Of<Release>(s).size() == 1);
  CHECK(release.clocks(0).due_on() == "2026-08-31");
  release = at.Do("SummariseRelease", release, R"({"summary": "服从管理"})", at.office);
  CHECK(at.Refusal("AppraiseRelease", release, R"({"appraisal": "表现良好"})", at.office) != "");
  release = at.Do("AppraiseRelease", release, R"({"appraisal": "表现良好"})", at.county);
  release = at.Do("AnnounceRelease", release, R"({"publicly": true})", at.office);
  CHECK(at.Refusal("IssueRelease", release, "{}", at.county) == "TERM_NOT_OVER");
  CHECK(at.Now(release).state() == Release::ANNOUNCED);
  at.GoTo("2026-09-02");
  release = at.Do("IssueRelease", release, "{}", at.county);
  const Subject after = at.Now(s);
  CHECK(after.state() == Subject::RELEASED);
  CHECK(after.end() == Subject::EXPIRED);
  CHECK(after.ended_on() == "2026-08-31");
  CHECK(after.end_document() == release.number());
  CHECK(at.Findings().empty());
}

TEST_CASE("a term that is changed moves its release with it; one that ends otherwise ends the release") {
  Course at;
  const Subject s = at.Active(kProbation, R"({"termTo": "2024-11-30"})");
  at.GoTo("2024-11-10");
  const Release release = at.OneOf<Release>(s);
  at.Do("CorrectSubjectTerm", s, R"({"termFrom": "2024-09-01", "termTo": "2025-01-31", "reason": "（2024）浙0783刑更2号"})",
        at.county);
  CHECK(at.Now(release).clocks(0).due_on() == "2025-01-31");
  at.Do("RecordSubjectDeath", s, R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.Now(release).state() == Release::LAPSED);
  CHECK(at.Findings().empty());
}

TEST_CASE("who serves outside prison is not released by expiry of the term") {
  Course at;
  const Subject s = at.Active(kOutsidePrison, R"({"termTo": "2024-11-30"})");
  at.GoTo("2024-11-20");
  CHECK(at.Of<Release>(s).empty());
}

TEST_CASE("社区矫正法 §30: who is absent the day after his limit is searched for; what his days call for is proposed once") {
  Course at;
  const Subject s = at.Notice();
  at.GoTo("2024-09-11");
  CHECK(at.Of<Search>(s).empty());
  CHECK(at.Now(s).flags().empty());
  at.GoTo("2024-09-12");
  at.GoTo("2024-09-13");
  Search search = at.OneOf<Search>(s);
  CHECK(search.cause() == Search::NOT_REPORTED);
  CHECK(search.absent_after() == "2024-09-11");
  REQUIRE(at.Now(s).flags_size() == 1);
  CHECK(at.Now(s).flags(0) == Subject::MISSING);
  at.GoTo("2024-09-23");  // the twelfth day
  search = at.Do("FindSearch", search, R"({"foundHow": "在亲属家中找到"})", at.office);
  CHECK(search.days_absent() == 12);
  CHECK(at.Now(s).flags().empty());
  const Proposal proposal = at.OneOf<Proposal>(s);
  CHECK(proposal.kind() == Proposal::WARN);
  CHECK(proposal.article() == "《社区矫正法实施办法》第35条");
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §21, §30: who reports is searched for no more; who had reported in time has done nothing wrong") {
  Course at;
  const Subject in_time = at.Notice(), late = at.Notice();
  at.GoTo("2024-10-14");  // more than a month after the limit
  CHECK(at.OneOf<Proposal>(in_time).kind() == Proposal::REVOKE);
  at.Do("RegisterSubject", in_time, R"({"occurredOn": "2024-09-05"})", at.county);
  CHECK(at.OneOf<Search>(in_time).state() == Search::FOUND);
  CHECK(at.OneOf<Search>(in_time).days_absent() == 0);
  CHECK(at.OneOf<Proposal>(in_time).state() == Proposal::WITHDRAWN);
  at.Do("RegisterSubject", late, "{}", at.county);
  CHECK(at.OneOf<Search>(late).days_absent() == 33);
  CHECK(at.OneOf<Proposal>(late).state() == Proposal::PROPOSED);
  CHECK(at.Now(late).flags().empty());
  CHECK(at.Findings().empty());
}

TEST_CASE("law §2.5 R21: ten days 训诫, eleven 警告, after the corresponding day of the next month 撤销") {
  const auto proposed = [](const std::string& found_on, const std::string& category = kProbation) {
    Course at;
    const Subject s = at.Active(category);
    at.GoTo("2024-09-12");
    auto search = at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-09-11"})", at.office);
    at.GoTo(found_on);
    at.Do("FindSearch", search, R"({"foundHow": "找到"})", at.office);
    std::vector<Proposal::Kind> kinds;
    for (const Proposal& proposal : at.Of<Proposal>(s)) kinds.push_back(proposal.kind());
    return kinds;
  };
  using Kinds = std::vector<Proposal::Kind>;
  CHECK(proposed("2024-09-21") == Kinds{Proposal::ADMONISH});
  CHECK(proposed("2024-09-22") == Kinds{Proposal::WARN});
  CHECK(proposed("2024-10-11") == Kinds{Proposal::WARN});
  CHECK(proposed("2024-10-12") == Kinds{Proposal::REVOKE});  // also proposed by the suite that morning: once
  CHECK(proposed("2024-09-15", kParole) == Kinds{Proposal::ADMONISH, Proposal::REVOKE});
}

}  // namespace sifa::corrections
