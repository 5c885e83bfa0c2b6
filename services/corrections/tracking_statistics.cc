// What corrections counts of electronic positioning: who is tagged on a day.
#include "libs/statistics/counting.h"
#include "services/corrections/tracking_authority.h"

namespace sifa::corrections {
namespace {

template <auto f>
constexpr auto Text = &statistics::Text<TrackingAuthority, f>;
template <auto f>
constexpr auto Number = &statistics::Number<TrackingAuthority, f>;

std::string Category(const TrackingAuthority& t) { return t.person().category(); }
std::string Sex(const TrackingAuthority& t) { return t.person().sex(); }
bool Tagged(const TrackingAuthority& t) { return t.state() == TrackingAuthority::RUNNING; }
bool MinorTagged(const TrackingAuthority& t) { return Tagged(t) && t.person().minor(); }

constexpr statistics::Dimension kDimensions[] = {{"category", "矫正类别", "correction_category", "", Text<Category>},
                                                 {"sex", "性别", "sex", "", Text<Sex>}};
constexpr statistics::Measure kMeasures[] = {{"tagged", "使用电子定位装置人数", "人", Number<Tagged>},
                                             {"minors", "其中未成年人", "人", Number<MinorTagged>}};

}  // namespace

constexpr statistics::Cube kTrackingCube = {
    .id = 15,
    .name = "corrections.tracking",
    .label = "电子定位",
    .dimensions = kDimensions,
    .measures = kMeasures,
    .share_of = "tagged",
    .stock = true,
};
static_assert(IsSound(kTrackingCube));

}  // namespace sifa::corrections
