// What corrections counts of reports (law §2.8), by the day on which each was due.
#include "libs/procedure/procedure.h"
#include "libs/statistics/counting.h"
#include "services/corrections/duty.h"

namespace sifa::corrections {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<Duty, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Duty, f>;

std::string DueOn(const Duty& duty) { return duty.due_on(); }
std::string Kind(const Duty& duty) { return procedure::LabelOf(Duty::Kind_descriptor(), duty.kind()); }
std::string Category(const Duty& duty) { return duty.person().category(); }

bool Submitted(const Duty& duty) { return duty.state() == Duty::SUBMITTED || duty.state() == Duty::ACCEPTED; }
bool OnTime(const Duty& duty) { return Submitted(duty) && !duty.late(); }
bool Late(const Duty& duty) { return Submitted(duty) && duty.late(); }
bool Missed(const Duty& duty) { return duty.state() == Duty::MISSED; }
bool Excused(const Duty& duty) { return duty.state() == Duty::EXCUSED; }
// What was excused, or ended with the term, was not owed.
bool Owed(const Duty& duty) { return duty.state() != Duty::LAPSED && duty.state() != Duty::VOIDED && !Excused(duty); }

constexpr Dimension kDimensions[] = {
    {"kind", "报告种类", "", "", Text<Kind>},
    {"category", "矫正类别", "correction_category", "", Text<Category>},
};
constexpr Measure kMeasures[] = {
    {"due", "应当报告", "次", Number<Owed>},        {"on_time", "按时报告", "次", Number<OnTime>},
    {"late", "逾期报告", "次", Number<Late>},       {"missed", "逾期未报告", "次", Number<Missed>},
    {"excused", "免除报告", "次", Number<Excused>},
};
constexpr Ratio kRatios[] = {{"punctuality", "按时报告率", "on_time", "due", 100, 2, "%", "分母为应当报告次数，不含免除的"}};

}  // namespace

constexpr Cube kDutiesCube = {
    .id = 10,
    .name = "corrections.duties",
    .label = "报告义务",
    .day = Text<DueOn>,
    .dimensions = kDimensions,
    .measures = kMeasures,
    .ratios = kRatios,
};
static_assert(IsSound(kDutiesCube));

}  // namespace sifa::corrections
