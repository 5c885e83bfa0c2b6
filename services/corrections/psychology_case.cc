#include "services/corrections/psychology_case.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/corrections/own_data.h"
#include "services/corrections/plan.h"
#include "services/corrections/psychology_answers.h"
#include "services/corrections/record.h"

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
constexpr procedure::Law kCcl40 = Ccl("40");

constexpr procedure::States kOpen = {PsychologyCase::OPENED, PsychologyCase::ASSESSED, PsychologyCase::WARNED,
                                     PsychologyCase::INTERVENED};

absl::CivilDay OpenedOn(const PsychologyCase& c) { return DayIn(c.opened_on()); }
absl::CivilDay ReviewFrom(const PsychologyCase& c) { return DayIn(c.review_from()); }
// Nothing yet, or nothing but a result that says nothing.
bool StillToAssess(const PsychologyCase& c) { return c.assessments().empty() || !c.assessments().rbegin()->valid(); }
bool PlanDue(const PsychologyCase& c) { return c.plan_due(); }
bool WarningDue(const PsychologyCase& c) { return c.warning_due(); }
bool ReviewCounts(const PsychologyCase& c) { return c.review_due() && !c.review_from().empty(); }

const Guard<PsychologyCase> kOneAtATime = {
    .rule = "心理",
    .reason = "PSYCHOLOGY_CASE_OPEN",
    .text = "该对象的心理测评、干预正在进行，不能重复启动",
    .law = kCcl24,
    .holds = [](const PsychologyCase&, const Facts& facts) { return NoneOpen<PsychologyCase>(facts, kPsychologyCaseProcedure); },
    .of_others = true};
const Guard<PsychologyCase> kPlanAskedFor = {"心理", "PLAN_CHANGE_NOT_DUE", "测评结果没有要求调整矫正方案，或者已经调整", kCcl24,
                                             [](const PsychologyCase& c, const Facts&) { return c.plan_due(); }};
const Plan* PlanInForce(const Facts& facts) {
  for (const Plan* plan : facts.All<Plan>()) {
    if (plan->state() == Plan::IN_FORCE) return plan;
  }
  return nullptr;
}
const Guard<PsychologyCase> kHasPlan = {
    .rule = "心理",
    .reason = "PLAN_MISSING",
    .text = "该对象没有执行中的矫正方案，应当先制定方案",
    .law = kCcl24,
    .holds = [](const PsychologyCase&, const Facts& facts) { return PlanInForce(facts) != nullptr; },
    .of_others = true};
const Guard<PsychologyCase> kPlanAmended = {"心理", "PLAN_NOT_AMENDED", "测评结果要求调整矫正方案，尚未调整", kCcl24,
                                            [](const PsychologyCase& c, const Facts&) { return !c.plan_due(); }};
const Guard<PsychologyCase> kWarningGiven = {"心理", "WARNING_NOT_GIVEN", "测评结果要求向司法所预警，尚未预警", kCcl40,
                                             [](const PsychologyCase& c, const Facts&) { return !c.warning_due(); }};
const Guard<PsychologyCase> kReviewAskedFor = {"心理", "REVIEW_NOT_DUE", "测评结果没有要求复测，应当结束", kCcl40,
                                               [](const PsychologyCase& c, const Facts&) { return c.review_due(); }};
const Guard<PsychologyCase> kReviewed = {"心理", "REVIEW_NOT_DONE", "调整方案、干预以后应当复测，尚未复测", kCcl40,
                                         [](const PsychologyCase& c, const Facts&) { return !c.review_due(); }};

absl::StatusOr<PsychologyCase> NewCase(const v1::OpenPsychologyCaseRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(auto c, NewRecord<PsychologyCase>(r.subject(), act));
  c.set_grounds(r.grounds());
  c.set_opened_on(act.occurred_on());
  return c;
}

// The answers in the order of the items.
absl::StatusOr<std::vector<int>> Choices(const Scale& scale, const google::protobuf::RepeatedPtrField<v1::GivenAnswer>& given) {
  std::vector<int> choices(scale.items.size(), kNoAnswer);
  for (const v1::GivenAnswer& answer : given) {
    if (answer.item() < 1 || answer.item() > static_cast<int>(scale.items.size()))
      return InvalidField("answers", "ITEM_UNKNOWN", absl::StrCat("该量表没有第", answer.item(), "题"));
    int& choice = choices[answer.item() - 1];
    if (choice != kNoAnswer) return InvalidField("answers", "ITEM_TWICE", absl::StrCat("第", answer.item(), "题重复作答"));
    const auto found = std::find_if(scale.answers.begin(), scale.answers.end(),
                                    [&](const ScaleAnswer& possible) { return possible.code == answer.answer(); });
    if (found == scale.answers.end())
      return InvalidField("answers", "ANSWER_UNKNOWN", absl::StrCat("第", answer.item(), "题的回答不在可选回答之内"));
    choice = static_cast<int>(found - scale.answers.begin());
  }
  return choices;
}

absl::StatusOr<std::string> KeepAnswers(const PsychologyCase& c, const Scale& scale, const std::vector<int>& choices,
                                        const Scored& scored, const Act& act) {
  ASSIGN_OR_RETURN(const Subject s, act.LoadUnchecked<Subject>(c.subject()));
  auto kept = RecordOf<PsychologyAnswers>(s);
  kept.set_psychology_case(c.id());
  kept.set_on(act.occurred_on());
  kept.set_scale(scale.code);
  kept.set_scale_version(scale.version);
  kept.set_score(absl::StrCat(scored.score));
  kept.set_missing(scored.missing);
  kept.set_lies(scored.lies);
  kept.set_valid(scored.valid);
  if (scored.valid) kept.set_level(scored.level->level);
  for (size_t i = 0; i < choices.size(); ++i) {
    v1::PsychologyAnswer* answer = kept.add_answers();
    answer->set_item(static_cast<int>(i) + 1);
    answer->set_text(scale.items[i].text);
    if (choices[i] != kNoAnswer) answer->set_answer(scale.answers[choices[i]].label);
  }
  ASSIGN_OR_RETURN(const auto opened, act.Open<PsychologyAnswers>(PsychologyAnswers::RECORD, std::move(kept)));
  return opened.id();
}

absl::Status AssessBy(PsychologyCase& c, const std::string& code,
                      const google::protobuf::RepeatedPtrField<v1::GivenAnswer>& given, bool retest, const Act& act) {
  const Scale* scale = DataOf(act.backend()).scales.Find(code, act.occurred_on());
  if (scale == nullptr) return InvalidField("scale", "SCALE_UNKNOWN", "没有这种量表，或者当日尚未启用");
  ASSIGN_OR_RETURN(const std::vector<int> choices, Choices(*scale, given));
  const Scored scored = Score(*scale, choices);
  ASSIGN_OR_RETURN(const std::string answers, KeepAnswers(c, *scale, choices, scored, act));
  v1::PsychologyAssessment* assessment = c.add_assessments();
  assessment->set_on(act.occurred_on());
  assessment->set_scale(scale->code);
  assessment->set_scale_version(scale->version);
  assessment->set_scale_name(scale->name);
  assessment->set_valid(scored.valid);
  assessment->set_answers(answers);
  assessment->set_retest(retest);
  if (!scored.valid) return absl::OkStatus();
  assessment->set_level(scored.level->level);
  c.set_level(scored.level->level);
  c.set_assessed_on(act.occurred_on());
  c.set_plan_due(scored.level->amend_plan);
  c.set_warning_due(scored.level->warn);
  c.set_review_due(scored.level->amend_plan || scored.level->warn);
  // After a warning the time to the re-test runs from the intervention.
  c.set_review_from(c.review_due() && !c.warning_due() ? act.occurred_on() : "");
  return absl::OkStatus();
}

absl::Status Assess(PsychologyCase& c, const v1::AssessPsychologyCaseRequest& r, const Act& act) {
  return AssessBy(c, r.scale(), r.answers(), false, act);
}

absl::Status Review(PsychologyCase& c, const v1::ReviewPsychologyCaseRequest& r, const Act& act) {
  return AssessBy(c, r.scale(), r.answers(), true, act);
}

absl::Status Warn(PsychologyCase& c, const v1::WarnPsychologyCaseRequest& r, const Act& act) {
  c.set_warning_due(false);
  c.set_review_due(true);
  c.set_review_from("");
  c.set_warned_on(act.occurred_on());
  c.set_warning(r.warning());
  return absl::OkStatus();
}

absl::Status Intervene(PsychologyCase& c, const v1::InterveneInPsychologyCaseRequest& r, const Act& act) {
  v1::PsychologyIntervention* intervention = c.add_interventions();
  intervention->set_on(act.occurred_on());
  intervention->set_manner(r.manner());
  intervention->set_by(r.by());
  intervention->set_result(r.result());
  intervention->set_after(c.assessments_size());
  // More of it does not put the re-test off.
  if (c.review_from().empty()) c.set_review_from(act.occurred_on());
  return absl::OkStatus();
}

absl::Status AmendPlan(PsychologyCase& c, const v1::AmendPlanForPsychologyCaseRequest& r, const Act& act) {
  const Plan* in_force = PlanInForce(act.facts());
  const auto amend = [&](Plan& plan) { return AmendTo(plan, r.content(), r.changed(), act); };
  RETURN_IF_ERROR(act.ActOn<Plan>(Plan::AMEND, in_force->id(), amend).status());
  c.set_plan_due(false);
  c.set_plan(in_force->id());
  c.set_plan_amended_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Close(PsychologyCase& c, const v1::ClosePsychologyCaseRequest& r, const Act& act) {
  c.set_closed_on(act.occurred_on());
  c.set_close_reason(r.reason());
  return absl::OkStatus();
}

using Start = procedure::Start<PsychologyCase>;
constexpr Start kAssessBy = {.clock = PsychologyCase::ASSESS_BY,
                             .period = calendar::Days("CCL", 30),
                             .article = "24",
                             .from = OpenedOn,
                             .when = StillToAssess,
                             .parameter = "corrections.psychology_assess_days"};
constexpr Start kAmendBy = {.clock = PsychologyCase::AMEND_BY,
                            .period = calendar::WorkingDays("CCL", 10),
                            .article = "24",
                            .when = PlanDue,
                            .parameter = "corrections.psychology_amend_days"};
constexpr Start kWarnBy = {.clock = PsychologyCase::WARN_BY,
                           .period = calendar::WorkingDays("CCL", 2),
                           .article = "40",
                           .when = WarningDue,
                           .parameter = "corrections.psychology_warn_days"};
constexpr Start kInterveneBy = {.clock = PsychologyCase::INTERVENE_BY,
                                .period = calendar::WorkingDays("CCL", 5),
                                .article = "40",
                                .parameter = "corrections.psychology_intervene_days"};
constexpr Start kReviewBy = {.clock = PsychologyCase::REVIEW_BY,
                             .period = calendar::Days("CCL", 90),
                             .article = "40",
                             .from = ReviewFrom,
                             .when = ReviewCounts,
                             .parameter = "corrections.psychology_review_days"};

// The law asks for psychological help and sets no days: all limits are a region's to set (data/parameters.csv). A result that is
// not valid changes nothing: he is still to be assessed, by the day that was set.
const Row<PsychologyCase> kRows[] = {
    {.act = PsychologyCase::OPEN,
     .from = {PsychologyCase::STATE_UNSPECIFIED},
     .to = PsychologyCase::OPENED,
     .create = Create<NewCase>,
     .checks = {&kInCorrection<PsychologyCase>, &kOneAtATime},
     .starts = {kAssessBy},
     .law = kCcl24},
    {.act = PsychologyCase::ASSESS,
     .from = {PsychologyCase::OPENED},
     .to = PsychologyCase::ASSESSED,
     .fork = {PsychologyCase::OPENED, StillToAssess},
     .apply = Apply<Assess>,
     .starts = {kAssessBy, kAmendBy, kWarnBy, kReviewBy},
     .stops = {PsychologyCase::ASSESS_BY},
     .law = kCcl24},
    // The counsellor may warn of what no level asked for.
    {.act = PsychologyCase::WARN,
     .from = {PsychologyCase::ASSESSED},
     .to = PsychologyCase::WARNED,
     .apply = Apply<Warn>,
     .starts = {kInterveneBy},
     .stops = {PsychologyCase::WARN_BY, PsychologyCase::REVIEW_BY},
     .papers = {PsychologyCase::WARNING},
     .law = kCcl40},
    {.act = PsychologyCase::INTERVENE,
     .from = {PsychologyCase::WARNED, PsychologyCase::INTERVENED},
     .to = PsychologyCase::INTERVENED,
     .apply = Apply<Intervene>,
     .starts = {kReviewBy},
     .stops = {PsychologyCase::INTERVENE_BY},
     .papers = {PsychologyCase::RECORD},
     .law = kCcl40},
    {.act = PsychologyCase::AMEND_PLAN,
     .from = {PsychologyCase::ASSESSED, PsychologyCase::WARNED, PsychologyCase::INTERVENED},
     .aside = true,
     .level = Level::kCounty,
     .guards = {&kPlanAskedFor, &kHasPlan},
     .apply = Apply<AmendPlan>,
     .stops = {PsychologyCase::AMEND_BY},
     .law = kCcl24},
    {.act = PsychologyCase::REVIEW,
     .from = {PsychologyCase::ASSESSED, PsychologyCase::INTERVENED},
     .to = PsychologyCase::ASSESSED,
     .fork = {procedure::kSameState, StillToAssess},
     .guards = {&kReviewAskedFor, &kPlanAmended, &kWarningGiven},
     .apply = Apply<Review>,
     .starts = {kAmendBy, kWarnBy, kReviewBy},
     .stops = {PsychologyCase::REVIEW_BY},
     .law = kCcl40},
    {.act = PsychologyCase::CLOSE,
     .from = {PsychologyCase::OPENED, PsychologyCase::ASSESSED, PsychologyCase::INTERVENED},
     .to = PsychologyCase::CLOSED,
     .guards = {&kPlanAmended, &kWarningGiven, &kReviewed},
     .apply = Apply<Close>,
     .stops = {PsychologyCase::ASSESS_BY},
     .law = kCcl40},
    {.act = PsychologyCase::LAPSE,
     .from = kOpen,
     .to = PsychologyCase::CLOSED,
     .indirect = true,
     .aside = true,
     .stops = {PsychologyCase::ASSESS_BY, PsychologyCase::AMEND_BY, PsychologyCase::WARN_BY, PsychologyCase::INTERVENE_BY,
               PsychologyCase::REVIEW_BY},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {
    {.clock = PsychologyCase::ASSESS_BY, .warn_days = 7},  {.clock = PsychologyCase::AMEND_BY, .warn_days = 3},
    {.clock = PsychologyCase::WARN_BY, .warn_days = 1},    {.clock = PsychologyCase::INTERVENE_BY, .warn_days = 2},
    {.clock = PsychologyCase::REVIEW_BY, .warn_days = 15},
};

casework::Index IndexOf(const PsychologyCase& c) {
  casework::Index index = IndexOfRecord(c, c.opened_on());
  index.terms.push_back({"level", PsychologyCase::Level_Name(c.level())});
  return index;
}

std::optional<casework::Numbering> NumberingOf(const PsychologyCase& c, absl::CivilDay act_day) {
  return CountyNumbering(c, act_day, "矫心");
}

absl::StatusOr<v1::ListScalesResponse> ListScales(const casework::Backend& backend, rpc::Call& call,
                                                  const v1::ListScalesRequest& r) {
  v1::ListScalesResponse response;
  for (const Scale* scale : DataOf(backend).scales.On(r.day().empty() ? FormatDay(call.today()) : r.day())) {
    v1::Scale* told = response.add_scales();
    told->set_scale(scale->code);
    told->set_version(scale->version);
    told->set_name(scale->name);
    for (const ScaleItem& item : scale->items) told->add_items(item.text);
    for (const ScaleAnswer& possible : scale->answers) {
      v1::ScaleAnswer* answer = told->add_answers();
      answer->set_answer(possible.code);
      answer->set_label(possible.label);
    }
  }
  return response;
}

}  // namespace

const procedure::Procedure<PsychologyCase> kPsychologyCaseProcedure = {
    .name = "心理",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {PsychologyCase::CLOSED, PsychologyCase::VOIDED},
    .states = PsychologyCase::State_descriptor,
    .acts = PsychologyCase::Act_descriptor,
    .clock_kinds = PsychologyCase::Limit_descriptor,
    .papers = PsychologyCase::Document_descriptor,
};

const casework::Definition<PsychologyCase> kPsychologyCase = {
    .procedure = &kPsychologyCaseProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListPsychologyCasesRequest>>,
    .references = {OfSubject(PsychologyCase::LAPSE)},
    .looks_at = {"Plan", "PsychologyCase"},
    .sealed = OfMinor<PsychologyCase>,
    .handlers = [](casework::Service& service,
                   rpc::DescribedService& methods) { methods.On("ListScales", service.backend(), &ListScales); },
};

}  // namespace sifa::corrections
