#include "services/corrections/plan.h"

#include <algorithm>

#include "services/corrections/record.h"
#include "services/corrections/reporting.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcl24 = Ccl("24");
constexpr procedure::Law kCcm22 = Ccm("22");

bool IsOpen(const Plan& plan) { return plan.state() == Plan::DRAFTED || plan.state() == Plan::IN_FORCE; }

const Guard<Plan> kOneAtATime = {.rule = "矫正方案",
                                 .reason = "PLAN_OPEN",
                                 .text = "该对象已有待批准或者执行中的矫正方案，请调整原方案或者先予结束",
                                 .law = kCcl24,
                                 .holds =
                                     [](const Plan&, const Facts& facts) {
                                       const auto others = facts.All<Plan>();
                                       return std::none_of(others.begin(), others.end(),
                                                           [](const auto* p) { return IsOpen(*p); });
                                     },
                                 .of_others = true};
// What he is told to do follows his class, so the county gives him that first.
const Guard<Plan> kOfHisClass = {.rule = "矫正方案",
                                 .reason = "PLAN_CLASS_DIFFERS",
                                 .text = "方案的管理类别与该对象的管理类别不一致，请先确定其管理类别",
                                 .law = kCcm22,
                                 .holds =
                                     [](const Plan& plan, const Facts& facts) {
                                       const auto* s = facts.One<Subject>();
                                       return s != nullptr && s->management_class() == plan.content().management_class();
                                     },
                                 .of_others = true};

absl::StatusOr<Plan> NewPlan(const v1::DraftPlanRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(Plan plan, NewRecord<Plan>(r.subject(), act));
  *plan.mutable_content() = r.content();
  plan.set_drafted_on(act.occurred_on());
  return plan;
}

absl::Status Enforce(Plan& plan, const std::string& changed, const Act& act) {
  ASSIGN_OR_RETURN(const Subject s, act.LoadUnchecked<Subject>(plan.subject()));
  plan.set_report_days(ReportDays(s, act.facts()));
  v1::PlanVersion* version = plan.add_versions();
  version->set_on(act.occurred_on());
  version->set_changed(changed);
  *version->mutable_content() = plan.content();
  version->set_report_days(plan.report_days());
  return absl::OkStatus();
}

absl::Status Approve(Plan& plan, const v1::ApprovePlanRequest&, const Act& act) {
  plan.set_approved_on(act.occurred_on());
  return Enforce(plan, "", act);
}

absl::Status Amend(Plan& plan, const v1::AmendPlanRequest& r, const Act& act) {
  return AmendTo(plan, r.content(), r.changed(), act);
}

absl::Status Close(Plan& plan, const v1::ClosePlanRequest& r, const Act& act) {
  plan.set_closed_on(act.occurred_on());
  plan.set_close_reason(r.reason());
  return absl::OkStatus();
}

const Row<Plan> kRows[] = {
    {.act = Plan::DRAFT,
     .from = {Plan::STATE_UNSPECIFIED},
     .to = Plan::DRAFTED,
     .create = Create<NewPlan>,
     .checks = {&kInCorrection<Plan>, &kOneAtATime},
     .law = kCcl24},
    {.act = Plan::APPROVE,
     .from = {Plan::DRAFTED},
     .to = Plan::IN_FORCE,
     .level = Level::kCounty,
     .guards = {&kOfHisClass},
     .apply = Apply<Approve>,
     .papers = {Plan::PLAN},
     .law = kCcm22},
    {.act = Plan::AMEND,
     .from = {Plan::IN_FORCE},
     .level = Level::kCounty,
     .apply = Apply<Amend>,
     .checks = {&kOfHisClass},
     .papers = {Plan::ADJUSTMENT},
     .law = kCcl24},
    {.act = Plan::CLOSE,
     .from = {Plan::DRAFTED, Plan::IN_FORCE},
     .to = Plan::CLOSED,
     .level = Level::kCounty,
     .apply = Apply<Close>,
     .law = kCcm22},
    {.act = Plan::LAPSE,
     .from = {Plan::DRAFTED, Plan::IN_FORCE},
     .to = Plan::CLOSED,
     .indirect = true,
     .aside = true,
     .law = Ccl("45")},
};

casework::Index IndexOf(const Plan& plan) { return IndexOfRecord(plan, plan.drafted_on()); }

std::optional<casework::Numbering> NumberingOf(const Plan& plan, absl::CivilDay act_day) {
  return CountyNumbering(plan, act_day, "矫案");
}

}  // namespace

absl::Status AmendTo(Plan& plan, const v1::PlanContent& content, const std::string& changed, const Act& act) {
  *plan.mutable_content() = content;
  return Enforce(plan, changed, act);
}

const procedure::Procedure<Plan> kPlanProcedure = {
    .name = "矫正方案",
    .rows = kRows,
    .clocks = {},
    .terminal = {Plan::CLOSED, Plan::VOIDED},
    .states = Plan::State_descriptor,
    .acts = Plan::Act_descriptor,
    .clock_kinds = Plan::Limit_descriptor,
    .papers = Plan::Document_descriptor,
};

const casework::Definition<Plan> kPlan = {
    .procedure = &kPlanProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListPlansRequest>>,
    .has_files = true,
    .references = {OfSubject(Plan::LAPSE)},
    .looks_at = {"Plan"},
    .further = ForPerson<Plan>,
    .sealed = OfMinor<Plan>,
};

}  // namespace sifa::corrections
