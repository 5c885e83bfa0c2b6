// What becomes of a person and of his other records where one of them is put right.
#include "services/corrections/commutation.h"
#include "services/corrections/complaint.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/leave.h"
#include "services/corrections/proposal.h"
#include "services/corrections/release.h"
#include "services/corrections/resettlement.h"
#include "services/corrections/revocation.h"
#include "services/corrections/roll_call.h"
#include "services/corrections/sanction.h"
#include "services/corrections/search.h"
#include "services/corrections/tracking_authority.h"

namespace sifa::corrections {
namespace {

using casework::Correction;

// The reason of a refusal, "" where it was done: asked for by the office and approved by the head of the bureau.
template <class T>
std::string Amended(Course& at, const T& object, const std::string& path, const std::string& content) {
  return ReasonOf(at.Correct(object, Correction::AMEND, at.office, at.head, path, content).status());
}
template <class T>
std::string Withdrawn(Course& at, const T& object) {
  return ReasonOf(at.Correct(object, Correction::WITHDRAW_ACT, at.office, at.head).status());
}
template <class T>
std::string Voided(Course& at, const T& object) {
  return ReasonOf(at.Correct(object, Correction::VOID, at.office, at.head).status());
}

std::string Stopped(const Search& search) { return casework::v1::Clock::State_Name(search.clocks(0).state()); }

// Not seen since 2024-09-11, and found.
Search Found(Course& at, const Subject& s, const std::string& day) {
  at.GoTo("2024-09-12");
  const auto search = at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-09-11"})", at.office);
  at.GoTo(day);
  return at.Do("FindSearch", search, R"({"foundHow": "在亲属家中找到"})", at.office);
}

Revocation Revoked(Course& at, const Subject& s) {
  auto r = at.Make<Revocation>(
      "ProposeRevocation", s,
      R"({"kind": "PROBATION", "ground": "TWO_WARNINGS", "facts": "两次警告后仍不报告", "addressee": "ORIGINAL"})", at.county);
  r = at.Do("SubmitRevocation", r, R"({"procuratorate": "东阳市人民检察院"})", at.county);
  at.GoTo("2024-09-20");
  return at.Do("RecordRevocationRuling", r, R"({"ruling": "GRANT", "document": "（2024）浙0783刑更3号"})", at.county);
}

}  // namespace

TEST_CASE("law §2.5 R21: found on another day, his days are others, and what was proposed because of them is withdrawn") {
  Course at;
  const Subject s = at.Active();
  const Search search = Found(at, s, "2024-09-22");  // eleven days
  REQUIRE(at.OneOf<Proposal>(s).kind() == Proposal::WARN);
  CHECK(Amended(at, search, "found_on", R"({"foundOn": "2024-09-21"})") == "");
  CHECK(at.Now(search).days_absent() == 10);
  CHECK(at.OneOf<Proposal>(s).state() == Proposal::WITHDRAWN);
  CHECK(at.Findings().empty());
}

TEST_CASE("law §2.5 R21: the last contact on an earlier day ends the month earlier") {
  Course at;
  const Subject s = at.Active();
  at.GoTo("2024-09-12");
  const auto search = at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-09-11"})", at.office);
  CHECK(search.clocks(0).due_on() == "2024-10-11");
  CHECK(Amended(at, search, "absent_after", R"({"absentAfter": "2024-09-05"})") == "");
  CHECK(at.Now(search).clocks(0).due_on() == "2024-10-05");
  CHECK(Amended(at, search, "steps", R"({"steps": [{"means": "PHONE", "result": "无人接听"}]})") == "ITEMS_OF_ACTS");
  CHECK(Amended(at, search, "police", R"({"police": "东阳市公安局"})") == "ACT_NOT_DONE");
  CHECK(at.Findings().empty());
}

TEST_CASE("what a search was answered by keeps it as it is until it is void") {
  Course at;
  const Subject s = at.Active();
  const Search search = Found(at, s, "2024-09-22");
  at.Do("AcceptProposal", at.OneOf<Proposal>(s), "{}", at.county);
  CHECK(Amended(at, search, "found_on", R"({"foundOn": "2024-09-21"})") == "SEARCH_ANSWERED");
  CHECK(Withdrawn(at, search) == "SEARCH_ANSWERED");
  CHECK(Amended(at, search, "found_how", R"({"foundHow": "自行返回"})") == "");
  CHECK(Voided(at, at.OneOf<Sanction>(s)) == "");
  CHECK(Withdrawn(at, search) == "");
  CHECK(at.Now(search).state() == Search::SEARCHING);
  CHECK(at.Now(s).flags(0) == Subject::MISSING);
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §48: a ruling that was not made is taken back, and with it the end of the term and of what ended with it") {
  Course at;
  const Subject s = at.Active();
  const auto search = at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-09-02"})", at.office);
  const Revocation r = Revoked(at, s);
  REQUIRE(at.Now(s).state() == Subject::TERMINATED);
  REQUIRE(at.Now(search).state() == Search::CLOSED);
  CHECK(Withdrawn(at, at.Now(s)) == "ACT_OF_ANOTHER");
  CHECK(Withdrawn(at, r) == "");
  CHECK(at.Now(r).state() == Revocation::SUBMITTED);
  const Subject again = at.Now(s);
  CHECK(again.state() == Subject::ACTIVE);
  CHECK(again.end() == Subject::END_UNSPECIFIED);
  CHECK(again.ended_on().empty());
  CHECK(again.end_document().empty());
  CHECK(at.Now(search).state() == Search::SEARCHING);
  CHECK(Stopped(at.Now(search)) == "RUNNING");
  CHECK(again.flags_size() == 2);  // missing again, and the ruling still waited for
  // He goes on, and the right ruling is entered.
  at.GoTo("2024-09-21");
  at.Do("RecordRevocationRuling", at.Now(r), R"({"ruling": "GRANT", "document": "（2024）浙0783刑更5号"})", at.county);
  CHECK(at.Now(s).end_document() == "（2024）浙0783刑更5号");
  CHECK(at.Now(search).state() == Search::CLOSED);
  CHECK(at.Findings().empty());
}

TEST_CASE("最高法刑诉法解释 §517: a ruling of another day ends the term on that day, under the number that it has") {
  Course at;
  const Subject s = at.Active();
  const Revocation r = Revoked(at, s);
  CHECK(Amended(at, r, "ruled_on", R"({"ruledOn": "2024-09-18"})") == "");
  CHECK(at.Now(s).ended_on() == "2024-09-18");
  CHECK(Amended(at, at.Now(r), "ruling_number", R"({"rulingNumber": "（2024）浙0783刑更6号"})") == "");
  CHECK(at.Now(s).end_document() == "（2024）浙0783刑更6号");
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §51: who is not dead is searched for and tagged as before") {
  Course at;
  const Subject s = at.Active();
  const auto search = at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-09-02"})", at.office);
  at.Do("RecordSubjectDeath", at.Now(s), R"({"document": "死亡证明1号"})", at.county);
  REQUIRE(at.Now(search).state() == Search::CLOSED);
  CHECK(Withdrawn(at, search) == "ACT_OF_ANOTHER");
  CHECK(Withdrawn(at, at.Now(s)) == "");
  CHECK(at.Now(s).state() == Subject::ACTIVE);
  CHECK(at.Now(search).state() == Search::SEARCHING);
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §44: a certificate that was not given is taken back once the help that follows it is void") {
  Course at;
  const Subject s = at.Active(kProbation, R"({"termTo": "2024-11-30"})");
  at.GoTo("2024-11-05");
  auto release = at.OneOf<Release>(s);
  release = at.Do("AppraiseRelease", release, R"({"appraisal": "遵纪守法"})", at.county);
  release = at.Do("AnnounceRelease", release, "{}", at.office);
  at.GoTo("2024-11-30");
  release = at.Do("IssueRelease", release, "{}", at.county);
  CHECK(Withdrawn(at, release) == "RELEASE_FOLLOWED");
  CHECK(Voided(at, at.OneOf<Resettlement>(s)) == "");
  CHECK(Withdrawn(at, release) == "");
  CHECK(at.Now(release).state() == Release::ANNOUNCED);
  CHECK(at.Now(s).state() == Subject::ACTIVE);
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §33: the term has followed a commutation, so its ruling stays; only its day is put right") {
  Course at;
  const Subject s = at.Active(kProbation, R"({"termTo": "2025-08-31"})");
  auto c = at.Make<Commutation>("ProposeCommutation", s, R"({"ground": "GREAT_MERIT", "facts": "舍己救人"})", at.county);
  c = at.Do("ReviewCommutation", c, R"({"opinion": "AGREE", "reason": "符合条件"})", at.city);
  c = at.Do("SubmitCommutation", c, R"({"court": "金华市中级人民法院"})", at.city);
  at.GoTo("2024-09-20");
  c = at.Do("RecordCommutationRuling", c, R"({"ruling": "GRANT", "document": "（2024）浙07刑更8号", "termTo": "2024-12-31"})",
            at.county);
  CHECK(Withdrawn(at, c) == "COMMUTATION_FOLLOWED");
  CHECK(Voided(at, c) == "COMMUTATION_FOLLOWED");
  CHECK(Amended(at, c, "term_to", R"({"termTo": "2024-12-30"})") == "FIELD_NOT_AMENDABLE");
  CHECK(Amended(at, c, "ruled_on", R"({"ruledOn": "2024-09-19"})") == "");
  CHECK(at.Now(s).decision().term_to() == "2024-12-31");
  CHECK(at.Findings().empty());
}

TEST_CASE("实施办法 §28: who was back in time is inquired into no more") {
  Course at;
  const Subject s = at.Active();
  auto leave =
      at.Make<Leave>("ApplyForLeave", s,
                     R"({"purpose": "01", "details": "住院手术", "places": [{"region": "330102", "address": "庆春路79号"}],
                                  "proofKind": "01", "proofNumber": "诊字1号", "from": "2024-09-10", "to": "2024-09-12"})",
                     at.office);
  leave = at.Do("ApproveLeave", leave, "{}", at.county);
  at.GoTo("2024-09-10");
  leave = at.Do("DepartOnLeave", leave, "{}", at.office);
  at.GoTo("2024-09-14");
  leave = at.Do("ReturnFromLeave", at.Now(leave), "{}", at.office);
  REQUIRE(leave.days_late() == 2);
  REQUIRE(at.OneOf<Proposal>(s).state() == Proposal::PROPOSED);
  CHECK(Amended(at, leave, "returned_on", R"({"returnedOn": "2024-09-12"})") == "");
  CHECK(at.Now(leave).days_late() == 0);
  CHECK(at.OneOf<Proposal>(s).state() == Proposal::WITHDRAWN);
  CHECK(at.Findings().empty());
}

TEST_CASE("what no act has given is not given by a correction, and what others rest on is not taken back") {
  Course at;
  const Subject s = at.Active();
  const auto complaint = at.Make<Complaint>("FileComplaint", s, R"({"kind": "APPEAL", "content": "请求复查。"})", at.office);
  CHECK(Amended(at, complaint, "answer", R"({"answer": "不成立"})") == "ACT_NOT_DONE");
  CHECK(Amended(at, complaint, "content", "{}") == "FIELD_REQUIRED");
  CHECK(Amended(at, complaint, "content", R"({"content": "请求复查训诫。"})") == "");
  CHECK(at.Now(complaint).content() == "请求复查训诫。");
  auto roll_call = Course::Must(
      at.Try<RollCall>("DrawRollCall", R"({"office": "330783118", "region": "330783118", "mode": "WHOLE"})", at.county));
  roll_call = at.Do("StartRollCall", roll_call, "{}", at.county);
  CHECK(Withdrawn(at, roll_call) == "ROLL_CALL_HAS_CHECKS");
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
