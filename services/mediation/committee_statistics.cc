// What mediation counts of its committees and mediators (人民调解法 §10): the bureau keeps their number and composition.
#include <algorithm>

#include "libs/statistics/counting.h"
#include "services/mediation/committee.h"

namespace sifa::mediation {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<Committee, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Committee, f>;

std::string Type(const Committee& c) { return c.type(); }
std::string Level(const Committee& c) { return c.level(); }

bool There(const Committee& c) { return c.state() == Committee::ACTIVE; }

template <class F>
int64_t MembersWho(const Committee& c, F is) {
  if (!There(c)) return 0;
  return std::count_if(c.members().begin(), c.members().end(),
                       [&](const v1::Member& m) { return m.removed_on().empty() && is(m); });
}
int64_t Mediators(const Committee& c) {
  return MembersWho(c, [](const v1::Member&) { return true; });
}
int64_t FullTime(const Committee& c) {
  return MembersWho(c, [](const v1::Member& m) { return m.kind() == "1"; });  // mediator_kind
}
int64_t PartTime(const Committee& c) {
  return MembersWho(c, [](const v1::Member& m) { return m.kind() == "2"; });
}
int64_t Women(const Committee& c) {
  return MembersWho(c, [](const v1::Member& m) { return m.sex() == "2"; });  // GB/T 2261.1
}

constexpr Dimension kDimensions[] = {
    {"type", "调委会类型", "committee_type", "", Text<Type>},
    {"level", "调解层级", "mediation_level", "", Text<Level>},
};
constexpr Measure kMeasures[] = {
    {"committees", "调委会数", "个", Number<There>},
    {"mediators", "人民调解员数", "人", Number<Mediators>},
    {"full_time", "专职调解员数", "人", Number<FullTime>},
    {"part_time", "兼职调解员数", "人", Number<PartTime>},
    {"women", "女调解员数", "人", Number<Women>},
};
constexpr Ratio kRatios[] = {
    {"per_committee", "平均每个调委会调解员数", "mediators", "committees", 1, 1, "人", "人民调解法第8条：委员三至九人"},
    {"full_time", "专职调解员占比", "full_time", "mediators", 100, 2, "%", "分母为人民调解员数"},
};

}  // namespace

constexpr Cube kCommitteesCube = {
    .id = 5,
    .name = "mediation.committees",
    .label = "人民调解委员会",
    .dimensions = kDimensions,
    .measures = kMeasures,
    .ratios = kRatios,
    .share_of = "committees",
    .stock = true,
};
static_assert(IsSound(kCommitteesCube));

}  // namespace sifa::mediation
