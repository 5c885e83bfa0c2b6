// Who moved out of a county and who moved in (law §2.8): a move inside a province cancels in the province's figures, and neither
// is a reception or an ending.
#include "libs/statistics/counting.h"
#include "services/corrections/transfer.h"

namespace sifa::corrections {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;

std::string ReportedOn(const Transfer& t) { return t.reported_on(); }
std::string Category(const Transfer& t) { return t.person().category(); }
statistics::Whereabouts ThereOf(const Transfer& t) { return {t.to_region(), t.to_office_path()}; }
int64_t One(const Transfer&) { return 1; }

constexpr Dimension kDimensions[] = {{"category", "矫正类别", "correction_category", "", statistics::Text<Transfer, Category>}};
constexpr Measure kOut[] = {{"moved_out", "转出人数", "人", statistics::Number<Transfer, One>}};
constexpr Measure kIn[] = {{"moved_in", "转入人数", "人", statistics::Number<Transfer, One>}};

}  // namespace

constexpr Cube kMovesOutCube = {
    .id = 17,
    .name = "corrections.moves_out",
    .label = "变更执行地转出",
    .day = statistics::Text<Transfer, ReportedOn>,
    .dimensions = kDimensions,
    .measures = kOut,
};
constexpr Cube kMovesInCube = {
    .id = 18,
    .name = "corrections.moves_in",
    .label = "变更执行地转入",
    .day = statistics::Text<Transfer, ReportedOn>,
    .place = statistics::At<Transfer, ThereOf>,
    .dimensions = kDimensions,
    .measures = kIn,
};
static_assert(IsSound(kMovesOutCube) && IsSound(kMovesInCube));

}  // namespace sifa::corrections
