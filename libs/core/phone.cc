#include "libs/core/phone.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/core/text.h"
#include "unicode/uchar.h"

namespace sifa {
namespace {

bool AllDigits(absl::string_view text) { return std::all_of(text.begin(), text.end(), absl::ascii_isdigit); }

// Digits and a plus, without what only groups them: spaces, brackets, dots and dashes. Anything else stays, and makes it no
// number. `last_dash`: where in the result the last dash stood; npos where there is none.
std::string Ungrouped(absl::string_view text, size_t* last_dash) {
  constexpr uint32_t kBrackets = U_GC_PS_MASK | U_GC_PE_MASK;
  std::string digits;
  *last_dash = std::string::npos;
  while (!text.empty()) {
    const char32_t c = NextCharacter(&text);
    const uint32_t category = U_GET_GC_MASK(static_cast<UChar32>(c));
    const int digit = u_charDigitValue(static_cast<UChar32>(c));
    if (category & U_GC_PD_MASK) *last_dash = digits.size();
    if (IsWhiteSpace(c) || c == '.' || category & (U_GC_PD_MASK | kBrackets)) continue;
    digits.push_back(digit >= 0 ? static_cast<char>('0' + digit) : c == '+' ? '+' : '?');
  }
  return digits;
}

bool IsMobile(absl::string_view digits) { return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3'; }

// 010 and 02x of the largest cities; four digits elsewhere. 00 is dialled before a country.
size_t AreaCodeSize(absl::string_view digits) { return absl::StartsWith(digits, "010") || absl::StartsWith(digits, "02") ? 3 : 4; }

// A fixed line with its area code: 7 or 8 digits follow, the first neither 0 nor 1.
bool IsFixed(absl::string_view digits) {
  if (digits.size() < 10 || digits[0] != '0' || digits[1] == '0') return false;
  const bool largest = digits[1] == '1' || digits[1] == '2';
  if (largest && AreaCodeSize(digits) != 3) return false;  // 011 to 019 are no areas
  const absl::string_view line = digits.substr(AreaCodeSize(digits));
  return (line.size() == 7 || line.size() == 8) && line[0] > '1';
}

std::string Fixed(absl::string_view digits) {
  const size_t area = AreaCodeSize(digits);
  return absl::StrCat(digits.substr(0, area), "-", digits.substr(area));
}

bool IsService(absl::string_view digits) {
  if (digits.size() == 10) return absl::StartsWith(digits, "400") || absl::StartsWith(digits, "800");
  if (digits.size() == 3 || digits.size() == 5) {
    if (digits[0] == '1') return true;
  }
  return digits.size() >= 5 && digits.size() <= 8 && (absl::StartsWith(digits, "95") || absl::StartsWith(digits, "96"));
}

// Within the country; `bare`: behind its country code, where the area code has lost its 0.
std::optional<std::string> National(absl::string_view digits, bool bare) {
  if (!AllDigits(digits)) return std::nullopt;
  if (IsMobile(digits) || IsService(digits)) return std::string(digits);
  if (digits.size() == 12 && digits[0] == '0' && IsMobile(digits.substr(1))) return std::string(digits.substr(1));  // from afar
  if (IsFixed(digits)) return Fixed(digits);
  const std::string with_zero = absl::StrCat("0", digits);
  return bare && IsFixed(with_zero) ? std::optional(Fixed(with_zero)) : std::nullopt;
}

std::optional<std::string> Whole(absl::string_view digits) {
  if (absl::ConsumePrefix(&digits, "+86") || absl::ConsumePrefix(&digits, "0086")) return National(digits, /*bare=*/true);
  const bool abroad = absl::ConsumePrefix(&digits, "+") || absl::ConsumePrefix(&digits, "00");
  if (digits.empty() || !AllDigits(digits)) return std::nullopt;
  if (abroad) {
    if (digits.size() < 7 || digits.size() > 15 || digits[0] == '0') return std::nullopt;
    return absl::StrCat("+", digits);
  }
  if (auto number = National(digits, /*bare=*/false)) return number;
  if (!absl::ConsumePrefix(&digits, "86")) return std::nullopt;
  return IsMobile(digits) || IsFixed(digits) ? National(digits, /*bare=*/false) : std::nullopt;
}

}  // namespace

std::optional<std::string> NormalPhone(absl::string_view typed) {
  constexpr size_t kLongestExtension = 6;
  const std::string token = NormalToken(typed);
  absl::string_view number(token), extension;
  for (absl::string_view word : {"转", "#", "分机"}) {
    const size_t at = number.find(word);
    if (at == absl::string_view::npos) continue;
    extension = number.substr(at + word.size());
    number = number.substr(0, at);
  }
  size_t dash, ignored;
  std::string digits = Ungrouped(number, &dash), inner = Ungrouped(extension, &ignored);
  auto whole = Whole(digits);
  if (!whole && extension.empty() && dash != std::string::npos) {
    inner = digits.substr(dash);
    digits.resize(dash);
    whole = Whole(digits);
  }
  if (!whole || (extension.empty() && inner.empty())) return whole;
  if (inner.empty() || inner.size() > kLongestExtension || !AllDigits(inner) || IsMobile(*whole)) return std::nullopt;
  // By its own sign and no dash, which also only groups: 0579-6620001 extension 8 is not 0579-66200018.
  return absl::StrCat(*whole, "转", inner);
}

}  // namespace sifa
