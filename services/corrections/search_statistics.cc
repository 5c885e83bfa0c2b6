// What corrections counts of its searches (law §2.8): who is missing on a day. 脱管, lost after his reception, and 漏管, never
// received, are two failures, each with its own base.
#include "libs/statistics/counting.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

using statistics::Base;
using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Rate;

template <auto f>
constexpr auto Text = &statistics::Text<Search, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Search, f>;

std::string Category(const Search& search) { return search.person().category(); }
bool IsOpen(const Search& search) { return search.state() == Search::SEARCHING || search.state() == Search::POLICE_ASKED; }
bool Lost(const Search& search) { return IsOpen(search) && search.cause() != Search::NOT_REPORTED; }
bool NeverReceived(const Search& search) { return IsOpen(search) && search.cause() == Search::NOT_REPORTED; }

constexpr Dimension kDimensions[] = {{"category", "矫正类别", "correction_category", "", Text<Category>}};
constexpr Measure kMeasures[] = {
    {"lost", "脱管人数", "人", Number<Lost>},
    {"never_received", "漏管人数", "人", Number<NeverReceived>},
};
constexpr absl::string_view kLost[] = {"lost"}, kNeverReceived[] = {"never_received"};
constexpr Base kThere[] = {{"corrections.subjects", "subjects"}};
constexpr Base kReceived[] = {{"corrections.receptions", "received"}};
constexpr Rate kRates[] = {
    {"lost", "脱管率", kLost, kThere, 100, 2, "%", "law 2.8: 期末脱管人数，分母为期末在矫人数"},
    {"never_received", "漏管率", kNeverReceived, kReceived, 100, 2, "%", "law 2.8: 期末逾期未报到人数，分母为本期接收人数"},
};

}  // namespace

constexpr Cube kMissingCube = {
    .id = 6,
    .name = "corrections.missing",
    .label = "脱管、漏管",
    .dimensions = kDimensions,
    .measures = kMeasures,
    .rates = kRates,
    .stock = true,
};
static_assert(IsSound(kMissingCube));

}  // namespace sifa::corrections
