// What mediation counts of its screening (law §3.6, the national monthly table): rounds and what they found by the day of the
// round, what was prevented by the day on which that was clear.
#include "libs/statistics/counting.h"
#include "services/mediation/screening.h"

namespace sifa::mediation {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;

template <auto f>
constexpr auto Text = &statistics::Text<Screening, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Screening, f>;

std::string Type(const Screening& s) { return s.lead().type(); }
std::string CommitteeType(const Screening& s) { return s.committee_type(); }
std::string Level(const Screening& s) { return s.level(); }

std::string ScreenedOn(const Screening& s) { return s.screened_on(); }
std::string PreventedOn(const Screening& s) { return s.state() == Screening::PREVENTED ? s.concluded_on() : ""; }

bool Round(const Screening& s) { return s.round().empty(); }
bool Found(const Screening& s) { return s.has_lead(); }
bool Prevented(const Screening& s) { return s.state() == Screening::PREVENTED; }
bool CaseOpened(const Screening& s) { return s.state() == Screening::CASE_OPENED; }
bool Escalated(const Screening& s) { return s.state() == Screening::ESCALATED; }
bool Pending(const Screening& s) { return s.state() == Screening::LEAD || s.state() == Screening::PREVENTING; }

// prevented_danger
template <char kDanger>
bool Dispute(const Screening& s) {
  return s.danger().size() == 1 && s.danger()[0] == kDanger;
}
template <char kDanger>
int64_t People(const Screening& s) {
  return Dispute<kDanger>(s) ? s.people() : 0;
}
bool One(const Screening&) { return true; }

constexpr Dimension kDimensions[] = {
    {"type", "纠纷类型", "dispute_type", "dispute_group", Text<Type>},
    {"committee", "调委会类型", "committee_type", "", Text<CommitteeType>},
    {"level", "调解层级", "mediation_level", "", Text<Level>},
};

// What became of the disputes is together what was found.
constexpr Measure kScreenings[] = {
    {"screened", "排查纠纷", "次", Number<Round>},
    {"found", "发现纠纷", "件", Number<Found>},
    {"prevented", "预防纠纷", "件", Number<Prevented>},
    {"case_opened", "转入调解", "件", Number<CaseOpened>},
    {"escalated", "激化并报告", "件", Number<Escalated>},
    {"pending", "预防中", "件", Number<Pending>},
};

constexpr Measure kPrevention[] = {
    {"prevented", "预防纠纷", "件", Number<One>},
    {"suicide", "防止民间纠纷引起自杀", "件", Number<Dispute<'2'>>},
    {"suicide_people", "防止民间纠纷引起自杀", "人", Number<People<'2'>>},
    {"crime", "防止民间纠纷转化为刑事案件", "件", Number<Dispute<'3'>>},
    {"crime_people", "防止民间纠纷转化为刑事案件", "人", Number<People<'3'>>},
    {"petition", "防止群体性上访", "件", Number<Dispute<'4'>>},
    {"petition_people", "防止群体性上访", "人", Number<People<'4'>>},
    {"brawl", "防止群体性械斗", "件", Number<Dispute<'5'>>},
    {"brawl_people", "防止群体性械斗", "人", Number<People<'5'>>},
};

}  // namespace

constexpr Cube kScreeningsCube = {
    .id = 6,
    .name = "mediation.screenings",
    .label = "矛盾纠纷排查",
    .day = Text<ScreenedOn>,
    .dimensions = kDimensions,
    .measures = kScreenings,
};
constexpr Cube kPreventionCube = {
    .id = 7,
    .name = "mediation.prevention",
    .label = "矛盾纠纷预防",
    .day = Text<PreventedOn>,
    .dimensions = kDimensions,
    .measures = kPrevention,
};
static_assert(IsSound(kScreeningsCube) && IsSound(kPreventionCube));

}  // namespace sifa::mediation
