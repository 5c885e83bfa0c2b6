// What corrections counts of resettlement (law §9): those released in a period, and what has become of them. So each of the five
// rates is of the same people, and what it divides by is told beside it.
#include "libs/statistics/counting.h"
#include "services/corrections/resettlement.h"

namespace sifa::corrections {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<Resettlement, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Resettlement, f>;

std::string ReleaseOn(const Resettlement& r) { return r.release_on(); }
std::string ReleaseType(const Resettlement& r) { return r.release_type(); }
std::string Risk(const Resettlement& r) { return r.risk(); }
std::string Sex(const Resettlement& r) { return r.person().sex(); }

bool Received(const Resettlement& r) { return r.origin() == Resettlement::PRISON; }
bool Verified(const Resettlement& r) { return !r.verified_on().empty(); }
// To this area: whom nobody here knows was not.
bool Released(const Resettlement& r) { return r.state() != Resettlement::UNVERIFIED; }
bool Linked(const Resettlement& r) { return !r.linked_on().empty(); }
bool Unlinked(const Resettlement& r) { return r.state() == Resettlement::UNLINKED; }
bool Helped(const Resettlement& r) { return !r.helped_on().empty(); }
bool Resettled(const Resettlement& r) { return !r.resettled_on().empty(); }
template <Resettlement::End kEnd>
bool EndedBy(const Resettlement& r) {
  return r.end() == kEnd;
}

constexpr Dimension kDimensions[] = {
    {"release_type", "释放类型", "release_type", "", Text<ReleaseType>},
    {"risk", "帮教类别", "resettlement_risk", "", Text<Risk>},
    {"sex", "性别", "sex", "", Text<Sex>},
};
constexpr Measure kMeasures[] = {
    {"received", "收到在押信息人数", "人", Number<Received>},
    {"verified", "核实人数", "人", Number<Verified>},
    {"released", "释放、解除到本地人数", "人", Number<Released>},
    {"linked", "衔接人数", "人", Number<Linked>},
    {"unlinked", "脱漏人数", "人", Number<Unlinked>},
    {"helped", "帮教人数", "人", Number<Helped>},
    {"resettled", "安置人数", "人", Number<Resettled>},
    {"reoffended", "重新犯罪人数", "人", Number<EndedBy<Resettlement::REOFFENDED>>},
    {"expired", "帮教期满人数", "人", Number<EndedBy<Resettlement::EXPIRED>>},
    {"moved", "转出人数", "人", Number<EndedBy<Resettlement::MOVED>>},
    {"dead", "死亡人数", "人", Number<EndedBy<Resettlement::DEAD>>},
};
constexpr Ratio kRatios[] = {
    {"verification", "信息核实率", "verified", "received", 100, 2, "%", "分母为收到在押信息人数"},
    {"linking", "衔接率", "linked", "released", 100, 2, "%", "分母为释放、解除到本地人数"},
    {"helping", "帮教率", "helped", "linked", 100, 2, "%", "分母为衔接人数"},
    {"resettlement", "安置率", "resettled", "linked", 100, 2, "%", "分母为衔接人数"},
    // The period of help begins with the release, whether or not somebody was linked.
    {"reoffending", "重新犯罪率", "reoffended", "released", 100, 2, "%", "分母为释放、解除到本地、进入帮教期的人数"},
};

}  // namespace

constexpr Cube kResettlementsCube = {
    .id = 16,
    .name = "corrections.resettlements",
    .label = "安置帮教",
    .day = Text<ReleaseOn>,
    .dimensions = kDimensions,
    .measures = kMeasures,
    .ratios = kRatios,
    .ahead = true,
};
static_assert(IsSound(kResettlementsCube));

}  // namespace sifa::corrections
