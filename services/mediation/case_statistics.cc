// What mediation counts of its cases: the national monthly table (law §3.7) and the figures that bureaus report from it. One
// cube for each day on which something is counted, so that a rate never exceeds 100 %.
#include "libs/core/clock.h"
#include "libs/procedure/clocks.h"
#include "libs/statistics/counting.h"
#include "services/mediation/case.h"

namespace sifa::mediation {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<Case, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Case, f>;

bool One(const Case&) { return true; }
bool Pending(const Case& c) { return c.concluded_on().empty(); }
bool Succeeded(const Case& c) { return !c.agreement().form().empty() && !c.agreement().effective_on().empty(); }
bool Withdrawn(const Case& c) { return c.result() == "4"; }  // mediation_result
bool Failed(const Case& c) { return !Pending(c) && !Succeeded(c) && !Withdrawn(c); }
bool Written(const Case& c) { return Succeeded(c) && c.agreement().form() == "2"; }  // agreement_form
bool Oral(const Case& c) { return Succeeded(c) && c.agreement().form() == "1"; }
bool Performed(const Case& c) { return !c.performed_on().empty(); }
bool ConfirmationApplied(const Case& c) { return !c.confirmation_applied_on().empty(); }
bool Confirmed(const Case& c) { return c.confirmation_result() == "CONFIRMED" || c.confirmation_result() == "ENFORCED"; }
int64_t Parties(const Case& c) { return c.particulars().parties_size(); }
int64_t Amount(const Case& c) { return Succeeded(c) ? c.agreement().amount_fen() : 0; }
bool UnnaturalDeath(const Case& c) { return c.particulars().unnatural_death(); }

// The limit to conclude; nullptr of imported cases.
const casework::v1::Clock* Limit(const Case& c) {
  for (const auto& clock : c.clocks()) {
    if (clock.kind() == "CONCLUDE") return &clock;
  }
  return nullptr;
}
absl::CivilDay DayIn(const std::string& text) {
  absl::CivilDay day;
  ParseDay(text, &day);
  return day;
}
// A provisional limit is late when it is so however the holidays are published; settling it counts it anew.
bool ConcludedLate(const Case& c) {
  return Limit(c) != nullptr && !Limit(c)->ended_on().empty() && procedure::IsPast(*Limit(c), DayIn(Limit(c)->ended_on()));
}
bool StillRunning(const Case& c) { return Limit(c)->state() == casework::v1::Clock::RUNNING; }
bool Overdue(const Case& c) { return StillRunning(c) || ConcludedLate(c); }

// -- days

std::string AcceptedOn(const Case& c) { return c.accepted_on(); }
std::string ConcludedOn(const Case& c) { return c.accepted_on().empty() ? "" : c.concluded_on(); }
std::string LimitPassed(const Case& c) {
  return Limit(c) == nullptr || Limit(c)->due_on().empty() ? "" : FormatDay(procedure::LastDay(*Limit(c)) + 1);
}
// Of an import that tells nothing about it: not known to be due, nor performed.
bool PerformanceUnknown(const Case& c) { return IsImported(c) && c.agreement().perform_by().empty() && !Performed(c); }
// Where the agreement names no day it may be called in from its effect on (民法典 §511(4)).
std::string PerformanceDue(const Case& c) {
  if (!Succeeded(c) || PerformanceUnknown(c)) return "";
  return c.agreement().perform_by().empty() ? c.agreement().effective_on() : c.agreement().perform_by();
}

// -- classes

std::string Type(const Case& c) { return c.particulars().type(); }
std::string Source(const Case& c) { return c.particulars().source(); }
std::string CommitteeType(const Case& c) { return c.committee_type(); }
std::string Level(const Case& c) { return c.level(); }
std::string Difficulty(const Case& c) { return c.particulars().difficulty(); }

constexpr Dimension kDimensions[] = {
    {"type", "纠纷类型", "dispute_type", "dispute_group", Text<Type>},
    {"source", "案件来源", "case_source", "", Text<Source>},
    {"committee", "调委会类型", "committee_type", "", Text<CommitteeType>},
    {"level", "调解层级", "mediation_level", "", Text<Level>},
    {"difficulty", "难易程度", "difficulty", "", Text<Difficulty>},
};
constexpr Dimension kOfficeDimensions[] = {
    {"type", "纠纷类型", "dispute_type", "dispute_group", Text<Type>},
    {"committee", "调委会类型", "committee_type", "", Text<CommitteeType>},
    {"level", "调解层级", "mediation_level", "", Text<Level>},
};

// -- by acceptance: pending, succeeded, failed and withdrawn are together what was accepted

constexpr Measure kMeasures[] = {
    {"accepted", "受理件数", "件", Number<One>},
    {"succeeded", "调解成功件数", "件", Number<Succeeded>},
    {"failed", "调解不成功件数", "件", Number<Failed>},
    {"written", "书面协议件数", "件", Number<Written>},
    {"oral", "口头协议件数", "件", Number<Oral>},
    {"parties", "当事人数", "人", Number<Parties>},
    {"amount_fen", "协议涉及金额", "分", Number<Amount>},
    {"performed", "协议履行件数", "件", Number<Performed>},
    {"confirmation_applied", "申请司法确认件数", "件", Number<ConfirmationApplied>},
    {"confirmed", "司法确认有效件数", "件", Number<Confirmed>},
    {"unnatural_death", "非正常死亡件数", "件", Number<UnnaturalDeath>},
    {"overdue", "逾期办结件数", "件", Number<ConcludedLate>},
    {"withdrawn", "撤回件数", "件", Number<Withdrawn>},
    {"pending", "未结件数", "件", Number<Pending>},
};
constexpr Ratio kRatios[] = {
    {"success", "调解成功率", "succeeded", "accepted", 100, 2, "%", "分母为受理件数，不是办结件数"},
    {"per_10000", "万人化解率", "accepted", statistics::kPopulation, 10000, 2, "件/万人", "分母为常住人口"},
    {"confirmation", "司法确认有效率", "confirmed", "confirmation_applied", 100, 2, "%", "分母为申请司法确认件数；协议变更的，以变更后的协议计"},
};

// -- by conclusion

constexpr Measure kConclusions[] = {
    {"concluded", "办结件数", "件", Number<One>},
    {"succeeded", "调解成功件数", "件", Number<Succeeded>},
    {"failed", "调解不成功件数", "件", Number<Failed>},
    {"withdrawn", "撤回件数", "件", Number<Withdrawn>},
    {"written", "书面协议件数", "件", Number<Written>},
    {"oral", "口头协议件数", "件", Number<Oral>},
    {"amount_fen", "协议涉及金额", "分", Number<Amount>},
    {"overdue", "逾期办结件数", "件", Number<ConcludedLate>},
};

// -- by limit

constexpr Measure kLimits[] = {
    {"expired", "期限届满件数", "件", Number<One>},
    {"overdue", "逾期件数", "件", Number<Overdue>},
    {"overdue_pending", "逾期未结件数", "件", Number<StillRunning>},
};
constexpr Ratio kLimitRatios[] = {
    {"overdue", "逾期率", "overdue", "expired", 100, 2, "%", "分母为调解期限届满件数"},
};

// -- by performance

constexpr Measure kPerformance[] = {
    {"due", "到期协议件数", "件", Number<One>},
    {"performed", "履行件数", "件", Number<Performed>},
};
constexpr Ratio kPerformanceRatios[] = {
    {"performance", "履行率", "performed", "due", 100, 2, "%", "分母为到期协议件数"},
};

}  // namespace

constexpr Cube kCasesCube = {
    .id = 1,
    .revision = 2,  // late only where it is certain
    .name = "mediation.cases",
    .label = "人民调解案件",
    .day = Text<AcceptedOn>,
    .dimensions = kDimensions,
    .measures = kMeasures,
    .ratios = kRatios,
    .each = "accepted",
    .share_of = "accepted",
};
constexpr Cube kConclusionsCube = {
    .id = 2,
    .revision = 2,
    .name = "mediation.conclusions",
    .label = "人民调解结案",
    .day = Text<ConcludedOn>,
    .dimensions = kOfficeDimensions,
    .measures = kConclusions,
    .each = "concluded",
    .share_of = "concluded",
};
constexpr Cube kLimitsCube = {
    .id = 3,
    .revision = 2,
    .name = "mediation.limits",
    .label = "人民调解期限",
    .day = Text<LimitPassed>,
    .dimensions = kOfficeDimensions,
    .measures = kLimits,
    .ratios = kLimitRatios,
    .each = "expired",
    .ahead = true,
};
constexpr Cube kPerformanceCube = {
    .id = 4,
    .name = "mediation.performance",
    .label = "调解协议履行",
    .day = Text<PerformanceDue>,
    .dimensions = kOfficeDimensions,
    .measures = kPerformance,
    .ratios = kPerformanceRatios,
    .each = "due",
    .ahead = true,
};
static_assert(IsSound(kCasesCube) && IsSound(kConclusionsCube) && IsSound(kLimitsCube) && IsSound(kPerformanceCube));

}  // namespace sifa::mediation
