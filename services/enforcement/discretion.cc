#include "services/enforcement/discretion.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "libs/core/money.h"

namespace sifa::enforcement {
namespace {

using v1::Band;
using v1::Benchmark;
using v1::Tier;

bool Within(const Band& inner, const Band& outer) { return outer.least() <= inner.least() && inner.most() <= outer.most(); }

std::string TierName(const std::string& code) {
  if (code == kNoPenaltyTier) return "不予处罚";
  if (code == kMitigatedTier) return "减轻处罚";
  if (code == kLighterTier) return "从轻处罚";
  if (code == kOrdinaryTier) return "一般处罚";
  return "从重处罚";
}

std::string WrongInTier(const Benchmark& benchmark, const Tier& tier) {
  const std::string name = TierName(tier.tier());
  if (tier.tier() == kNoPenaltyTier) return tier.has_band() ? "不予处罚没有罚款幅度" : "";
  if (!tier.has_band()) return absl::StrCat(name, "没有写明幅度");
  if (tier.band().least() > tier.band().most()) return absl::StrCat(name, "的下限高于上限");
  if (tier.tier() == kMitigatedTier) {
    if (benchmark.statutory().least() == 0) return "法律没有规定最低罚款，不能减轻处罚";
    return tier.band().most() < benchmark.statutory().least() ? "" : "减轻处罚应当低于法定最低罚款";
  }
  return Within(tier.band(), benchmark.statutory()) ? "" : absl::StrCat(name, "超出法定幅度");
}

// 2500 → "25", 250 → "2.5"
std::string Times(int64_t hundredths) {
  std::string text = FormatYuan(hundredths);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

// Half a fen rounds up.
int64_t TimesOf(int64_t goods_fen, int64_t hundredths) {
  return static_cast<int64_t>((absl::int128(goods_fen) * hundredths + 50) / 100);
}

}  // namespace

const Tier* FindTier(const google::protobuf::RepeatedPtrField<Tier>& tiers, const std::string& code) {
  for (const Tier& tier : tiers) {
    if (tier.tier() == code) return &tier;
  }
  return nullptr;
}

std::string WrongInTiers(const Benchmark& benchmark) {
  if (benchmark.statutory().least() > benchmark.statutory().most()) return "法定幅度的下限高于上限";
  const Tier* before = nullptr;
  for (const Tier& tier : benchmark.tiers()) {
    if (before != nullptr && tier.tier() <= before->tier()) return "裁量档次应当由轻到重，各写一次";
    if (std::string wrong = WrongInTier(benchmark, tier); !wrong.empty()) return wrong;
    if (before != nullptr && before->has_band() &&
        (before->band().most() > tier.band().most() || before->band().least() > tier.band().least())) {
      return absl::StrCat(TierName(before->tier()), "重于", TierName(tier.tier()));
    }
    before = &tier;
  }
  return "";
}

std::string BeyondSuperior(const Benchmark& benchmark) {
  for (const Tier& tier : benchmark.tiers()) {
    const Tier* above = FindTier(benchmark.superior_tiers(), tier.tier());
    if (above == nullptr) return absl::StrCat("上级裁量基准没有“", TierName(tier.tier()), "”一档");
    if (tier.has_band() && !Within(tier.band(), above->band())) {
      return absl::StrCat(TierName(tier.tier()), "为", Describe(benchmark, tier.band()), "，超出上级的",
                          Describe(benchmark, above->band()));
    }
  }
  return "";
}

std::optional<FineBand> InMoney(const Benchmark& benchmark, const Band& band, std::optional<int64_t> goods_fen) {
  if (benchmark.measure() == Benchmark::AMOUNT) return FineBand{band.least(), band.most()};
  if (!goods_fen) return std::nullopt;
  return FineBand{TimesOf(*goods_fen, band.least()), TimesOf(*goods_fen, band.most())};
}

std::string Describe(const Benchmark& benchmark, const Band& band) {
  if (benchmark.measure() == Benchmark::AMOUNT) return Describe(FineBand{band.least(), band.most()});
  return absl::StrCat("货值金额的", Times(band.least()), "倍至", Times(band.most()), "倍");
}

std::string Describe(const FineBand& band) { return absl::StrCat(FormatYuan(band.least), "元至", FormatYuan(band.most), "元"); }

}  // namespace sifa::enforcement
