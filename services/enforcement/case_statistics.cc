// What is counted of penalty cases (law §4.10): each measure on the day of its own event, one decision once, in the class of its
// heaviest penalty; money is that of the decision, not what was collected. A decision that was annulled later still counts, and
// is counted among the annulled. A settled duplicate counts nowhere.
#include "libs/core/clock.h"
#include "libs/statistics/counting.h"
#include "services/enforcement/case.h"

namespace sifa::enforcement {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;

template <auto f>
constexpr auto Text = &statistics::Text<Case, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Case, f>;

std::string Agency(const Case& c) { return c.agency_code(); }
std::string Field(const Case& c) { return c.field(); }
std::string Heaviest(const Case& c) { return c.heaviest(); }
// Code table enforcement_amount_band; what begins a band is in it.
std::string Band(const Case& c) {
  const int64_t yuan = (c.fine_fen() + c.confiscated_fen()) / 100;
  return yuan == 0 ? "0" : yuan < 1'000 ? "1" : yuan < 10'000 ? "2" : yuan < 100'000 ? "3" : yuan < 1'000'000 ? "4" : "5";
}

constexpr Dimension kDimensions[] = {{"agency", "处罚机关", "", "", Text<Agency>},
                                     {"field", "执法领域", "enforcement_field", "", Text<Field>},
                                     {"heaviest", "最重处罚种类", "enforcement_penalty", "", Text<Heaviest>},
                                     {"band", "罚没金额档次", "enforcement_amount_band", "", Text<Band>}};

bool One(const Case&) { return true; }
bool Undecided(const Case& c) { return c.state() == Case::OPEN; }
bool Annulled(const Case& c) { return c.state() == Case::ANNULLED; }
int64_t Parties(const Case& c) { return static_cast<int64_t>(StandingEntries(c).size()); }
int64_t Fine(const Case& c) { return c.fine_fen(); }
int64_t Confiscated(const Case& c) { return c.confiscated_fen(); }

template <const std::string& (Case::*day)() const>
std::string On(const Case& c) {
  return c.state() == Case::DUPLICATE ? "" : (c.*day)();
}

constexpr Measure kFiled[] = {{"filed", "立案件数", "件", Number<One>}, {"undecided", "未决定件数", "件", Number<Undecided>}};
constexpr Measure kDecided[] = {{"decided", "处罚决定件数", "件", Number<One>},
                                {"parties", "被处罚当事人数", "人次", Number<Parties>},
                                {"fine_fen", "罚款金额", "分", Number<Fine>},
                                {"confiscated_fen", "没收金额", "分", Number<Confiscated>},
                                {"annulled", "其中已撤销件数", "件", Number<Annulled>}};
constexpr Measure kServed[] = {{"served", "送达件数", "件", Number<One>}};
constexpr Measure kPaid[] = {{"paid", "缴清件数", "件", Number<One>}, {"fine_fen", "所缴罚款的决定金额", "分", Number<Fine>}};
constexpr Measure kClosed[] = {{"closed", "结案件数", "件", Number<One>}};

}  // namespace

constexpr Cube kFilingsCube = {.id = 10,
                               .name = "enforcement.filings",
                               .label = "行政处罚立案",
                               .day = Text<On<&Case::filed_on>>,
                               .dimensions = kDimensions,
                               .measures = kFiled,
                               .each = "filed"};
constexpr Cube kDecisionsCube = {.id = 11,
                                 .name = "enforcement.decisions",
                                 .label = "行政处罚决定",
                                 .day = Text<On<&Case::decided_on>>,
                                 .dimensions = kDimensions,
                                 .measures = kDecided,
                                 .each = "decided",
                                 .share_of = "decided"};
constexpr Cube kServicesCube = {.id = 12,
                                .name = "enforcement.services",
                                .label = "行政处罚送达",
                                .day = Text<On<&Case::served_on>>,
                                .dimensions = kDimensions,
                                .measures = kServed,
                                .each = "served"};
constexpr Cube kPaymentsCube = {.id = 13,
                                .name = "enforcement.payments",
                                .label = "行政处罚缴款",
                                .day = Text<On<&Case::paid_on>>,
                                .dimensions = kDimensions,
                                .measures = kPaid,
                                .each = "paid"};
constexpr Cube kClosingsCube = {.id = 14,
                                .name = "enforcement.closings",
                                .label = "行政处罚结案",
                                .day = Text<On<&Case::closed_on>>,
                                .dimensions = kDimensions,
                                .measures = kClosed,
                                .each = "closed"};
static_assert(IsSound(kFilingsCube) && IsSound(kDecisionsCube) && IsSound(kServicesCube) && IsSound(kPaymentsCube) &&
              IsSound(kClosingsCube));

}  // namespace sifa::enforcement
