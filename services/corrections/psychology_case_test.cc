// 心理 (mission 4): what a level asks for is done in its time and order before the case is closed; answers are kept apart.
#include "services/corrections/psychology_case.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/plan.h"
#include "services/corrections/psychology_answers.h"
#include "services/corrections/record.h"
#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

using C = PsychologyCase;

std::string Act(C& c, C::Act act, const procedure::Facts& facts, const std::function<absl::Status(C&)>& change = {}) {
  return Do(kPsychologyCaseProcedure, c, act, facts, change);
}

// As an assessment leaves it.
auto Result(const char* day, bool valid, bool plan, bool warn) {
  return [=](C& c) {
    c.add_assessments()->set_valid(valid);
    if (!valid) return absl::OkStatus();
    c.set_plan_due(plan);
    c.set_warning_due(warn);
    c.set_review_due(plan || warn);
    c.set_review_from(c.review_due() && !warn ? day : "");
    return absl::OkStatus();
  };
}

std::string Due(const C& c, C::Limit limit) {
  const auto* clock = procedure::FindClock(c.clocks(), C::Limit_Name(limit));
  return clock == nullptr || clock->state() == casework::v1::Clock::STOPPED ? "" : clock->due_on();
}

C Opened(const char* day = "2024-09-02") {
  C c;
  c.set_opened_on(day);
  REQUIRE(Act(c, C::OPEN, On(day)) == "");
  return c;
}

}  // namespace

TEST_CASE("社区矫正法 §24: one case at a time, to be assessed within thirty days") {
  C c = Opened();
  CHECK(Due(c, C::ASSESS_BY) == "2024-10-08");  // the thirtieth day is in the holidays of October
  C other;
  CHECK(Act(other, C::OPEN, On("2024-09-02", Probationer(), c)) == "PSYCHOLOGY_CASE_OPEN");
  CHECK(Act(other, C::OPEN, On("2024-09-02", Probationer(Subject::NOTICED))) == "SUBJECT_NOT_IN_CORRECTION");
}

TEST_CASE("mission 4: a result that is not valid leaves him to be assessed, by the same day") {
  C c = Opened();
  REQUIRE(Act(c, C::ASSESS, On("2024-09-10"), Result("2024-09-10", false, false, false)) == "");
  CHECK(c.state() == C::OPENED);
  CHECK(Due(c, C::ASSESS_BY) == "2024-10-08");
  REQUIRE(Act(c, C::ASSESS, On("2024-09-11"), Result("2024-09-11", true, false, false)) == "");
  CHECK(c.state() == C::ASSESSED);
  CHECK(Due(c, C::ASSESS_BY) == "");
  CHECK(Act(c, C::REVIEW, On("2024-09-12")) == "REVIEW_NOT_DUE");
  CHECK(Act(c, C::CLOSE, On("2024-09-12")) == "");
}

TEST_CASE("mission 4: a moderate level asks for another plan and a re-test after ninety days") {
  C c = Opened();
  REQUIRE(Act(c, C::ASSESS, On("2024-09-10"), Result("2024-09-10", true, true, false)) == "");
  CHECK(Due(c, C::AMEND_BY) == "2024-09-25");  // ten working days over the mid-autumn holidays and their make-up day
  CHECK(Due(c, C::REVIEW_BY) == "2024-12-09");
  CHECK(Due(c, C::WARN_BY) == "");
  CHECK(Act(c, C::CLOSE, On("2024-09-12")) == "PLAN_NOT_AMENDED");
  CHECK(Act(c, C::REVIEW, On("2024-09-12")) == "PLAN_NOT_AMENDED");
  CHECK(Act(c, C::AMEND_PLAN, On("2024-09-12")) == "PLAN_MISSING");
  Plan plan;
  plan.set_state(Plan::IN_FORCE);
  const auto amended = [](C& amended) {
    amended.set_plan_due(false);
    return absl::OkStatus();
  };
  REQUIRE(Act(c, C::AMEND_PLAN, On("2024-09-12", Probationer(), plan), amended) == "");
  CHECK(Due(c, C::AMEND_BY) == "");
  CHECK(Act(c, C::AMEND_PLAN, On("2024-09-13", Probationer(), plan)) == "PLAN_CHANGE_NOT_DUE");
  CHECK(Act(c, C::CLOSE, On("2024-09-13")) == "REVIEW_NOT_DONE");
  REQUIRE(Act(c, C::REVIEW, On("2024-12-02"), Result("2024-12-02", true, false, false)) == "");
  CHECK(Due(c, C::REVIEW_BY) == "");
  CHECK(Act(c, C::CLOSE, On("2024-12-02")) == "");
}

TEST_CASE("社区矫正法 §40: a warning in two working days, help in five, a re-test ninety days after it") {
  C c = Opened();
  REQUIRE(Act(c, C::ASSESS, On("2024-09-04"), Result("2024-09-04", true, false, true)) == "");
  CHECK(Due(c, C::WARN_BY) == "2024-09-06");
  CHECK(Due(c, C::REVIEW_BY) == "");
  CHECK(Act(c, C::REVIEW, On("2024-09-05")) == "WARNING_NOT_GIVEN");
  CHECK(Act(c, C::CLOSE, On("2024-09-05")) == "WARNING_NOT_GIVEN");
  CHECK(Act(c, C::INTERVENE, On("2024-09-05")) == "ACTION_NOT_ALLOWED");
  const auto warned = [](C& told) {
    told.set_warning_due(false);
    return absl::OkStatus();
  };
  REQUIRE(Act(c, C::WARN, On("2024-09-05"), warned) == "");
  CHECK(Due(c, C::WARN_BY) == "");
  CHECK(Due(c, C::INTERVENE_BY) == "2024-09-12");
  const auto helped = [](C& helped) {
    if (helped.review_from().empty()) helped.set_review_from("2024-09-09");
    return absl::OkStatus();
  };
  REQUIRE(Act(c, C::INTERVENE, On("2024-09-09"), helped) == "");
  CHECK(Due(c, C::INTERVENE_BY) == "");
  CHECK(Due(c, C::REVIEW_BY) == "2024-12-09");  // the ninetieth day is a Sunday
  REQUIRE(Act(c, C::INTERVENE, On("2024-10-20"), helped) == "");
  CHECK(Due(c, C::REVIEW_BY) == "2024-12-09");  // more help does not put it off
  CHECK(Act(c, C::CLOSE, On("2024-10-20")) == "REVIEW_NOT_DONE");
  REQUIRE(Act(c, C::REVIEW, On("2024-11-01"), Result("2024-11-01", false, false, false)) == "");
  CHECK(c.state() == C::INTERVENED);
  CHECK(Due(c, C::REVIEW_BY) == "2024-12-09");
  REQUIRE(Act(c, C::REVIEW, On("2024-11-02"), Result("2024-11-02", true, false, true)) == "");
  CHECK(c.state() == C::ASSESSED);
  CHECK(Due(c, C::WARN_BY) == "2024-11-05");
  CHECK(Due(c, C::REVIEW_BY) == "");
}

namespace {

// All items of the mood scale by one answer to the plain ones and one to the others.
std::string Answers(const char* plain, const char* others, int count = 15) {
  std::string items;
  for (int i = 1; i <= count; ++i)
    absl::StrAppend(&items, items.empty() ? "" : ",", R"({"item": )", i, R"(, "answer": ")", i <= 10 ? plain : others, "\"}");
  return absl::StrCat(R"({"scale": "mood", "answers": [)", items, "]}");
}

constexpr char kContent[] =
    R"("content": {"goals": "稳定情绪", "measures": "每半月走访", "managementClass": "03", "education": "心理辅导"})";

}  // namespace

TEST_CASE("mission 4: assessed, plan amended, warned, helped, assessed again, closed; the answers are the counsellor's") {
  Course at;
  const auto counsellor = testing::ClaimsOf(
      "01MIND", "lin.yue", {testing::GrantOf("psychological_counsellor", "330783", "/33/3307/330783/", 3, true)});
  Subject s = at.Active();
  s = at.Do("ClassifySubject", s, R"({"managementClass": "03"})", at.county);
  Plan plan = at.Make<Plan>("DraftPlan", s, absl::StrCat("{", kContent, "}"), at.office);
  plan = at.Do("ApprovePlan", plan, "{}", at.county);
  C c = at.Make<C>("OpenPsychologyCase", s, R"({"grounds": "家中变故，情绪低落"})", at.office);
  CHECK(at.Refusal<C>("AssessPsychologyCase", c, Answers("4", "1"), at.office) != "");
  CHECK(at.Refusal<C>("AssessPsychologyCase", c, R"({"scale": "none", "answers": [{"item": 1, "answer": "1"}]})", counsellor) ==
        "SCALE_UNKNOWN");
  CHECK(at.Refusal<C>("AssessPsychologyCase", c, Answers("5", "1"), counsellor) == "ANSWER_UNKNOWN");
  CHECK(at.Refusal<C>("AssessPsychologyCase", c, Answers("4", "1", 16), counsellor) == "ITEM_UNKNOWN");
  c = at.Do("AssessPsychologyCase", c, Answers("4", "4"), counsellor);  // no lie is told by a saint
  CHECK(c.state() == C::OPENED);
  CHECK(c.level() == C::LEVEL_UNSPECIFIED);
  c = at.Do("AssessPsychologyCase", c, Answers("4", "1"), counsellor);
  CHECK(c.state() == C::ASSESSED);
  CHECK(c.level() == C::SEVERE);
  CHECK(c.assessments_size() == 2);

  const auto answers = at.Of<PsychologyAnswers>(s);
  REQUIRE(answers.size() == 2);
  CHECK(answers[1].score() == "36");
  CHECK(answers[1].answers(0).answer() == "几乎每天");
  CHECK_FALSE(at.Sees(answers[1], at.office));
  CHECK_FALSE(at.Sees(answers[1], at.head));
  CHECK(at.Sees(answers[1], counsellor));
  CHECK(c.ShortDebugString().find("几乎每天") == std::string::npos);

  CHECK(at.Refusal<C>("AmendPlanForPsychologyCase", c, absl::StrCat(R"({"changed": "心理测评", )", kContent, "}"), at.office) !=
        "");
  c = at.Do("AmendPlanForPsychologyCase", c, absl::StrCat(R"({"changed": "心理测评", )", kContent, "}"), at.county);
  CHECK(at.Now(plan).versions_size() == 2);
  CHECK(at.Now(plan).versions(1).changed() == "心理测评");
  c = at.Do("WarnPsychologyCase", c, R"({"warning": "近期情绪低落，请多走访"})", counsellor);
  c = at.Do("InterveneInPsychologyCase", c, R"({"manner": "COUNSELLING", "by": "林悦", "result": "愿意配合"})", at.office);
  at.GoTo("2024-12-01");
  c = at.Now(c);
  CHECK(at.Refusal<C>("ClosePsychologyCase", c, R"({"reason": "好转"})", counsellor) == "REVIEW_NOT_DONE");
  c = at.Do("ReviewPsychologyCase", c, Answers("1", "2"), counsellor);
  CHECK(c.level() == C::NONE);
  c = at.Do("ClosePsychologyCase", c, R"({"reason": "好转"})", counsellor);
  CHECK(c.state() == C::CLOSED);
  CHECK(at.Findings().empty());
}

TEST_CASE("mission 4: an open case ends with the term") {
  Course at;
  const Subject s = at.Active();
  const C c = at.Make<C>("OpenPsychologyCase", s, R"({"grounds": "家中变故"})", at.office);
  at.Do("RecordSubjectDeath", s, R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.Now(c).state() == C::CLOSED);
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
