// What corrections counts of its revocations: how those that were proposed were ruled, by the day of the ruling.
#include "libs/statistics/counting.h"
#include "services/corrections/revocation.h"

namespace sifa::corrections {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<Revocation, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Revocation, f>;

std::string RuledOn(const Revocation& r) { return r.ruled_on(); }
std::string Category(const Revocation& r) { return r.person().category(); }
bool Ruled(const Revocation& r) { return r.ruling() != Revocation::RULING_UNSPECIFIED; }
bool Granted(const Revocation& r) { return r.ruling() == Revocation::GRANT; }
bool NotGranted(const Revocation& r) { return r.ruling() == Revocation::REFUSE; }
template <Revocation::Kind kKind>
bool GrantedOf(const Revocation& r) {
  return Granted(r) && r.kind() == kKind;
}

// What is revoked follows from the category.
constexpr Dimension kDimensions[] = {{"category", "矫正类别", "correction_category", "", Text<Category>}};
constexpr Measure kMeasures[] = {
    {"proposed", "已裁定、决定的提请", "件", Number<Ruled>},
    {"granted", "裁定、决定撤销或者收监", "件", Number<Granted>},
    {"refused", "不予撤销、收监", "件", Number<NotGranted>},
    {"probation_revoked", "撤销缓刑", "件", Number<GrantedOf<Revocation::PROBATION>>},
    {"parole_revoked", "撤销假释", "件", Number<GrantedOf<Revocation::PAROLE>>},
    {"recalled", "收监执行", "件", Number<GrantedOf<Revocation::RECALL>>},
};
constexpr Ratio kRatios[] = {{"granted", "提请采纳率", "granted", "proposed", 100, 2, "%", "分母为已裁定、决定的提请"}};

}  // namespace

constexpr Cube kRevocationsCube = {
    .id = 14,
    .name = "corrections.revocations",
    .label = "提请撤销、收监",
    .day = Text<RuledOn>,
    .dimensions = kDimensions,
    .measures = kMeasures,
    .ratios = kRatios,
};
static_assert(IsSound(kRevocationsCube));

}  // namespace sifa::corrections
