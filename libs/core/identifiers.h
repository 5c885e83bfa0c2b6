// Checks of the identifiers that people and organisations carry.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace sifa {

// 性别, GB/T 2261.1
enum class Sex { kUnknown = 0, kMale = 1, kFemale = 2, kUnspecified = 9 };

// ---- 公民身份号码, GB 11643-1999: 6 division + 8 birth + 3 sequence + 1 check

enum class CitizenIdVerdict {
  kValid,
  kMalformed,    // neither 17 digits and a digit or X, nor 15 digits
  kBadDate,      // the birth date does not exist
  kBadDivision,  // no province was ever numbered so (GB/T 2260)
  kBadChecksum,  // ISO 7064 MOD 11-2
  kOldForm,      // 15 digits of an old file, well formed: convert it; it is no current number
};

// A trailing x is taken for X. The division is that of first issue, often abolished since: only its province is checked. Numbers of
// residence permits begin with 81, 82 and 83 (Hong Kong, Macao, Taiwan), those of foreigners' permanent residence with 9 and the
// province.
CitizenIdVerdict CheckCitizenId(absl::string_view id);
// The 18 characters with X in upper case. INVALID_ARGUMENT with reason CITIZEN_ID_MALFORMED, CITIZEN_ID_DATE (also of who is
// yet to be born), CITIZEN_ID_DIVISION, CITIZEN_ID_CHECKSUM or CITIZEN_ID_OLD_FORM.
absl::StatusOr<std::string> ParseCitizenId(absl::string_view id, absl::CivilDay today);
// 15 digits to 18 characters: the century 19 and the check are put in. Same errors.
absl::StatusOr<std::string> ConvertOldCitizenId(absl::string_view id);

// Nothing unless the number is valid.
std::optional<Sex> SexOf(absl::string_view citizen_id);
std::optional<absl::CivilDay> BirthDateOf(absl::string_view citizen_id);
// Whole years on that day. A birthday is reached on the day after it (周岁自生日的第二天起算).
int AgeOn(absl::CivilDay birth, absl::CivilDay day);

// ---- 统一社会信用代码, GB 32100-2015: registering authority, category, 6 division, 9 organisation code, check

enum class CreditCodeVerdict {
  kValid,
  kSuspect,    // the check, the authority or the province is wrong; real companies carry such codes, so warn and accept
  kCitizenId,  // a valid citizen number: typed into the wrong field
  kMalformed,  // not 18 characters of its alphabet, or a division that is no number
};

CreditCodeVerdict CheckCreditCode(absl::string_view code);
// The organisation code inside: "91350100M000100Y43" → "M000100Y-4". REQUIRES: not malformed.
std::string OrganisationCodeOf(absl::string_view credit_code);

// 组织机构代码, GB 11714: "D2143569-X", with or without its hyphen.
bool IsOrganisationCode(absl::string_view code);

}  // namespace sifa
