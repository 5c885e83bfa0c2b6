// 裁量: the tiers of a benchmark, and what they come to in money. Pure.
#pragma once

#include <optional>
#include <string>

#include "sifa/enforcement/v1/benchmark.pb.h"

namespace sifa::enforcement {

// Code table enforcement_tier, from light to heavy.
constexpr char kNoPenaltyTier[] = "1";  // 不予处罚
constexpr char kMitigatedTier[] = "2";  // 减轻处罚: below the minimum, on a ground of §32
constexpr char kLighterTier[] = "3";    // 从轻处罚
constexpr char kOrdinaryTier[] = "4";   // 一般处罚
constexpr char kHeavierTier[] = "5";    // 从重处罚

// The tier of that code; null where the benchmark has none.
const v1::Tier* FindTier(const google::protobuf::RepeatedPtrField<v1::Tier>& tiers, const std::string& code);

// What is wrong with the tiers of a benchmark, in a sentence; empty where nothing is. Each stands once; a lighter one does not
// end above a heavier one, and begins where or before that one does; 从轻, 一般 and 从重 lie within the statutory band, 减轻 lies
// below its minimum, 不予 has no band.
std::string WrongInTiers(const v1::Benchmark& benchmark);
// The same of its tiers beside those of the superior organ, which they refine and do not exceed (国办发〔2022〕27号).
std::string BeyondSuperior(const v1::Benchmark& benchmark);

// A stretch of fines in fen, both ends included.
struct FineBand {
  int64_t least = 0;
  int64_t most = 0;
  bool Has(int64_t fen) const { return least <= fen && fen <= most; }
};
// In money, of goods of that value where the benchmark is one of multiples. nullopt where they are not valued.
std::optional<FineBand> InMoney(const v1::Benchmark& benchmark, const v1::Band& band, std::optional<int64_t> goods_fen);

// "1000.00元至5000.00元"; "货值金额的2.5倍至5倍"
std::string Describe(const v1::Benchmark& benchmark, const v1::Band& band);
std::string Describe(const FineBand& band);

}  // namespace sifa::enforcement
