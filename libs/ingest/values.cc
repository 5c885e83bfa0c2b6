#include "libs/ingest/values.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/core/text.h"

namespace sifa::ingest {
namespace {

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// The digits at the beginning, taken away.
absl::string_view TakeDigits(absl::string_view* text) {
  const auto end = std::find_if_not(text->begin(), text->end(), IsDigit);
  const absl::string_view digits = text->substr(0, static_cast<size_t>(end - text->begin()));
  text->remove_prefix(digits.size());
  return digits;
}

// ---- Chinese numerals

struct Numeral {
  absl::string_view character;
  int64_t value;
};
constexpr Numeral kDigits[] = {{"〇", 0}, {"○", 0},  {"零", 0}, {"一", 1}, {"二", 2}, {"三", 3}, {"四", 4}, {"五", 5},
                               {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9}, {"壹", 1}, {"贰", 2}, {"貳", 2}, {"叁", 3},
                               {"肆", 4}, {"伍", 5}, {"陆", 6}, {"柒", 7}, {"捌", 8}, {"玖", 9}, {"两", 2}};
constexpr Numeral kScales[] = {{"十", 10}, {"拾", 10}, {"百", 100}, {"佰", 100}, {"千", 1000}, {"仟", 1000}};
constexpr Numeral kMyriads[] = {{"万", 10'000}, {"萬", 10'000}, {"亿", 100'000'000}, {"億", 100'000'000}};

template <size_t n>
std::optional<int64_t> Take(const Numeral (&numerals)[n], absl::string_view* text) {
  for (const Numeral& numeral : numerals) {
    if (absl::ConsumePrefix(text, numeral.character)) return numeral.value;
  }
  return std::nullopt;
}

// A number in Chinese numerals at the beginning, taken away: 壹万零伍佰 → 10500. Nothing where none stands there, or above 10^15.
std::optional<int64_t> TakeNumeral(absl::string_view* text) {
  int64_t total = 0, section = 0, digit = 0;
  bool any = false;
  for (;; any = true) {
    if (const auto value = Take(kDigits, text)) {
      digit = *value;
    } else if (const auto scale = Take(kScales, text)) {
      section += (digit == 0 ? 1 : digit) * *scale;
      digit = 0;
    } else if (const auto myriad = Take(kMyriads, text)) {
      const int64_t below = section + digit;
      if (total + below > 1'000'000'000'000) return std::nullopt;
      if (*myriad == 100'000'000 && total + below > 10'000'000) return std::nullopt;
      total = *myriad == 100'000'000 ? (total + below) * *myriad : total + below * *myriad;
      section = digit = 0;
    } else {
      break;
    }
  }
  return any ? std::optional(total + section + digit) : std::nullopt;
}

// Each numeral is a digit of its own: 二〇二四 → 2024.
std::optional<int> TakeYearInNumerals(absl::string_view* text) {
  int year = 0;
  for (int i = 0; i < 4; ++i) {
    const auto digit = Take(kDigits, text);
    if (!digit) return std::nullopt;
    year = year * 10 + static_cast<int>(*digit);
  }
  return year;
}

// ---- Days

std::optional<absl::CivilDay> MakeDay(int64_t year, int64_t month, int64_t day) {
  if (year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const absl::CivilDay made(year, month, day);
  if (made.month() != month || made.day() != day) return std::nullopt;
  return made;
}

int64_t ToNumber(absl::string_view digits) {
  int64_t number = -1;
  return digits.size() <= 4 && absl::SimpleAtoi(digits, &number) ? number : -1;
}

bool IsTimeOfDay(absl::string_view text) {
  if (text.empty()) return true;
  if (text[0] != ' ' && text[0] != 'T') return false;
  return std::all_of(text.begin() + 1, text.end(),
                     [](char c) { return IsDigit(c) || c == ':' || c == '.' || c == ' ' || c == 'Z' || c == '+'; });
}

std::optional<absl::CivilDay> ReadDayInNumerals(absl::string_view text) {
  const auto year = TakeYearInNumerals(&text);
  if (!year || !absl::ConsumePrefix(&text, "年")) return std::nullopt;
  const auto month = TakeNumeral(&text);
  if (!month || !absl::ConsumePrefix(&text, "月")) return std::nullopt;
  const auto day = TakeNumeral(&text);
  if (!day || (text != "日" && text != "号")) return std::nullopt;
  return MakeDay(*year, *month, *day);
}

// ---- Money

constexpr int64_t kFenOfYuan = 100;
constexpr int64_t kMostFen = 100'000'000'000'000'000;

struct Unit {
  absl::string_view name;
  int64_t fen;
};
constexpr Unit kUnits[] = {{"亿元", 10'000'000'000}, {"万元", 1'000'000}, {"千元", 100'000}, {"百元", 10'000},
                           {"元", kFenOfYuan},       {"圆", kFenOfYuan},  {"万", 1'000'000}};

// The digits of a decimal times the fen of its unit; nothing where parts of a fen are left, or it is too large.
std::optional<int64_t> Fen(absl::string_view whole, absl::string_view part, int64_t unit) {
  __int128 fen = 0;
  for (const char c : whole) {
    fen = fen * 10 + (c - '0') * static_cast<__int128>(unit);
    if (fen > kMostFen) return std::nullopt;
  }
  for (const char c : part) {
    if (c == '0') {
      unit /= 10;
      continue;
    }
    if (unit % 10 != 0) return std::nullopt;
    unit /= 10;
    fen += (c - '0') * unit;
  }
  return fen > kMostFen ? std::nullopt : std::optional(static_cast<int64_t>(fen));
}

// 1,234,567.89 at the beginning, taken away. Thousands are threes.
bool TakeDecimal(absl::string_view* text, std::string* whole, absl::string_view* part) {
  whole->assign(std::string(TakeDigits(text)));
  if (whole->empty()) return false;
  const size_t lead = whole->size();
  while (lead <= 3 && text->size() >= 4 && (*text)[0] == ',' && std::all_of(text->begin() + 1, text->begin() + 4, IsDigit) &&
         (text->size() == 4 || !IsDigit((*text)[4]))) {
    whole->append(text->data() + 1, 3);
    text->remove_prefix(4);
  }
  *part = "";
  if (text->size() >= 2 && (*text)[0] == '.' && IsDigit((*text)[1])) {
    text->remove_prefix(1);
    *part = TakeDigits(text);
  }
  return true;
}

const Unit* TakeUnit(absl::string_view* text) {
  for (const Unit& unit : kUnits) {
    if (absl::ConsumePrefix(text, unit.name)) return &unit;
  }
  return nullptr;
}

std::string WithoutBlanks(absl::string_view text) {
  std::string kept;
  const std::string token = NormalToken(text);
  for (absl::string_view rest = token; !rest.empty();) {
    const absl::string_view from = rest;
    if (!IsWhiteSpace(NextCharacter(&rest))) kept.append(from.data(), from.size() - rest.size());
  }
  return kept;
}

}  // namespace

std::optional<absl::CivilDay> ReadDay(absl::string_view text) {
  const std::string token = NormalToken(text);
  absl::string_view rest = token;
  const absl::string_view year = TakeDigits(&rest);
  if (year.size() == 8) {
    if (!IsTimeOfDay(rest)) return std::nullopt;
    return MakeDay(ToNumber(year.substr(0, 4)), ToNumber(year.substr(4, 2)), ToNumber(year.substr(6)));
  }
  if (year.empty()) return ReadDayInNumerals(rest);
  if (year.size() != 4) return std::nullopt;
  absl::string_view between, last;  // what stands between month and day, and behind the day
  if (absl::ConsumePrefix(&rest, "年")) {
    between = "月", last = "日";
  } else {
    between = rest.substr(0, 1);
    if (between.empty() || !absl::StrContains("/-.", between)) return std::nullopt;
    rest.remove_prefix(1);
  }
  const int64_t month = ToNumber(TakeDigits(&rest));
  if (!absl::ConsumePrefix(&rest, between)) return std::nullopt;
  const int64_t day = ToNumber(TakeDigits(&rest));
  if (!absl::ConsumePrefix(&rest, last) || !IsTimeOfDay(rest)) return std::nullopt;
  return MakeDay(ToNumber(year), month, day);
}

std::optional<absl::CivilDay> DayOfSerial(int64_t serial, bool from_1904) {
  if (serial < 0 || serial > 2'958'465) return std::nullopt;
  if (from_1904) return absl::CivilDay(1904, 1, 1) + serial;
  if (serial < 1 || serial == 60) return std::nullopt;
  return absl::CivilDay(1899, 12, serial < 60 ? 31 : 30) + serial;
}

std::optional<absl::CivilDay> DayOfBareSerial(absl::string_view number, bool from_1904) {
  int64_t serial;
  if (!absl::SimpleAtoi(number.substr(0, number.find('.')), &serial)) return std::nullopt;
  const auto day = DayOfSerial(serial, from_1904);
  return day && day->year() >= 2000 && day->year() <= 2100 ? day : std::nullopt;
}

std::optional<std::string> PlainDecimal(absl::string_view number, bool* digits_lost) {
  *digits_lost = false;
  const bool negative = absl::ConsumePrefix(&number, "-");
  if (!negative) absl::ConsumePrefix(&number, "+");
  std::string digits(TakeDigits(&number));
  auto point = static_cast<int64_t>(digits.size());  // after so many digits
  if (absl::ConsumePrefix(&number, ".")) absl::StrAppend(&digits, TakeDigits(&number));
  if (digits.empty()) return std::nullopt;
  if (!number.empty()) {
    int exponent;
    if (number.size() < 2 || (number[0] != 'E' && number[0] != 'e') || !absl::SimpleAtoi(number.substr(1), &exponent))
      return std::nullopt;
    if (exponent > 30 || exponent < -30) return std::nullopt;
    point += exponent;
  }
  const size_t zeros = std::min(digits.find_first_not_of('0'), digits.size());
  digits.erase(0, zeros);
  point -= static_cast<int64_t>(zeros);
  if (digits.empty()) return "0";
  if (point > 30 || point < -30) return std::nullopt;
  *digits_lost = point > 15;
  if (digits.size() > 15) {
    const bool up = digits[15] >= '5';
    digits.resize(15);
    for (size_t i = 15; up && i-- > 0;) {
      if (digits[i] != '9') {
        ++digits[i];
        break;
      }
      digits[i] = '0';
      if (i == 0) digits.insert(0, "1"), ++point;
    }
  }
  digits.erase(digits.find_last_not_of('0') + 1);
  std::string plain = negative ? "-" : "";
  if (point <= 0) {
    absl::StrAppend(&plain, "0.", std::string(static_cast<size_t>(-point), '0'), digits);
  } else if (digits.size() <= static_cast<size_t>(point)) {
    absl::StrAppend(&plain, digits, std::string(static_cast<size_t>(point) - digits.size(), '0'));
  } else {
    absl::StrAppend(&plain, digits.substr(0, static_cast<size_t>(point)), ".", digits.substr(static_cast<size_t>(point)));
  }
  return plain;
}

bool IsShortened(absl::string_view text) {
  if (TakeDigits(&text).size() != 1) return false;
  if (absl::ConsumePrefix(&text, ".")) TakeDigits(&text);
  return (absl::ConsumePrefix(&text, "E+") || absl::ConsumePrefix(&text, "e+")) && TakeDigits(&text).size() == 2 && text.empty();
}

AmountVerdict ReadAmount(absl::string_view text, absl::string_view unit, int64_t* fen) {
  const std::string plain = WithoutBlanks(text);
  absl::string_view rest = plain;
  for (const absl::string_view sign : {"人民币", "¥", "RMB"}) absl::ConsumePrefix(&rest, sign);
  bool negative = absl::ConsumePrefix(&rest, "-");
  if (rest.size() > 2 && rest.front() == '(' && rest.back() == ')') {  // as bookkeepers write it
    negative = true;
    rest = rest.substr(1, rest.size() - 2);
  }
  int64_t in_unit = unit == "万元" ? 1'000'000 : kFenOfYuan;
  const int64_t of_column = in_unit;
  std::string whole;
  absl::string_view part;
  if (const absl::string_view from = rest; TakeDecimal(&rest, &whole, &part)) {
    bool lost;
    if (!rest.empty() && absl::ascii_toupper(static_cast<unsigned char>(rest[0])) == 'E') {
      const auto decimal = PlainDecimal(from, &lost);
      if (!decimal || lost) return AmountVerdict::kInvalid;
      return ReadAmount(absl::StrCat(negative ? "-" : "", *decimal), unit, fen);
    }
    if (const Unit* stated = TakeUnit(&rest)) in_unit = stated->fen;
  } else if (const auto number = TakeNumeral(&rest)) {
    const Unit* stated = TakeUnit(&rest);
    if (stated == nullptr) return AmountVerdict::kInvalid;
    in_unit = stated->fen;
    whole = absl::StrCat(*number);
  }
  absl::ConsumePrefix(&rest, "整");
  if (whole.empty() || !rest.empty()) return AmountVerdict::kInvalid;
  const auto read = Fen(whole, part, in_unit);
  if (!read) return AmountVerdict::kInvalid;
  if (negative && *read != 0) return AmountVerdict::kNegative;
  *fen = *read;
  return in_unit == of_column ? AmountVerdict::kRead : AmountVerdict::kReadInItsUnit;
}

std::optional<int64_t> LargestAmountIn(absl::string_view text) {
  const std::string plain = WithoutBlanks(text);
  std::optional<int64_t> largest;
  for (absl::string_view rest = plain; !rest.empty();) {
    const absl::string_view from = rest;
    std::string whole;
    absl::string_view part;
    std::optional<int64_t> fen;
    if (TakeDecimal(&rest, &whole, &part)) {
      if (const Unit* unit = TakeUnit(&rest)) fen = Fen(whole, part, unit->fen);
    } else if (const auto number = TakeNumeral(&rest)) {
      if (const Unit* unit = TakeUnit(&rest)) fen = Fen(absl::StrCat(*number), "", unit->fen);
    }
    if (fen && (!largest || *fen > *largest)) largest = fen;
    if (rest.size() == from.size()) NextCharacter(&rest);
  }
  return largest;
}

}  // namespace sifa::ingest
