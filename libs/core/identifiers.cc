#include "libs/core/identifiers.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa {
namespace {

bool AllDigits(absl::string_view text) { return std::all_of(text.begin(), text.end(), absl::ascii_isdigit); }

int Number(absl::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

// Nothing for a date that does not exist: CivilDay would carry 31 April over into May.
std::optional<absl::CivilDay> RealDate(int year, int month, int day) {
  const absl::CivilDay date(year, month, day);
  if (year < 1800 || date.year() != year || date.month() != month || date.day() != day) return std::nullopt;
  return date;
}

// 省级行政区划代码, GB/T 2260, which a number of any year may begin with.
bool IsProvince(absl::string_view two_digits) {
  static constexpr absl::string_view kProvinces =
      "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82";
  return kProvinces.find(two_digits) != absl::string_view::npos;
}

// 83: residence permits of people from Taiwan. 9: permanent residence of foreigners, with the province that issued it.
bool IsIssued(absl::string_view citizen_id) {
  if (citizen_id[0] == '9') return IsProvince(citizen_id.substr(1, 2));
  return IsProvince(citizen_id.substr(0, 2)) || citizen_id.substr(0, 2) == "83";
}

// `body`: the 17 digits before the check.
char CitizenCheck(absl::string_view body) {
  static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (int i = 0; i < 17; ++i) sum += (body[i] - '0') * kWeights[i];
  return "10X98765432"[sum % 11];
}

bool IsCitizenForm(absl::string_view id) {
  return id.size() == 18 && AllDigits(id.substr(0, 17)) &&
         (absl::ascii_isdigit(id[17]) || id[17] == 'X' || id[17] == 'x');
}

std::optional<absl::CivilDay> DateIn(absl::string_view id) {
  return RealDate(Number(id.substr(6, 4)), Number(id.substr(10, 2)), Number(id.substr(12, 2)));
}

std::string WithCentury(absl::string_view old) {
  const std::string body = absl::StrCat(old.substr(0, 6), "19", old.substr(6));
  return absl::StrCat(body, std::string(1, CitizenCheck(body)));
}

absl::Status CitizenIdError(CitizenIdVerdict verdict) {
  const auto error = [](absl::string_view reason, absl::string_view message) {
    return Error(absl::StatusCode::kInvalidArgument, reason, message);
  };
  switch (verdict) {
    case CitizenIdVerdict::kValid:
      return absl::OkStatus();
    case CitizenIdVerdict::kMalformed:
      return error("CITIZEN_ID_MALFORMED", "身份证号码应为18位");
    case CitizenIdVerdict::kBadDate:
      return error("CITIZEN_ID_DATE", "身份证号码中的出生日期不存在");
    case CitizenIdVerdict::kBadDivision:
      return error("CITIZEN_ID_DIVISION", "身份证号码开头不是任何省、自治区、直辖市的代码，请核对是否录错");
    case CitizenIdVerdict::kBadChecksum:
      return error("CITIZEN_ID_CHECKSUM", "身份证号码校验不符，请核对是否录错");
    case CitizenIdVerdict::kOldForm:
      return error("CITIZEN_ID_OLD_FORM", "15位身份证号码已停用，请换录18位号码");
  }
  return absl::OkStatus();
}

constexpr absl::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";  // no I O S V Z

bool IsCreditForm(absl::string_view code) {
  return code.size() == 18 && AllDigits(code.substr(2, 6)) &&
         std::all_of(code.begin(), code.end(),
                     [](char c) { return kCreditAlphabet.find(c) != absl::string_view::npos; });
}

// 登记管理部门代码, GB 32100 table 1 and its amendment; 10 is the division of the national authorities.
bool IsRegistered(absl::string_view code) {
  constexpr absl::string_view kAuthorities = "123456789ANY";
  return kAuthorities.find(code[0]) != absl::string_view::npos && (IsProvince(code.substr(2, 2)) || code.substr(2, 2) == "10");
}

char CreditCheck(absl::string_view code) {
  int sum = 0;
  for (int i = 0, weight = 1; i < 17; ++i, weight = weight * 3 % 31) {
    sum += static_cast<int>(kCreditAlphabet.find(code[i])) * weight;
  }
  return kCreditAlphabet[(31 - sum % 31) % 31];
}

}  // namespace

CitizenIdVerdict CheckCitizenId(absl::string_view id) {
  if (id.size() == 15 && AllDigits(id)) {
    if (!DateIn(WithCentury(id))) return CitizenIdVerdict::kBadDate;
    return IsIssued(id) ? CitizenIdVerdict::kOldForm : CitizenIdVerdict::kBadDivision;
  }
  if (!IsCitizenForm(id)) return CitizenIdVerdict::kMalformed;
  if (!DateIn(id)) return CitizenIdVerdict::kBadDate;
  if (!IsIssued(id)) return CitizenIdVerdict::kBadDivision;
  return CitizenCheck(id) == absl::ascii_toupper(id[17]) ? CitizenIdVerdict::kValid
                                                         : CitizenIdVerdict::kBadChecksum;
}

absl::StatusOr<std::string> ParseCitizenId(absl::string_view id, absl::CivilDay today) {
  RETURN_IF_ERROR(CitizenIdError(CheckCitizenId(id)));
  if (*DateIn(id) > today)
    return Error(absl::StatusCode::kInvalidArgument, "CITIZEN_ID_DATE", "身份证号码中的出生日期晚于今天");
  return absl::AsciiStrToUpper(id);
}

absl::StatusOr<std::string> ConvertOldCitizenId(absl::string_view id) {
  const CitizenIdVerdict verdict = CheckCitizenId(id);
  if (verdict == CitizenIdVerdict::kOldForm) return WithCentury(id);
  const bool named = verdict == CitizenIdVerdict::kBadDate || verdict == CitizenIdVerdict::kBadDivision;
  return CitizenIdError(named ? verdict : CitizenIdVerdict::kMalformed);
}

std::optional<Sex> SexOf(absl::string_view citizen_id) {
  if (CheckCitizenId(citizen_id) != CitizenIdVerdict::kValid) return std::nullopt;
  return (citizen_id[16] - '0') % 2 == 1 ? Sex::kMale : Sex::kFemale;
}

std::optional<absl::CivilDay> BirthDateOf(absl::string_view citizen_id) {
  if (CheckCitizenId(citizen_id) != CitizenIdVerdict::kValid) return std::nullopt;
  return DateIn(citizen_id);
}

int AgeOn(absl::CivilDay birth, absl::CivilDay day) {
  const auto years = static_cast<int>(day.year() - birth.year());
  const bool reached = day.month() != birth.month() ? day.month() > birth.month() : day.day() > birth.day();
  return std::max(0, reached ? years : years - 1);
}

CreditCodeVerdict CheckCreditCode(absl::string_view code) {
  const std::string upper = absl::AsciiStrToUpper(code);
  const bool in_form = IsCreditForm(upper);
  const bool valid = in_form && CreditCheck(upper) == upper[17] && IsRegistered(upper);
  // A company's code (9…) may by chance pass for the number of a foreigner's permit; no other authority's passes for a citizen's.
  if (CheckCitizenId(upper) == CitizenIdVerdict::kValid && !(valid && upper[0] == '9')) return CreditCodeVerdict::kCitizenId;
  return !in_form ? CreditCodeVerdict::kMalformed : valid ? CreditCodeVerdict::kValid : CreditCodeVerdict::kSuspect;
}

std::string OrganisationCodeOf(absl::string_view credit_code) {
  return absl::AsciiStrToUpper(absl::StrCat(credit_code.substr(8, 8), "-", credit_code.substr(16, 1)));
}

bool IsOrganisationCode(absl::string_view code) {
  static constexpr int kWeights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  std::string text = absl::AsciiStrToUpper(code);
  if (text.size() == 10 && text[8] == '-') text.erase(8, 1);
  if (text.size() != 9 || !std::all_of(text.begin(), text.end(), absl::ascii_isalnum)) return false;
  int sum = 0;
  for (int i = 0; i < 8; ++i)
    sum += (absl::ascii_isdigit(text[i]) ? text[i] - '0' : text[i] - 'A' + 10) * kWeights[i];
  return text[8] == "0X987654321"[sum % 11];
}

}  // namespace sifa
