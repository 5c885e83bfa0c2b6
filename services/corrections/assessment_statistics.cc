// What corrections counts of its assessments (law §2.8): on time, and followed by the decider.
#include "libs/procedure/clocks.h"
#include "libs/statistics/counting.h"
#include "services/corrections/assessment.h"

namespace sifa::corrections {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<Assessment, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Assessment, f>;

std::string SubmittedOn(const Assessment& a) { return a.submitted_on(); }
std::string Category(const Assessment& a) { return a.commission().category(); }
std::string Commissioner(const Assessment& a) { return a.commission().commissioner(); }

bool Submitted(const Assessment& a) { return a.state() == Assessment::SUBMITTED; }
bool Impossible(const Assessment& a) { return a.state() == Assessment::IMPOSSIBLE; }
bool OnTime(const Assessment& a) {
  const auto* limit = procedure::FindClock(a.clocks(), Assessment::Limit_Name(Assessment::SUBMIT_BY));
  return Submitted(a) && limit != nullptr && a.submitted_on() <= limit->due_on();
}
bool Suitable(const Assessment& a) { return Submitted(a) && a.result() == Assessment::SUITABLE; }
bool Answered(const Assessment& a) { return a.outcome() != Assessment::OUTCOME_UNSPECIFIED; }
bool Adopted(const Assessment& a) { return a.outcome() == Assessment::ADOPTED; }

constexpr Dimension kDimensions[] = {
    {"category", "矫正类别", "correction_category", "", Text<Category>},
    {"commissioner", "委托机关", "assessment_commissioner", "", Text<Commissioner>},
};
constexpr Measure kMeasures[] = {
    {"submitted", "提交评估意见", "件", Number<Submitted>}, {"on_time", "按时提交", "件", Number<OnTime>},
    {"suitable", "适宜社区矫正", "件", Number<Suitable>},   {"impossible", "无法评估", "件", Number<Impossible>},
    {"answered", "已登记采信情况", "件", Number<Answered>}, {"adopted", "采信", "件", Number<Adopted>},
};
constexpr Ratio kRatios[] = {
    {"punctuality", "调查评估按时率", "on_time", "submitted", 100, 2, "%", "分母为提交评估意见件数"},
    {"adoption", "采信率", "adopted", "submitted", 100, 2, "%", "分母为提交评估意见件数"},
};

}  // namespace

constexpr Cube kAssessmentsCube = {
    .id = 1,
    .name = "corrections.assessments",
    .label = "调查评估",
    .day = Text<SubmittedOn>,
    .dimensions = kDimensions,
    .measures = kMeasures,
    .ratios = kRatios,
};
static_assert(IsSound(kAssessmentsCube));

}  // namespace sifa::corrections
