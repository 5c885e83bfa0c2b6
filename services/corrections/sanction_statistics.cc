// What corrections counts of breaches and of what they led to, and of commendations (law §2.8).
#include "libs/statistics/counting.h"
#include "services/corrections/breach.h"
#include "services/corrections/commendation.h"
#include "services/corrections/sanction.h"

namespace sifa::corrections {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;

template <class T>
std::string Category(const T& record) {
  return record.person().category();
}
template <class T>
std::string DecidedOn(const T& record) {
  return record.decided_on();
}
template <class T>
bool One(const T&) {
  return true;
}
template <Sanction::Kind kKind>
bool IsOf(const Sanction& sanction) {
  return sanction.kind() == kKind;
}
std::string JudgedOn(const Breach& breach) {
  return breach.established_on().empty() ? breach.dismissed_on() : breach.established_on();
}
bool Established(const Breach& breach) { return breach.state() == Breach::ESTABLISHED; }
bool Dismissed(const Breach& breach) { return breach.state() == Breach::DISMISSED; }

template <class T>
constexpr Dimension kCategory = {"category", "矫正类别", "correction_category", "", &statistics::Text<T, Category<T>>};

constexpr Dimension kOfSanctions[] = {kCategory<Sanction>};
constexpr Measure kSanctionMeasures[] = {
    {"sanctions", "训诫和警告", "次", &statistics::Number<Sanction, One<Sanction>>},
    {"admonitions", "训诫", "次", &statistics::Number<Sanction, IsOf<Sanction::ADMONITION>>},
    {"warnings", "警告", "次", &statistics::Number<Sanction, IsOf<Sanction::WARNING>>},
};
constexpr Dimension kOfBreaches[] = {kCategory<Breach>};
constexpr Measure kBreachMeasures[] = {
    {"breaches", "办结的违规调查", "件", &statistics::Number<Breach, One<Breach>>},
    {"established", "认定违规", "件", &statistics::Number<Breach, Established>},
    {"dismissed", "不予认定", "件", &statistics::Number<Breach, Dismissed>},
};
constexpr Dimension kOfCommendations[] = {kCategory<Commendation>};
constexpr Measure kCommendationMeasures[] = {
    {"commendations", "表扬", "次", &statistics::Number<Commendation, One<Commendation>>},
};

}  // namespace

constexpr Cube kSanctionsCube = {
    .id = 11,
    .name = "corrections.sanctions",
    .label = "训诫和警告",
    .day = &statistics::Text<Sanction, DecidedOn<Sanction>>,
    .dimensions = kOfSanctions,
    .measures = kSanctionMeasures,
};
constexpr Cube kBreachesCube = {
    .id = 12,
    .name = "corrections.breaches",
    .label = "违规调查",
    .day = &statistics::Text<Breach, JudgedOn>,
    .dimensions = kOfBreaches,
    .measures = kBreachMeasures,
};
constexpr Cube kCommendationsCube = {
    .id = 31,
    .name = "corrections.commendations",
    .label = "表扬",
    .day = &statistics::Text<Commendation, DecidedOn<Commendation>>,
    .dimensions = kOfCommendations,
    .measures = kCommendationMeasures,
};
static_assert(IsSound(kSanctionsCube) && IsSound(kBreachesCube) && IsSound(kCommendationsCube));

}  // namespace sifa::corrections
