// 教育公益帮扶 and 走访, over a database: who comes is of the office that holds it (社区矫正法 §26, §36).
#include "services/corrections/activity.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/visit.h"

namespace sifa::corrections {
namespace {

constexpr char kTraining[] =
    R"({"office": "330783118", "region": "330783118", "kind": "05", "title": "电工培训", "place": "南马镇", "plannedOn": "2024-09-10"})";

std::string Of(const Subject& s) { return absl::StrCat(R"({"subjects": [")", s.id(), "\"]}"); }

}  // namespace

TEST_CASE("社区矫正法 §36: those who came are told once each, on the day or later, and only of who is in correction") {
  Course at;
  const Subject first = at.Active(), second = at.Active(), noticed = at.Notice();
  auto activity = Course::Must(at.Try<Activity>("PlanActivity", kTraining, at.office));
  CHECK(at.Refusal("AttendActivity", activity, Of(first), at.office) == "ACTIVITY_NOT_YET");
  at.GoTo("2024-09-10");
  activity = at.Do("AttendActivity", activity, Of(first), at.office);
  CHECK(at.Refusal("AttendActivity", activity, Of(first), at.office) == "ATTENDEE_TWICE");
  CHECK(at.Refusal("AttendActivity", activity, Of(noticed), at.office) == "ATTENDEE_NOT_IN_CORRECTION");
  CHECK(at.Refusal("AttendActivity", activity, R"({"subjects": ["01ARZ3NDEKTSV4RRFFQ69G5FAV"]})", at.office) ==
        "ATTENDEE_UNKNOWN");
  activity = at.Do("AttendActivity", activity, Of(second), at.office);
  CHECK(activity.attendances_size() == 2);
  CHECK(at.OneOf<Activity>(second).id() == activity.id());
  activity = at.Do("CloseActivity", activity, R"({"note": "两人参加"})", at.office);
  CHECK(at.Refusal("AttendActivity", activity, Of(first), at.office) == "ACTION_NOT_ALLOWED");
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §26: a visit is planned, made and closed; one that is open ends with the term") {
  Course at;
  const Subject s = at.Active();
  constexpr char kVisitHome[] = R"({"kind": "01", "place": "安恬村", "plannedOn": "2024-09-10"})";
  CHECK(ReasonOf(at.TryMake<Visit>("PlanVisit", at.Notice(), kVisitHome, at.office).status()) == "SUBJECT_NOT_IN_CORRECTION");
  auto visit = at.Make<Visit>("PlanVisit", s, kVisitHome, at.office);
  const auto open = at.Make<Visit>("PlanVisit", s, kVisitHome, at.office);
  at.GoTo("2024-09-10");
  visit = at.Do("AttendVisit", visit, R"({"visitors": ["王芳"], "met": "赵母", "findings": "在家务农"})", at.office);
  CHECK(visit.attended_on() == "2024-09-10");
  visit = at.Do("CloseVisit", visit, R"({"note": "无异常"})", at.office);
  CHECK(at.Refusal("AttendVisit", visit, R"({"visitors": ["王芳"], "met": "赵母", "findings": "在家"})", at.office) ==
        "ACTION_NOT_ALLOWED");
  at.Do("RecordSubjectDeath", s, R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.Now(open).state() == Visit::CLOSED);
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
