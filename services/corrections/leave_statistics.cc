// What corrections counts of leaves (law §2.8): decided, by the day of the decision, and how many came back late.
#include "libs/statistics/counting.h"
#include "services/corrections/leave.h"

namespace sifa::corrections {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<Leave, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Leave, f>;

std::string DecidedOn(const Leave& leave) { return leave.decided_on(); }
std::string LevelOf(const Leave& leave) { return procedure::LabelOf(Leave::Level_descriptor(), leave.level()); }
std::string Purpose(const Leave& leave) { return leave.purpose(); }
std::string Category(const Leave& leave) { return leave.person().category(); }

bool Decided(const Leave& leave) { return !leave.decided_on().empty(); }
bool Denied(const Leave& leave) { return leave.state() == Leave::REFUSED; }
bool Approved(const Leave& leave) { return Decided(leave) && !Denied(leave); }
bool InTime(const Leave& leave) { return leave.decided_in_time(); }
bool Overstayed(const Leave& leave) { return leave.state() == Leave::OVERSTAYED || leave.days_late() > 0; }

constexpr Dimension kDimensions[] = {
    {"level", "审批层级", "", "", Text<LevelOf>},
    {"purpose", "外出事由", "leave_reason", "", Text<Purpose>},
    {"category", "矫正类别", "correction_category", "", Text<Category>},
};
constexpr Measure kMeasures[] = {
    {"decided", "审批件数", "件", Number<Decided>},           {"approved", "批准件数", "件", Number<Approved>},
    {"refused", "不批准件数", "件", Number<Denied>},          {"in_time", "按时审批件数", "件", Number<InTime>},
    {"overstayed", "逾期未归件数", "件", Number<Overstayed>},
};
constexpr Ratio kRatios[] = {
    {"timely", "审批及时率", "in_time", "decided", 100, 2, "%", "分母为审批件数"},
    {"overstayed", "逾期未归率", "overstayed", "approved", 100, 2, "%", "分母为批准件数"},
};

}  // namespace

constexpr Cube kLeavesCube = {
    .id = 13,
    .name = "corrections.leaves",
    .label = "外出审批",
    .day = Text<DecidedOn>,
    .dimensions = kDimensions,
    .measures = kMeasures,
    .ratios = kRatios,
    .each = "decided",
};
static_assert(IsSound(kLeavesCube));

}  // namespace sifa::corrections
