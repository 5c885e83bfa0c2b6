// 变更执行地 between two counties and their city, over a database (law §2.2 #8–#10).
#include "services/corrections/transfer.h"

#include "services/corrections/course_fixture.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

constexpr char kToYiwu[] =
    R"({"toOffice": "330782100", "toRegion": "330782100", "residence": "义乌市佛堂镇", "grounds": "就业"})";

struct Moving : Course {
  Transfer Asked(const Subject& s) {
    const Transfer t = Make<Transfer>("ApplyForTransfer", s, kToYiwu, office);
    return Do("ConsultOnTransfer", t, "{}", county);
  }
  Transfer Decided(const Subject& s) {
    Transfer t = Do("AnswerTransfer", Asked(s), R"({"agreed": true, "answer": "同意接收"})", neighbour);
    return Do("DecideOnTransfer", t, "{}", county);
  }
  std::string DueOf(const Transfer& t, const char* kind) {
    const auto* clock = procedure::FindClock(t.clocks(), kind);
    return clock == nullptr ? "" : clock->due_on();
  }
};

}  // namespace

TEST_CASE("社区矫正法 §27: the county there answers, this one decides, and he is the other's once he has reported") {
  Moving at;
  const Subject s = at.Active();
  at.GoTo("2024-09-12");
  const auto search = at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-09-10"})", at.office);
  at.Do("FindSearch", search, R"({"foundHow": "找到"})", at.office);
  Transfer t = at.Make<Transfer>("ApplyForTransfer", s, kToYiwu, at.office);
  CHECK(at.DueOf(t, "CONSULT_BY") == "2024-09-18");  // the 17th is a holiday
  CHECK(at.Now(s).flags(0) == Subject::TRANSFER_PENDING);
  CHECK(at.Refusal("AnswerTransfer", t, R"({"agreed": true, "answer": "同意"})", at.neighbour) ==
        "NOT_FOUND");  // it has not been asked
  t = at.Do("ConsultOnTransfer", t, "{}", at.county);
  CHECK(at.Refusal("AnswerTransfer", t, R"({"agreed": true, "answer": "同意"})", at.county) !=
        "");  // nor does one answer oneself
  CHECK(at.Refusal("SettleTransfer", t, R"({"allowed": true, "settlement": "应当接收"})", at.city) == "COUNTIES_AGREE");
  t = at.Do("AnswerTransfer", t, R"({"agreed": true, "answer": "同意接收"})", at.neighbour);
  CHECK(at.Refusal("DecideOnTransfer", t, "{}", at.neighbour) != "");
  t = at.Do("DecideOnTransfer", t, "{}", at.county);
  CHECK(at.DueOf(t, "REPORT_BY") == "2024-09-19");
  t = at.Do("HandOverTransfer", t, "{}", at.county);
  CHECK(at.Refusal("ReportTransfer", t, "{}", at.county) != "");
  t = at.Do("ReportTransfer", t, "{}", at.neighbour);
  const Subject moved = at.Now(s, at.neighbour);
  CHECK(moved.organisation() == "330782100");
  CHECK(moved.region() == "330782100");
  CHECK(moved.person().residence() == "义乌市佛堂镇");
  CHECK(moved.flags().empty());
  CHECK_FALSE(at.Sees(s, at.county));
  CHECK(at.Sees(search, at.county));  // what was done here stays here
  CHECK_FALSE(at.Sees(search, at.neighbour));
  t = at.Do("AcknowledgeTransfer", t, "{}", at.neighbour);
  CHECK(at.Now(t).state() == Transfer::ACKNOWLEDGED);
  CHECK(at.Findings().empty());
}

TEST_CASE("实施办法 §31: the city settles where the counties disagree or the one there is silent") {
  Moving at;
  Transfer t = at.Do("AnswerTransfer", at.Asked(at.Active()), R"({"agreed": false, "answer": "无固定住所"})", at.neighbour);
  CHECK(at.Refusal("DecideOnTransfer", t, "{}", at.county) == "TRANSFER_NOT_AGREED");
  CHECK(at.Refusal("SettleTransfer", t, R"({"allowed": false, "settlement": "不变更"})", at.county) != "");
  t = at.Do("SettleTransfer", t, R"({"allowed": false, "settlement": "不变更"})", at.city);
  CHECK(at.Refusal("DecideOnTransfer", t, "{}", at.county) == "TRANSFER_NOT_AGREED");
  t = at.Do("RefuseTransfer", t, R"({"reason": "上级确定不变更"})", at.county);
  CHECK(t.state() == Transfer::REFUSED);

  t = at.Asked(at.Active());
  at.GoTo("2024-09-09");  // the last day, a Saturday rolled over
  CHECK(at.Refusal("SettleTransfer", t, R"({"allowed": true, "settlement": "应当接收"})", at.city) == "COUNTIES_AGREE");
  at.GoTo("2024-09-10");
  t = at.Do("SettleTransfer", t, R"({"allowed": true, "settlement": "应当接收"})", at.city);
  t = at.Do("DecideOnTransfer", t, "{}", at.county);
  CHECK(t.state() == Transfer::DECIDED);
}

TEST_CASE("law §2.2 #10: who has not reported there on the eighth day is searched for by the county that he has left") {
  Moving at;
  const Subject s = at.Active();
  const Transfer t = at.Decided(s);
  at.GoTo("2024-09-09");
  CHECK(at.Of<Search>(s).empty());
  at.GoTo("2024-09-10");
  at.GoTo("2024-09-11");
  const auto search = at.OneOf<Search>(s);
  CHECK(search.cause() == Search::NOT_TRANSFERRED);
  CHECK(search.organisation() == "330783118");
  CHECK(at.Now(t).missed_on() == "2024-09-10");
  at.Do("ReportTransfer", at.Now(t), "{}", at.neighbour);
  CHECK(at.Sees(search, at.neighbour));  // open: it goes along
  CHECK(at.Findings().empty());
}

TEST_CASE(
    "a transfer inside the county, a second one, and one of who is not in corrections are refused; one lapses with the term") {
  Moving at;
  const Subject s = at.Active();
  const auto refusal = [&](const Subject& of, const std::string& json) {
    return ReasonOf(at.TryMake<Transfer>("ApplyForTransfer", of, json, at.office).status());
  };
  CHECK(refusal(s, R"({"toOffice": "330783123", "toRegion": "330783123", "residence": "横店镇", "grounds": "就业"})") ==
        "SAME_COUNTY");
  CHECK(refusal(s, R"({"toOffice": "110101", "toRegion": "330782100", "residence": "义乌", "grounds": "就业"})") ==
        "ORGANISATION_UNKNOWN");
  CHECK(refusal(at.Notice(), kToYiwu) == "SUBJECT_NOT_IN_CORRECTION");
  const Transfer t = at.Asked(s);
  CHECK(refusal(s, kToYiwu) == "TRANSFER_OPEN");
  at.Do("RecordSubjectDeath", s, R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.Now(t).state() == Transfer::LAPSED);
}

}  // namespace sifa::corrections
