#include "services/mediation/case_statistics.h"

#include "services/mediation/case_procedure.h"

namespace sifa::mediation {
namespace {

using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

constexpr Dimension kDimensions[] = {
    {"type", "纠纷类型", "dispute_type", "dispute_group"},
    {"source", "案件来源", "case_source"},
    {"committee", "调委会类型", "committee_type"},
    {"level", "调解层级", "mediation_level"},
    {"difficulty", "难易程度", "difficulty"},
};

constexpr Measure kMeasures[] = {
    {"accepted", "受理件数", "件"},
    {"succeeded", "调解成功件数", "件"},
    {"failed", "调解不成功件数", "件"},
    {"written", "书面协议件数", "件"},
    {"oral", "口头协议件数", "件"},
    {"parties", "当事人数", "人"},
    {"amount_fen", "协议涉及金额", "分"},
    {"performed", "协议履行件数", "件"},
    {"confirmation_applied", "申请司法确认件数", "件"},
    {"confirmed", "司法确认有效件数", "件"},
    {"unnatural_death", "非正常死亡件数", "件"},
    {"overdue", "逾期办结件数", "件"},
};

constexpr Ratio kRatios[] = {
    {"success", "调解成功率", "succeeded", "accepted", 100, 2, "%", "分母为受理件数，不是办结件数"},
    {"per_10000", "万人化解率", "accepted", statistics::kPopulation, 10000, 2, "件/万人", "分母为常住人口"},
    {"performance", "履行率", "performed", "succeeded", 100, 2, "%", "分母为调解成功件数"},
    {"confirmation", "司法确认有效率", "confirmed", "confirmation_applied", 100, 2, "%", "分母为申请司法确认件数"},
};

bool Succeeded(const Case& c) { return !c.agreement().form().empty() && !c.agreement().effective_on().empty(); }

bool Failed(const Case& c) { return !c.concluded_on().empty() && !Succeeded(c); }

bool ConcludedLate(const Case& c) {
  for (const auto& clock : c.clocks()) {
    if (clock.kind() == "CONCLUDE" && clock.ended_on() > clock.due_on()) return true;
  }
  return false;
}

}  // namespace

const statistics::Cube kCasesCube = {
    .id = 1,
    .name = "mediation.cases",
    .label = "人民调解案件",
    .dimensions = kDimensions,
    .measures = kMeasures,
    .ratios = kRatios,
    .share_of = "accepted",
};

std::vector<casework::v1::Count> CountsOfCase(const casework::Message& message) {
  const Case& c = static_cast<const Case&>(message);
  if (c.accepted_on().empty() || c.state() == Case::VOIDED) return {};
  casework::v1::Count count;
  count.set_cube(std::string(kCasesCube.name));
  count.set_day(c.accepted_on());
  count.set_region(c.region());
  count.set_organisation_path(c.organisation_path());
  for (const std::string& value : {c.particulars().type(), c.particulars().source(), c.committee_type(), c.level(),
                                   c.particulars().difficulty()}) {
    count.add_dimensions(value);
  }
  const bool succeeded = Succeeded(c);
  for (const int64_t measure : std::initializer_list<int64_t>{
           1, succeeded, Failed(c), succeeded && c.agreement().form() == "2", succeeded && c.agreement().form() == "1",
           c.particulars().parties_size(), c.agreement().amount_fen(), !c.performed_on().empty(),
           !c.confirmation_applied_on().empty(), c.confirmation_result() == "CONFIRMED" || c.confirmation_result() == "ENFORCED",
           c.particulars().unnatural_death(), ConcludedLate(c)}) {
    count.add_measures(measure);
  }
  return {count};
}

}  // namespace sifa::mediation
