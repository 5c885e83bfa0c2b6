// Ratios as reports print them: exact integers, halves away from zero (四舍五入). No doubles: 17.075 must not
// depend on binary.
#pragma once

#include <cstdint>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace sifa {

// What stands for a ratio without a base.
inline constexpr absl::string_view kNoRatio = "—";

// numerator ÷ denominator, to the nearest whole number. REQUIRES: denominator != 0
inline absl::int128 RoundHalfUp(absl::int128 numerator, absl::int128 denominator) {
  const bool negative = (numerator < 0) != (denominator < 0);
  const absl::int128 n = numerator < 0 ? -numerator : numerator;
  const absl::int128 d = denominator < 0 ? -denominator : denominator;
  absl::int128 quotient = n / d;
  const absl::int128 rest = n - quotient * d;
  if (rest >= d - rest) ++quotient;
  return negative ? -quotient : quotient;
}

// 9976 with 2 decimals → "99.76". REQUIRES: 0 <= decimals <= 9
inline std::string DecimalText(int64_t units, int decimals) {
  const uint64_t size = units < 0 ? -static_cast<uint64_t>(units) : static_cast<uint64_t>(units);
  std::string digits = absl::StrCat(size);
  if (decimals > 0) {
    const auto least = static_cast<size_t>(decimals) + 1;
    if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
    digits.insert(digits.size() - static_cast<size_t>(decimals), 1, '.');
  }
  return units < 0 ? absl::StrCat("-", digits) : digits;
}

// numerator × scale ÷ denominator: scale 100 for percent, 10000 for 件/万人. RatioText(7531, 7549, 100, 2) →
// "99.76"; kNoRatio where the denominator is zero. REQUIRES: 0 <= decimals <= 9
inline std::string RatioText(int64_t numerator, int64_t denominator, int64_t scale, int decimals) {
  if (denominator == 0) return std::string(kNoRatio);
  absl::int128 scaled = absl::int128(numerator) * scale;
  for (int i = 0; i < decimals; ++i) scaled *= 10;
  return DecimalText(static_cast<int64_t>(RoundHalfUp(scaled, denominator)), decimals);
}

}  // namespace sifa
