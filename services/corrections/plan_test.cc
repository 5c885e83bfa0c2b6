// 矫正方案: one at a time, of his class, every version kept (社区矫正法 §24; 实施办法 §22).
#include "services/corrections/plan.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

Plan OfClass(const char* management_class) {
  Plan plan;
  plan.mutable_content()->set_management_class(management_class);
  return plan;
}

Subject Classified(const char* management_class) {
  Subject s = Probationer();
  s.set_management_class(management_class);
  return s;
}

constexpr char kContent[] =
    R"({"goals": "守法自食其力", "measures": "每周报告", "managementClass": "%s", "education": "法治教育", "help": "就业指导"})";

std::string Content(const char* management_class) { return absl::StrReplaceAll(kContent, {{"%s", management_class}}); }

}  // namespace

TEST_CASE("社区矫正法 §24: one open plan a person, who has been received") {
  Plan plan = OfClass("04");
  CHECK(Do(kPlanProcedure, plan, Plan::DRAFT, On("2024-09-12", Probationer(Subject::NOTICED))) == "SUBJECT_NOT_IN_CORRECTION");
  for (const Plan::State open : {Plan::DRAFTED, Plan::IN_FORCE}) {
    Plan other = OfClass("04");
    other.set_state(open);
    CHECK(Do(kPlanProcedure, plan, Plan::DRAFT, On("2024-09-12", Probationer(), other)) == "PLAN_OPEN");
  }
  Plan closed = OfClass("04");
  closed.set_state(Plan::CLOSED);
  CHECK(Do(kPlanProcedure, plan, Plan::DRAFT, On("2024-09-12", Probationer(), closed)) == "");
}

TEST_CASE("实施办法 §22: a plan is approved for the class that he has, once, and not amended before or after") {
  Plan plan = OfClass("04");
  REQUIRE(Do(kPlanProcedure, plan, Plan::DRAFT, On("2024-09-12")) == "");
  CHECK(Do(kPlanProcedure, plan, Plan::AMEND, On("2024-09-12", Classified("04"))) == "ACTION_NOT_ALLOWED");
  CHECK(Do(kPlanProcedure, plan, Plan::APPROVE, On("2024-09-12")) == "PLAN_CLASS_DIFFERS");
  CHECK(Do(kPlanProcedure, plan, Plan::APPROVE, On("2024-09-12", Classified("03"))) == "PLAN_CLASS_DIFFERS");
  CHECK(Do(kPlanProcedure, plan, Plan::APPROVE, On("2024-09-12", Classified("04"))) == "");
  CHECK(Do(kPlanProcedure, plan, Plan::APPROVE, On("2024-09-12", Classified("04"))) == "ACTION_NOT_ALLOWED");
  CHECK(Do(kPlanProcedure, plan, Plan::AMEND, On("2024-10-12", Classified("02"))) == "PLAN_CLASS_DIFFERS");
  REQUIRE(Do(kPlanProcedure, plan, Plan::CLOSE, On("2024-10-13")) == "");
  CHECK(Do(kPlanProcedure, plan, Plan::AMEND, On("2024-10-14", Classified("04"))) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("every version of a plan is kept, with its day, what changed, and how often he reports; it ends with the term") {
  Course at;
  at.backend.parameters = {{"corrections.report_days", 30}, {"corrections.report_days_04", 7}};
  Subject s = at.Active();
  s = at.Do("ClassifySubject", s, R"({"managementClass": "04"})", at.county);
  Plan plan = at.Make<Plan>("DraftPlan", s, absl::StrCat(R"({"content": )", Content("04"), "}"), at.office);
  CHECK(at.TryMake<Plan>("DraftPlan", s, absl::StrCat(R"({"content": )", Content("04"), "}"), at.office).status().code() ==
        absl::StatusCode::kFailedPrecondition);
  CHECK(at.Refusal("ApprovePlan", plan, "{}", at.office) != "");
  plan = at.Do("ApprovePlan", plan, "{}", at.county);
  CHECK(plan.report_days() == 7);
  at.GoTo("2024-09-20");
  s = at.Do("ClassifySubject", at.Now(s), R"({"managementClass": "02"})", at.county);
  plan =
      at.Do("AmendPlan", plan, absl::StrCat(R"({"changed": "管理类别调整为宽松级", "content": )", Content("02"), "}"), at.county);
  REQUIRE(plan.versions_size() == 2);
  CHECK(plan.versions(0).on() == "2024-09-02");
  CHECK(plan.versions(0).content().management_class() == "04");
  CHECK(plan.versions(1).on() == "2024-09-20");
  CHECK(plan.versions(1).changed() == "管理类别调整为宽松级");
  CHECK(plan.versions(1).report_days() == 30);
  at.Do("RecordSubjectDeath", s, R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.Now(plan).state() == Plan::CLOSED);
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
