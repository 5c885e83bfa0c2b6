// 通知移送 (law §10), 申诉、控告、检举 (社区矫正法 §34) and 检察意见 (§62): their tables by days, and over a database.
#include "services/corrections/notice.h"

#include "services/corrections/complaint.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/record_fixture.h"
#include "services/corrections/supervision_opinion.h"

namespace sifa::corrections {
namespace {

std::string Fields(const Subject& s, const std::string& paper, const std::string& receiver = "02",
                   const std::string& kind = "05") {
  return absl::StrCat(R"({"sourceType": "Subject", "source": ")", s.id(), R"(", "paper": ")", paper, R"(", "kind": ")", kind,
                      R"(", "receiver": ")", receiver, R"(", "receiverName": "东阳市人民检察院"})");
}

}  // namespace

TEST_CASE("law §10: what is not signed for within three days is listed until it is") {
  Course at;
  const Subject s = at.Active();
  Notice notice = Course::Must(at.Try<Notice>("SendNotice", Fields(s, "ANNOUNCEMENT"), at.office));
  CHECK(notice.subject() == s.id());
  CHECK(notice.paper_label() == "社区矫正宣告书");
  CHECK(notice.clocks(0).due_on() == "2024-09-05");
  notice = at.Do("DeliverNotice", notice, "{}", at.office);
  at.GoTo("2024-09-05");
  CHECK(!at.Now(notice).unsigned_late());
  at.GoTo("2024-09-06");
  notice = at.Now(notice);
  CHECK(notice.unsigned_late());
  CHECK(notice.clocks(0).colour() == casework::v1::Clock::RED);
  notice = at.Do("SignNotice", notice, R"({"signedBy": "周敏"})", at.office);
  CHECK(notice.state() == Notice::SIGNED);
  CHECK(notice.clocks(0).state() == casework::v1::Clock::STOPPED);
  CHECK(at.Refusal("SendBackNotice", notice, R"({"reason": "缺页"})", at.office) == "ACTION_NOT_ALLOWED");
  CHECK(at.Findings().empty());
}

TEST_CASE("a notice is of a paper that the record has, and a copy for the procuratorate goes there") {
  Course at;
  const Subject s = at.Active();
  const auto refusal = [&](const std::string& json) { return ReasonOf(at.Try<Notice>("SendNotice", json, at.office).status()); };
  CHECK(refusal(Fields(s, "RELEASE")) == "PAPER_NOT_MADE");
  CHECK(refusal(Fields(s, "ANNOUNCEMENT", "01")) == "COPY_TO_ANOTHER_ORGAN");
  CHECK(refusal(R"({"sourceType": "Release", "source": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "paper": "CERTIFICATE"})") ==
        "SOURCE_UNKNOWN");
  CHECK(refusal(R"({"sourceType": "Nothing", "source": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "paper": "CERTIFICATE"})") ==
        "SOURCE_UNKNOWN");
  CHECK(ReasonOf(at.Try<Notice>("SendNotice", Fields(s, "ANNOUNCEMENT"), at.neighbour).status()) == "NOT_FOUND");
}

TEST_CASE("a notice outlives the term: what ends it is told, too") {
  Course at;
  const Subject s = at.Active();
  at.Do("RecordSubjectDeath", s, R"({"document": "死亡证明1号"})", at.county);
  Notice notice = Course::Must(at.Try<Notice>("SendNotice", Fields(s, "TERMINATION", "01", "07"), at.county));
  notice = at.Do("SendBackNotice", notice, R"({"reason": "缺少死亡证明复印件"})", at.county);
  CHECK(notice.state() == Notice::SENT_BACK);
}

TEST_CASE("社区矫正法 §34: a complaint is accepted or not by the county, and answered with reasons, also after the term") {
  Course at;
  const Subject s = at.Active();
  Complaint complaint =
      at.Make<Complaint>("FileComplaint", s, R"({"kind": "APPEAL", "content": "认为训诫依据的事实不清"})", at.office);
  CHECK(complaint.clocks(0).due_on() == "2024-10-08");  // the thirtieth day is a holiday
  CHECK(at.Refusal("AcceptComplaint", complaint, "{}", at.office) != "");
  CHECK(at.Refusal("AnswerComplaint", complaint, R"({"outcome": "REJECTED", "answer": "事实清楚"})", at.county) ==
        "ACTION_NOT_ALLOWED");
  complaint = at.Do("AcceptComplaint", complaint, "{}", at.county);
  at.Do("RecordSubjectDeath", s, R"({"document": "死亡证明1号"})", at.county);
  complaint = at.Do("AnswerComplaint", complaint, R"({"outcome": "REJECTED", "answer": "有定位记录为证，事实清楚"})", at.county);
  CHECK(complaint.state() == Complaint::ANSWERED);
  CHECK(complaint.clocks(0).state() == casework::v1::Clock::STOPPED);
  Complaint other = at.Make<Complaint>("FileComplaint", s, R"({"kind": "REPORT", "content": "与矫正无关的邻里纠纷"})", at.office);
  other = at.Do("RefuseComplaint", other, R"({"reason": "不属于社区矫正机构职责"})", at.county);
  CHECK(other.state() == Complaint::REFUSED);
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §62: an opinion is answered in writing by the day it states, with reasons where it is not adopted") {
  Course at;
  const Subject s = at.Active();
  const auto received = [&](const std::string& more) {
    return at.Try<SupervisionOpinion>(
        "ReceiveSupervisionOpinion",
        absl::StrCat(R"({"office": "330783", "region": "330783", "kind": "RECTIFICATION", "procuratorate": "东阳市人民检察院",
                     "document": "东检纠〔2024〕1号", "content": "未及时组织查找", )",
                     more, "}"),
        at.county);
  };
  SupervisionOpinion opinion = Course::Must(received(R"("issuedOn": "2024-09-01", "replyBy": "2024-09-17")"));
  CHECK(opinion.subject().empty());
  CHECK(opinion.clocks(0).due_on() == "2024-09-17");
  CHECK(ReasonOf(received(R"("issuedOn": "2024-09-03", "replyBy": "2024-09-17")").status()) == "ACT_OUT_OF_ORDER");
  CHECK(ReasonOf(received(R"("issuedOn": "2024-09-01", "replyBy": "2024-09-01")").status()) == "ACT_OUT_OF_ORDER");
  CHECK(at.Refusal("ReplyToSupervisionOpinion", opinion, R"({"reply": "已经查找"})", at.county) == "OPINION_NOT_ADOPTED");
  opinion = at.Do("ReplyToSupervisionOpinion", opinion, R"({"adopted": true, "reply": "已于当日启动查找"})", at.county);
  CHECK(opinion.state() == SupervisionOpinion::REPLIED);
  const auto of_one =
      Course::Must(received(absl::StrCat(R"("subject": ")", s.id(), R"(", "issuedOn": "2024-09-01", "replyBy": "2024-09-17")")));
  CHECK(of_one.person().name() == s.person().name());
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
