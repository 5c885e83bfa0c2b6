// Money is counted in fen (分), whole numbers; yuan are for people.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace sifa {

// 770000 → "7700.00"
inline std::string FormatYuan(int64_t fen) {
  const uint64_t size = fen < 0 ? -static_cast<uint64_t>(fen) : static_cast<uint64_t>(fen);
  return absl::StrFormat("%s%d.%02d", fen < 0 ? "-" : "", size / 100, size % 100);
}

// "7700", "7700.5", "-0.05" → fen. Nothing for more than two decimals, for other characters, or above 10^15
// yuan.
inline std::optional<int64_t> ParseYuan(absl::string_view yuan) {
  const bool negative = !yuan.empty() && yuan[0] == '-';
  if (negative) yuan.remove_prefix(1);
  const size_t point = yuan.find('.');
  const absl::string_view whole = yuan.substr(0, point);
  const absl::string_view part = point == absl::string_view::npos ? "0" : yuan.substr(point + 1);
  if (whole.empty() || whole.size() > 15 || part.empty() || part.size() > 2) return std::nullopt;
  int64_t fen = 0;
  for (absl::string_view digits : {whole, part}) {
    for (char c : digits) {
      if (!absl::ascii_isdigit(c)) return std::nullopt;
      fen = fen * 10 + (c - '0');
    }
  }
  if (part.size() == 1) fen *= 10;
  return negative ? -fen : fen;
}

}  // namespace sifa
