#include "libs/contract/text_forms.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/strings/match.h"
#include "absl/time/civil_time.h"

namespace sifa::contract {
namespace {

constexpr int64_t kMinTimestamp = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kMaxTimestamp = 253402300799;  // 9999-12-31T23:59:59Z
constexpr int64_t kMaxDuration = 315576000000;   // 10,000 years
constexpr int32_t kNanos = 1000000000;

// Exactly n digits from the front of *text.
bool TakeDigits(absl::string_view* text, size_t n, int* value) {
  if (text->size() < n) return false;
  *value = 0;
  for (size_t i = 0; i < n; ++i) {
    if (!absl::ascii_isdigit((*text)[i])) return false;
    *value = *value * 10 + ((*text)[i] - '0');
  }
  text->remove_prefix(n);
  return true;
}

bool Take(absl::string_view* text, char c) {
  if (text->empty() || (*text)[0] != c) return false;
  text->remove_prefix(1);
  return true;
}

// What follows the point: one to nine digits.
bool TakeFraction(absl::string_view* text, int32_t* nanos) {
  *nanos = 0;
  int digits = 0;
  for (; !text->empty() && absl::ascii_isdigit((*text)[0]); ++digits) {
    if (digits == 9) return false;
    *nanos = *nanos * 10 + ((*text)[0] - '0');
    text->remove_prefix(1);
  }
  for (int i = digits; i < 9; ++i) *nanos *= 10;
  return digits > 0;
}

// "Z" or "+08:00", in seconds east of Greenwich; all of *text.
bool TakeOffset(absl::string_view* text, int64_t* offset) {
  *offset = 0;
  if (Take(text, 'Z')) return text->empty();
  int hours, minutes;
  const bool west = !text->empty() && (*text)[0] == '-';
  if (!Take(text, '+') && !Take(text, '-')) return false;
  if (!TakeDigits(text, 2, &hours) || !Take(text, ':') || !TakeDigits(text, 2, &minutes)) return false;
  if (hours > 23 || minutes > 59 || !text->empty()) return false;
  *offset = (west ? -60 : 60) * (hours * 60 + minutes);
  return true;
}

char* PutDigits(char* p, int n, uint32_t value) {
  for (int i = n - 1; i >= 0; --i, value /= 10) p[i] = static_cast<char>('0' + value % 10);
  return p + n;
}

// ".5", ".000001" and so on in three, six or nine digits; nothing for zero.
char* PutFraction(char* p, uint32_t nanos) {
  if (nanos == 0) return p;
  *p++ = '.';
  if (nanos % 1000000 == 0) return PutDigits(p, 3, nanos / 1000000);
  if (nanos % 1000 == 0) return PutDigits(p, 6, nanos / 1000);
  return PutDigits(p, 9, nanos);
}

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> MakeBase64Values() {
  std::array<int8_t, 256> values{};
  for (int8_t& value : values) value = -1;
  for (int i = 0; i < 64; ++i) values[static_cast<uint8_t>(kBase64[i])] = static_cast<int8_t>(i);
  values['-'] = 62;
  values['_'] = 63;
  return values;
}
constexpr std::array<int8_t, 256> kBase64Values = MakeBase64Values();

template <class Float>
void PrintFloating(Float value, Buffer* out) {
  if (std::isnan(value)) return out->Append("\"NaN\"");
  if (std::isinf(value)) return out->Append(value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  char* p = out->Reserve(32);
  if (value == 0 && std::signbit(value)) return out->Append("-0.0");  // "-0" would be read as an integer
  // Long whole numbers need an exponent: parsers, ours among them, take bare digits for an integer.
  const bool long_number = std::fabs(value) >= 1e15;
  out->Advance((long_number ? std::to_chars(p, p + 32, value, std::chars_format::scientific)
                            : std::to_chars(p, p + 32, value))
                   .ptr);
}

template <class Integer>
Parsed ParseWhole(absl::string_view text, Integer* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  if (end == text.data() + text.size() && error == std::errc()) return Parsed::kOk;
  double number;
  if (!ParseNumber(text, &number)) return Parsed::kMalformed;
  return ToInteger(number, value);
}

}  // namespace

bool ParseTimestamp(absl::string_view text, int64_t* seconds, int32_t* nanos) {
  int year, month, day, hour, minute, second;
  int64_t offset;
  *nanos = 0;
  if (!TakeDigits(&text, 4, &year) || !Take(&text, '-') || !TakeDigits(&text, 2, &month) ||
      !Take(&text, '-') || !TakeDigits(&text, 2, &day) || !Take(&text, 'T') || !TakeDigits(&text, 2, &hour) ||
      !Take(&text, ':') || !TakeDigits(&text, 2, &minute) || !Take(&text, ':') ||
      !TakeDigits(&text, 2, &second))
    return false;
  if (Take(&text, '.') && !TakeFraction(&text, nanos)) return false;
  if (!TakeOffset(&text, &offset)) return false;
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  const bool is_real = civil.year() == year && civil.month() == month && civil.day() == day &&
                       civil.hour() == hour && civil.minute() == minute &&
                       civil.second() == second;  // it rolls over otherwise
  *seconds = (civil - absl::CivilSecond(1970, 1, 1)) - offset;
  return is_real && *seconds >= kMinTimestamp && *seconds <= kMaxTimestamp;
}

bool PrintTimestamp(int64_t seconds, int32_t nanos, Buffer* out) {
  if (seconds < kMinTimestamp || seconds > kMaxTimestamp || nanos < 0 || nanos >= kNanos) return false;
  const absl::CivilSecond civil = absl::CivilSecond(1970, 1, 1) + seconds;
  char* p = out->Reserve(32);
  p = PutDigits(p, 4, static_cast<uint32_t>(civil.year()));
  *p++ = '-';
  p = PutDigits(p, 2, civil.month());
  *p++ = '-';
  p = PutDigits(p, 2, civil.day());
  *p++ = 'T';
  p = PutDigits(p, 2, civil.hour());
  *p++ = ':';
  p = PutDigits(p, 2, civil.minute());
  *p++ = ':';
  p = PutDigits(p, 2, civil.second());
  p = PutFraction(p, static_cast<uint32_t>(nanos));
  *p++ = 'Z';
  out->Advance(p);
  return true;
}

bool ParseDuration(absl::string_view text, int64_t* seconds, int32_t* nanos) {
  const bool negative = Take(&text, '-');
  if (text.empty() || !absl::ascii_isdigit(text[0])) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *seconds);
  if (error != std::errc()) return false;
  text.remove_prefix(end - text.data());
  *nanos = 0;
  if (Take(&text, '.') && !TakeFraction(&text, nanos)) return false;
  if (text != "s" || *seconds > kMaxDuration) return false;
  if (negative) {
    *seconds = -*seconds;
    *nanos = -*nanos;
  }
  return true;
}

bool PrintDuration(int64_t seconds, int32_t nanos, Buffer* out) {
  if (seconds < -kMaxDuration || seconds > kMaxDuration || nanos <= -kNanos || nanos >= kNanos) return false;
  if ((seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0)) return false;
  char* p = out->Reserve(32);
  if (seconds < 0 || nanos < 0) *p++ = '-';
  p = std::to_chars(p, p + 20, seconds < 0 ? -seconds : seconds).ptr;
  p = PutFraction(p, static_cast<uint32_t>(nanos < 0 ? -nanos : nanos));
  *p++ = 's';
  out->Advance(p);
  return true;
}

bool ParseMaskPath(absl::string_view path, std::string* snake) {
  snake->clear();
  bool after_underscore = false;
  for (char c : path) {
    if (after_underscore && !absl::ascii_islower(c)) return false;  // has no form in JSON
    if (absl::ascii_isupper(c)) snake->push_back('_');
    snake->push_back(absl::ascii_tolower(c));
    after_underscore = c == '_';
  }
  return !snake->empty() && !after_underscore;
}

bool PrintMaskPath(absl::string_view snake, Buffer* out) {
  bool after_underscore = false;
  for (char c : snake) {
    // Names that have no camel form, and all that would need an escape in JSON.
    if (absl::ascii_isupper(c) || (after_underscore && !absl::ascii_islower(c))) return false;
    if (!absl::ascii_isalnum(c) && c != '_' && c != '.') return false;
    if (c != '_') out->Byte(after_underscore ? absl::ascii_toupper(c) : c);
    after_underscore = c == '_';
  }
  return !after_underscore;
}

bool ParseBase64(absl::string_view text, Buffer* out) {
  const size_t size = text.size();
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  const size_t padding = size - text.size();
  if (text.size() % 4 == 1 || (padding != 0 && (padding > 2 || size % 4 != 0))) return false;
  char* p = out->Reserve(text.size() / 4 * 3 + 3);
  uint32_t bits = 0;
  int have = 0;
  for (char c : text) {
    const int value = kBase64Values[static_cast<uint8_t>(c)];
    if (value < 0) return false;
    bits = bits << 6 | static_cast<uint32_t>(value);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    *p++ = static_cast<char>(bits >> have);
  }
  out->Advance(p);
  return true;
}

void PrintBase64(absl::string_view bytes, Buffer* out) {
  char* p = out->Reserve((bytes.size() + 2) / 3 * 4);
  const auto at = [&](size_t i) { return i < bytes.size() ? static_cast<uint8_t>(bytes[i]) : 0u; };
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const uint32_t bits = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    *p++ = kBase64[bits >> 18];
    *p++ = kBase64[bits >> 12 & 63];
    *p++ = i + 1 < bytes.size() ? kBase64[bits >> 6 & 63] : '=';
    *p++ = i + 2 < bytes.size() ? kBase64[bits & 63] : '=';
  }
  out->Advance(p);
}

void PrintDouble(double value, Buffer* out) { PrintFloating(value, out); }
void PrintFloat(float value, Buffer* out) { PrintFloating(value, out); }

bool ParseNumber(absl::string_view text, double* value) {
  absl::string_view digits = text;
  Take(&digits, '-');
  if (digits.empty() || !absl::ascii_isdigit(digits[0]) || absl::StrContains(digits, 'x') || absl::StrContains(digits, 'X'))
    return false;  // from_chars also knows "inf", ".5" and "0x7"
  const auto [end, error] = absl::from_chars(text.data(), text.data() + text.size(), *value);
  if (end != text.data() + text.size() || text.back() == '.') return false;
  return error == std::errc() ||
         (error == std::errc::result_out_of_range && std::fabs(*value) < 1);  // underflow is 0
}

Parsed ParseInteger(absl::string_view text, int64_t* value) { return ParseWhole(text, value); }
Parsed ParseInteger(absl::string_view text, uint64_t* value) { return ParseWhole(text, value); }

Parsed ToInteger(double number, int64_t* value) {
  if (!(number >= -0x1p63 && number < 0x1p63)) return Parsed::kOutOfRange;
  if (std::trunc(number) != number) return Parsed::kMalformed;
  *value = static_cast<int64_t>(number);
  return Parsed::kOk;
}

Parsed ToInteger(double number, uint64_t* value) {
  if (!(number >= 0 && number < 0x1p64)) return Parsed::kOutOfRange;
  if (std::trunc(number) != number) return Parsed::kMalformed;
  *value = static_cast<uint64_t>(number);
  return Parsed::kOk;
}

}  // namespace sifa::contract
