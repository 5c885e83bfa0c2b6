// Who sees a record besides its office: of a minor only those whose post it is (社区矫正法 §54), and the person himself by an account
// of his own.
#include "libs/core/organisation_path.h"
#include "services/corrections/activity.h"
#include "services/corrections/assessment.h"
#include "services/corrections/check.h"
#include "services/corrections/complaint.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/duty.h"
#include "services/corrections/leave.h"
#include "services/corrections/resettlement.h"
#include "services/corrections/roll_call.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

constexpr char kStay[] =
    R"({"purpose": "01", "details": "住院手术", "places": [{"region": "330102", "address": "庆春路79号"}], "proofKind": "01",
        "proofNumber": "诊字1号", "from": "2024-09-10", "to": "2024-09-12"})";

constexpr char kLost[] = R"({"absentAfter": "2024-09-03"})";

Subject MinorInCorrection(Course& at) {
  Subject s = at.Do("RegisterSubject", at.NoticeMinor(), "{}", at.minors);
  return at.Do("FormSubjectTeam", s,
               R"({"team": [{"name": "陈志强", "sex": "1", "role": "01"}, {"name": "李红", "sex": "2", "role": "02", "knowsMinors": true}]})",
               at.minors);
}

}  // namespace

TEST_CASE("社区矫正法 §54: of a minor and his records nobody knows whose post it is not, neither by lists nor by acts") {
  Course at;
  const Subject s = MinorInCorrection(at);
  at.GoTo("2024-09-05");
  const auto search = at.Make<Search>("StartSearch", s, kLost, at.minors);
  for (const auto& who : {at.county, at.office, at.city, at.neighbour}) {
    CHECK_FALSE(at.Sees(s, who));
    CHECK_FALSE(at.Sees(search, who));
    CHECK(at.Listed<Subject>("ListSubjects", who).empty());
    CHECK(at.Listed<Search>("ListSearches", who).empty());
  }
  CHECK(ReasonOf(at.TryMake<Search>("StartSearch", s, kLost, at.office).status()) == "NOT_FOUND");
  CHECK(at.Refusal("FindSearch", search, R"({"foundHow": "在家"})", at.county) == "NOT_FOUND");
  for (const auto& who : {at.minors, at.head}) {
    CHECK(at.Sees(search, who));
    CHECK(at.Listed<Subject>("ListSubjects", who) == std::vector<std::string>{s.id()});
    CHECK(at.Listed<Search>("ListSearches", who) == std::vector<std::string>{search.id()});
  }
  CHECK(at.Now(s, at.minors).organisation_path() == "/33/3307/330783/330783118/");
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §54: an officer for minors sees the others too, and no other county's minors") {
  Course at;
  const Subject grown = at.Active();
  const Subject minor = at.NoticeMinor();
  CHECK(at.Listed<Subject>("ListSubjects", at.minors) == std::vector<std::string>{minor.id(), grown.id()});
  CHECK(at.Listed<Subject>("ListSubjects", at.county) == std::vector<std::string>{grown.id()});
  const auto elsewhere = testing::ClaimsOf("01OTHER", "he.li",
                                           {testing::GrantOf("county_officer", "330783", "/33/3307/330783/", 3, true),
                                            testing::GrantOf("minors_officer", "330782", "/33/3307/330782/", 3, true)});
  CHECK(at.Listed<Subject>("ListSubjects", elsewhere) == std::vector<std::string>{grown.id()});
  CHECK_FALSE(at.Sees(minor, elsewhere));
}

TEST_CASE("本人账号: he reads his own records and nobody else's, and of his own not what the office keeps for itself") {
  Course at;
  const Subject s = at.Active(), other = at.Active();
  at.GoTo("2024-09-05");
  const auto own = Course::OwnAccountOf(s);
  const auto leave = at.Make<Leave>("ApplyForLeave", s, kStay, at.office);
  const auto of_other = at.Make<Leave>("ApplyForLeave", other, kStay, at.office);
  const auto search = at.Make<Search>("StartSearch", s, kLost, at.office);
  CHECK(at.Sees(s, own));
  CHECK(at.Sees(leave, own));
  CHECK_FALSE(at.Sees(other, own));
  CHECK_FALSE(at.Sees(of_other, own));
  CHECK_FALSE(at.Sees(search, own));
  CHECK(at.Listed<Subject>("ListSubjects", own) == std::vector<std::string>{s.id()});
  CHECK(at.Listed<Leave>("ListLeaves", own) == std::vector<std::string>{leave.id()});
  CHECK(at.Listed<Search>("ListSearches", own).empty());
}

TEST_CASE("本人账号: he asks for leave, reports and complains for himself; what the office decides is not his to do") {
  Course at;
  const Subject s = at.Active(), other = at.Active();
  at.GoTo("2024-09-05");
  const auto own = Course::OwnAccountOf(s);
  const auto leave = at.Make<Leave>("ApplyForLeave", s, kStay, own);
  CHECK(leave.state() == Leave::APPLIED);
  CHECK(at.Make<Complaint>("FileComplaint", s, R"({"kind": "APPEAL", "content": "请求复查对我的训诫。"})", own).state() ==
        Complaint::FILED);
  CHECK(ReasonOf(at.TryMake<Leave>("ApplyForLeave", other, kStay, own).status()) == "NOT_FOUND");
  CHECK(ReasonOf(at.TryMake<Search>("StartSearch", s, kLost, own).status()) == "NOT_FOUND");
  CHECK(at.Refusal("ApproveLeave", leave, "{}", own) != "");
  CHECK(at.Do("WithdrawLeave", leave, "{}", own).state() == Leave::WITHDRAWN);
  CHECK(at.Findings().empty());
}

TEST_CASE("本人账号: a minor has one as well") {
  Course at;
  const Subject s = MinorInCorrection(at);
  const auto own = Course::OwnAccountOf(s);
  CHECK(at.Sees(s, own));
  CHECK(at.Make<Complaint>("FileComplaint", s, R"({"kind": "APPEAL", "content": "请求改期。"})", own).state() == Complaint::FILED);
  CHECK(at.Listed<Complaint>("ListComplaints", own).size() == 1);
  CHECK(at.Listed<Complaint>("ListComplaints", at.county).empty());
}

TEST_CASE("社区矫正法 §54: whom a court asks about, and whom a prison releases, is sealed where he is a minor") {
  Course at;
  const auto person = [](const char* id) {
    return absl::StrCat(R"("person": {"name": "赵小山", "idNumber": ")", id, R"(", "sex": "1", "residence": "南马镇"})");
  };
  const auto commission = [&](const char* id) {
    return absl::StrCat(
        R"({"office": "330783118", "region": "330783118", "commission": {"commissioner": "01", "commissionerName": "东阳市人民法院",
            "letterNumber": "函1号", "personKind": "01", "category": "02", )",
        person(id), "}}");
  };
  const auto release = [&](const char* id) {
    return absl::StrCat(
        R"({"office": "330783118", "region": "330783118", "releaseType": "01", "prison": "金华监狱", "prisonNumber": "1", "offence": "05",
            "termFrom": "2024-03-01", "termTo": "2025-02-28", "releaseOn": "2025-02-28", )",
        person(id), "}");
  };
  // Born on 2007-03-07 and in 1990.
  constexpr char kYoung[] = "330783200703070016", kGrown[] = "33078319900307001X";
  CHECK(ReasonOf(at.Try<Assessment>("CommissionAssessment", commission(kYoung), at.county).status()) == "NOT_FOUND");
  CHECK(ReasonOf(at.Try<Resettlement>("ReceiveResettlement", release(kYoung), at.county).status()) == "NOT_FOUND");
  const auto young = Course::Must(at.Try<Assessment>("CommissionAssessment", commission(kYoung), at.minors));
  const auto grown = Course::Must(at.Try<Assessment>("CommissionAssessment", commission(kGrown), at.county));
  CHECK(at.Listed<Assessment>("ListAssessments", at.county) == std::vector<std::string>{grown.id()});
  CHECK(at.Listed<Assessment>("ListAssessments", at.minors) == std::vector<std::string>{grown.id(), young.id()});
  CHECK_FALSE(at.Sees(young, at.city));
  const auto released = Course::Must(at.Try<Resettlement>("ReceiveResettlement", release(kYoung), at.minors));
  CHECK_FALSE(at.Sees(released, at.county));
  CHECK(at.Sees(released, at.minors));
  CHECK(at.Sees(Course::Must(at.Try<Resettlement>("ReceiveResettlement", release(kGrown), at.county)), at.county));
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §52, §54: minors are taught apart from adults, and nobody else learns of it") {
  Course at;
  const Subject young = MinorInCorrection(at), grown = at.Active();
  const auto plan = [&](const char* more, const Course::Claims& who) {
    return at.Try<Activity>("PlanActivity",
                            absl::StrCat(R"({"office": "330783118", "region": "330783118", "kind": "05", "title": "法治课",
                                "place": "南马镇", "plannedOn": "2024-09-02")",
                                         more, "}"),
                            who);
  };
  const auto those = [](const Subject& s) { return absl::StrCat(R"({"subjects": [")", s.id(), "\"]}"); };
  CHECK(ReasonOf(plan(R"(, "minors": true)", at.county).status()) == "NOT_FOUND");
  const auto lesson = Course::Must(plan(R"(, "minors": true)", at.minors)), training = Course::Must(plan("", at.county));
  CHECK(at.Refusal("AttendActivity", lesson, those(grown), at.minors) == "MINORS_WITH_ADULTS");
  CHECK(at.Refusal("AttendActivity", training, those(young), at.minors) == "MINORS_WITH_ADULTS");
  CHECK(at.Refusal("AttendActivity", training, those(young), at.county) == "ATTENDEE_UNKNOWN");
  CHECK(at.Do("AttendActivity", lesson, those(young), at.minors).attendances_size() == 1);
  CHECK_FALSE(at.Sees(lesson, at.county));
  CHECK(at.Listed<Activity>("ListActivities", at.county) == std::vector<std::string>{training.id()});
}

TEST_CASE("本人账号: he answers a roll-call himself, nobody answers so for him, and a person judges whether it was he") {
  Course at;
  const Subject s = at.Active();
  constexpr char kRollCall[] = R"({"office": "330783118", "region": "330783118", "mode": "WHOLE"})";
  const auto drawn = Course::Must(at.Try<RollCall>("DrawRollCall", kRollCall, at.county));
  at.Do("StartRollCall", drawn, "{}", at.county);
  const auto own = Course::OwnAccountOf(s);
  auto check = at.OneOf<Check>(s);
  constexpr char kHere[] = R"({"statement": "在家"})";
  CHECK(at.Refusal("RespondToCheck", check, kHere, at.office) == "ACT_OF_ANOTHER");
  CHECK(at.Refusal("AnswerCheck", check, R"({"means": "PHONE"})", own) == "ACT_OF_ANOTHER");
  CHECK(at.Refusal("AnswerCheck", check, R"({"means": "ONLINE", "occurredAt": "2024-09-02T01:00:00Z"})", at.office) ==
        "MEANS_OF_PERSON");
  check = at.Do("RespondToCheck", check, kHere, own);
  CHECK(check.state() == Check::TO_JUDGE);
  CHECK(at.Refusal("JudgeCheck", check, R"({"present": true, "judgement": "属实"})", own) == "ACT_OF_ANOTHER");
  check = at.Do("JudgeCheck", check, R"({"present": false, "judgement": "声音不符"})", at.office);
  CHECK(check.state() == Check::TOLD);
  check = at.Do("RespondToCheck", check, kHere, own);
  CHECK(at.Do("JudgeCheck", check, R"({"present": true, "judgement": "视频核对属实"})", at.office).state() == Check::PRESENT);
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §54: every record of a person is sealed where he is a minor") {
  Course at;
  for (const casework::ObjectType* type : at.backend.objects->types()) {
    const auto* person = type->prototype->GetDescriptor()->FindFieldByName("person");
    if (person == nullptr || person->message_type() != v1::SubjectSummary::descriptor()) continue;
    INFO(type->name);
    if (person->is_repeated()) continue;
    std::unique_ptr<google::protobuf::Message> record(type->prototype->New());
    auto* summary = record->GetReflection()->MutableMessage(record.get(), person);
    static_cast<v1::SubjectSummary*>(summary)->set_minor(true);
    CHECK(IsSealed(type->common(*record).organisation_path + "/"));
  }
}

}  // namespace sifa::corrections
