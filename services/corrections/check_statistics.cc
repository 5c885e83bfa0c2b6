// What corrections counts of roll-calls (law §2.8; mission 31), by the day on which each was called.
#include "libs/procedure/procedure.h"
#include "libs/statistics/counting.h"
#include "services/corrections/check.h"
#include "services/corrections/instants.h"

namespace sifa::corrections {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<Check, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Check, f>;

std::string OpenedOn(const Check& check) { return check.opened_on(); }
std::string Category(const Check& check) { return check.person().category(); }
std::string Means(const Check& check) { return procedure::LabelOf(Check::Means_descriptor(), check.means()); }

// Whose term ended meanwhile was not asked.
bool Called(const Check& check) { return check.state() != Check::LAPSED && check.state() != Check::VOIDED; }
bool Answered(const Check& check) { return check.state() == Check::PRESENT; }
bool AnsweredAtOnce(const Check& check) { return Answered(check) && TimeOf(check.answered_at()) < TimeOf(check.call_at()); }
bool Missed(const Check& check) { return check.state() == Check::MISSED; }
bool Judged(const Check& check) { return Called(check) && !check.judged_on().empty(); }

constexpr Dimension kDimensions[] = {
    {"category", "矫正类别", "correction_category", "", Text<Category>},
    {"means", "应答方式", "", "", Text<Means>},
};
constexpr Measure kMeasures[] = {
    {"called", "点名", "人次", Number<Called>},
    {"answered", "应答", "人次", Number<Answered>},
    {"at_once", "未经催促应答", "人次", Number<AnsweredAtOnce>},
    {"missed", "未应答", "人次", Number<Missed>},
    {"judged", "人工判定", "人次", Number<Judged>},
};
constexpr Ratio kRatios[] = {
    {"answering", "点名应答率", "answered", "called", 100, 2, "%", "分母为点名人次，不含点名期间矫正终止的"}};

}  // namespace

constexpr Cube kChecksCube = {
    .id = 40,
    .name = "corrections.checks",
    .label = "点名核查",
    .day = Text<OpenedOn>,
    .dimensions = kDimensions,
    .measures = kMeasures,
    .ratios = kRatios,
};
static_assert(IsSound(kChecksCube));

}  // namespace sifa::corrections
