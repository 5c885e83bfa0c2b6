#include "services/corrections/risk_override.h"

#include "services/corrections/record.h"
#include "services/corrections/risk.h"

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
constexpr int kMostDays = 90;

absl::CivilDay LastDay(const RiskOverride& one) { return DayIn(one.to()); }

const Guard<RiskOverride> kPeriodInOrder = {"风险", "OVERRIDE_REVERSED", "调整的结束日期不能早于开始日期", kCcl24,
                                            [](const RiskOverride& one, const Facts&) { return one.from() <= one.to(); }};
const Guard<RiskOverride> kNotTooLong = {
    "风险", "OVERRIDE_TOO_LONG", "风险等级的调整不能超过九十日，期满仍需调整的应当重新说明理由", kCcl24,
    [](const RiskOverride& one, const Facts&) { return LastDay(one) - DayIn(one.from()) < kMostDays; }};
const Guard<RiskOverride> kOneAtATime = {
    .rule = "风险",
    .reason = "OVERRIDE_RUNNING",
    .text = "该对象的风险等级已有调整，应当先予终止",
    .law = kCcl24,
    .holds = [](const RiskOverride&, const Facts& facts) { return NoneOpen<RiskOverride>(facts, kRiskOverrideProcedure); },
    .of_others = true};

absl::StatusOr<RiskOverride> NewOverride(const v1::OverrideRiskRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(auto one, NewRecord<RiskOverride>(r.subject(), act));
  one.set_level(r.level());
  one.set_from(act.occurred_on());
  one.set_to(r.to());
  one.set_grounds(r.grounds());
  return one;
}

absl::Status End(RiskOverride& one, const v1::EndRiskOverrideRequest& r, const Act& act) {
  one.set_ended_on(act.occurred_on());
  one.set_end_reason(r.reason());
  return absl::OkStatus();
}

const Row<RiskOverride> kRows[] = {
    {.act = RiskOverride::OVERRIDE,
     .from = {RiskOverride::STATE_UNSPECIFIED},
     .to = RiskOverride::RUNNING,
     .level = Level::kCounty,
     .create = Create<NewOverride>,
     .checks = {&kInCorrection<RiskOverride>, &kPeriodInOrder, &kNotTooLong, &kOneAtATime},
     .starts = {{.clock = RiskOverride::UNTIL, .article = "24", .until = LastDay}},
     .law = kCcl24},
    {.act = RiskOverride::END,
     .from = {RiskOverride::RUNNING},
     .to = RiskOverride::ENDED,
     .level = Level::kCounty,
     .apply = Apply<End>,
     .stops = {RiskOverride::UNTIL},
     .law = kCcl24},
    {.act = RiskOverride::EXPIRE,
     .from = {RiskOverride::RUNNING},
     .to = RiskOverride::EXPIRED,
     .level = Level::kSystem,
     .stops = {RiskOverride::UNTIL},
     .law = kCcl24},
    {.act = RiskOverride::LAPSE,
     .from = {RiskOverride::RUNNING},
     .to = RiskOverride::ENDED,
     .indirect = true,
     .aside = true,
     .stops = {RiskOverride::UNTIL},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = RiskOverride::UNTIL, .warn_days = 10, .then = RiskOverride::EXPIRE}};

casework::Index IndexOf(const RiskOverride& one) { return IndexOfRecord(one, one.from()); }

std::optional<casework::Numbering> NumberingOf(const RiskOverride& one, absl::CivilDay act_day) {
  return CountyNumbering(one, act_day, "矫风");
}

}  // namespace

bool RunsOn(const RiskOverride& one, const std::string& day) {
  return one.state() != RiskOverride::VOIDED && one.from() <= day && day <= one.to() &&
         (one.ended_on().empty() || day < one.ended_on());
}

const procedure::Procedure<RiskOverride> kRiskOverrideProcedure = {
    .name = "风险等级调整",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {RiskOverride::ENDED, RiskOverride::EXPIRED, RiskOverride::VOIDED},
    .states = RiskOverride::State_descriptor,
    .acts = RiskOverride::Act_descriptor,
    .clock_kinds = RiskOverride::Limit_descriptor,
    .papers = RiskOverride::Document_descriptor,
};

const casework::Definition<RiskOverride> kRiskOverride = {
    .procedure = &kRiskOverrideProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListRiskOverridesRequest>>,
    .references = {OfSubject(RiskOverride::LAPSE)},
    .looks_at = {"RiskOverride"},
    .sealed = OfMinor<RiskOverride>,
    .handlers = ServeRisk,
};

}  // namespace sifa::corrections
