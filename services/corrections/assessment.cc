#include "services/corrections/assessment.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/casework/place.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "services/corrections/laws.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Law;
using procedure::Level;
using procedure::Row;

constexpr Law kAssessed = Ccl("18");
constexpr Law kReceived = Ccm("13");
constexpr Law kInquiry = Ccm("14");

// What §14 has an inquiry record, and how the clerk knows it.
struct Kind {
  absl::string_view label;
  const std::string& (v1::Finding::*text)() const;
};
constexpr Kind kKinds[] = {
    {"居所情况", &v1::Finding::residence},
    {"家庭和社会关系", &v1::Finding::relations},
    {"犯罪行为的后果和影响", &v1::Finding::consequences},
    {"村（居）民委员会意见", &v1::Finding::village_opinion},
    {"社会危险性", &v1::Finding::danger},
    {"对所居住社区的影响", &v1::Finding::impact},
};

std::vector<absl::string_view> MissingKinds(const Assessment& a) {
  std::vector<absl::string_view> missing;
  for (const Kind& kind : kKinds) {
    const bool found = std::any_of(a.findings().begin(), a.findings().end(),
                                   [&](const v1::Finding& finding) { return !(finding.*kind.text)().empty(); });
    if (!found) missing.push_back(kind.label);
  }
  return missing;
}

const Guard<Assessment> kFindingsComplete = {
    "调查",
    "FINDINGS_INCOMPLETE",
    "调查评估的内容不全，不能提交评估意见",
    kInquiry,
    [](const Assessment& a, const Facts&) { return MissingKinds(a).empty(); },
    [](const Assessment& a, const Facts&) { return absl::StrCat("缺", absl::StrJoin(MissingKinds(a), "、")); }};
const Guard<Assessment> kCommissionerAgrees = {"延长", "EXTENSION_NOT_AGREED", "延长调查评估期限应当与委托机关协商一致", kInquiry,
                                               [](const Assessment& a, const Facts&) { return a.extension_agreed(); }};
// What was agreed in time may be entered later, with its true day.
const Guard<Assessment> kLimitNotPast = {
    "延长", "EXTENSION_TOO_LATE", "期限届满后不能再协商延长；届满前已经商定的，按商定的日期补录", kInquiry,
    [](const Assessment& a, const Facts& facts) {
      const auto* limit = procedure::FindClock(a.clocks(), Assessment::Limit_Name(Assessment::SUBMIT_BY));
      return limit == nullptr || !procedure::IsPast(*limit, facts.act_day);
    }};

bool IsFastTrack(const Assessment& a) { return a.commission().fast_track(); }
bool IsOrdinary(const Assessment& a) { return !IsFastTrack(a); }
absl::CivilDay ExtendedUntil(const Assessment& a) {
  absl::CivilDay day;
  ParseDay(a.extended_until(), &day);
  return day;
}

absl::StatusOr<Assessment> NewAssessment(const v1::CommissionAssessmentRequest& r, const Asking& asking) {
  Assessment a;
  a.set_organisation(r.office());
  ASSIGN_OR_RETURN(*a.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  a.set_region(region.ToString());
  *a.mutable_commission() = r.commission();
  a.set_received_on(asking.occurred_on());
  a.set_minor(IsMinorOn(r.commission().person(), asking.occurred_on()));
  return a;
}

absl::Status Investigate(Assessment& a, const v1::InvestigateAssessmentRequest& r, const Act& act) {
  if (r.finding().ByteSizeLong() == 0) return InvalidField("finding", "FIELD_REQUIRED", "应当填写至少一项调查情况");
  auto* finding = a.add_findings();
  *finding = r.finding();
  finding->set_inquired_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Submit(Assessment& a, const v1::SubmitAssessmentRequest& r, const Act& act) {
  a.set_result(r.result());
  a.set_opinion(r.opinion());
  a.set_submitted_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status DeclareImpossible(Assessment& a, const v1::DeclareAssessmentImpossibleRequest& r, const Act& act) {
  a.set_impossible_reason(r.reason());
  a.set_submitted_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Extend(Assessment& a, const v1::ExtendAssessmentRequest& r) {
  a.set_extension_agreed(r.commissioner_agrees());
  a.set_extended_until(r.extended_until());
  return absl::OkStatus();
}

absl::Status RecordOutcome(Assessment& a, const v1::RecordAssessmentOutcomeRequest& r) {
  a.set_outcome(r.outcome());
  a.set_decision_number(r.decision_number());
  return absl::OkStatus();
}

// The office inquires, the county signs.
const Row<Assessment> kRows[] = {
    {.act = Assessment::COMMISSION,
     .from = {Assessment::STATE_UNSPECIFIED},
     .to = Assessment::COMMISSIONED,
     .level = Level::kCounty,
     .create = Create<NewAssessment>,
     .starts =
         {{.clock = Assessment::SUBMIT_BY, .period = calendar::WorkingDays("CCM", 10), .article = "14", .when = IsOrdinary},
          {.clock = Assessment::SUBMIT_BY, .period = calendar::WorkingDays("CCM", 5), .article = "14", .when = IsFastTrack}},
     .papers = {Assessment::COMMISSION_LETTER},
     .law = kReceived},
    {.act = Assessment::INVESTIGATE,
     .from = {Assessment::COMMISSIONED, Assessment::INVESTIGATING},
     .to = Assessment::INVESTIGATING,
     .apply = Apply<Investigate>,
     .papers = {Assessment::RECORD},
     .law = kAssessed},
    {.act = Assessment::SUBMIT,
     .from = {Assessment::INVESTIGATING},
     .to = Assessment::SUBMITTED,
     .level = Level::kCounty,
     .guards = {&kFindingsComplete},
     .apply = Apply<Submit>,
     .stops = {Assessment::SUBMIT_BY},
     .papers = {Assessment::OPINION},
     .law = kInquiry},
    {.act = Assessment::DECLARE_IMPOSSIBLE,
     .from = {Assessment::COMMISSIONED, Assessment::INVESTIGATING},
     .to = Assessment::IMPOSSIBLE,
     .level = Level::kCounty,
     .apply = Apply<DeclareImpossible>,
     .stops = {Assessment::SUBMIT_BY},
     .papers = {Assessment::NOTICE_OF_IMPOSSIBILITY},
     .law = kInquiry},
    {.act = Assessment::EXTEND,
     .from = {Assessment::COMMISSIONED, Assessment::INVESTIGATING},
     .level = Level::kCounty,
     .guards = {&kLimitNotPast},
     .apply = Apply<Extend>,
     .checks = {&kCommissionerAgrees},
     .extends = {{.clock = Assessment::SUBMIT_BY, .until = ExtendedUntil}},
     .law = kInquiry},
    // The decider says in its document whether it has followed the opinion.
    {.act = Assessment::RECORD_OUTCOME,
     .from = {Assessment::SUBMITTED},
     .level = Level::kCounty,
     .apply = Apply<RecordOutcome>,
     .law = kAssessed},
};

const procedure::ClockKind kClocks[] = {{.clock = Assessment::SUBMIT_BY, .warn_days = 3}};

casework::Index IndexOf(const Assessment& a) {
  const v1::Person& person = a.commission().person();
  return {.day = a.received_on(),
          .terms = {{"category", a.commission().category()}},
          .blind = {{"id_number", person.id_number()}, {"phone", person.phone()}},
          .names = {person.name()}};
}

std::optional<casework::Numbering> NumberingOf(const Assessment& a, absl::CivilDay act_day) {
  return CountyNumbering(a, act_day, "矫评");
}

absl::Status Narrow(const v1::ListAssessmentsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  query->day_from = r.received_from();
  query->day_to = r.received_to();
  if (!r.id_number().empty()) query->blind.push_back({"id_number", r.id_number()});
  query->name = r.name();
  return absl::OkStatus();
}

}  // namespace

const procedure::Procedure<Assessment> kAssessmentProcedure = {
    .name = "调查评估",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Assessment::SUBMITTED, Assessment::IMPOSSIBLE, Assessment::VOIDED},
    .states = Assessment::State_descriptor,
    .acts = Assessment::Act_descriptor,
    .clock_kinds = Assessment::Limit_descriptor,
    .papers = Assessment::Document_descriptor,
};

const casework::Definition<Assessment> kAssessment = {
    .procedure = &kAssessmentProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kAssessmentsCube},
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .amendments = &kAssessmentAmendments,
    .sealed = IsMinor<Assessment>,
};

}  // namespace sifa::corrections
