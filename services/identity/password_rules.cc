#include "services/identity/password_rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

// What guessers try first and the other rules let pass; compared without case, spaces and signs.
constexpr absl::string_view kCommon[] = {
    "password",   "passw0rd", "p4ssword", "admin",    "administrator", "qwerty",   "qwertyuiop", "asdfgh",
    "zxcvbn",     "1qaz2wsx", "1q2w3e4r", "q1w2e3r4", "abc123",        "abcd1234", "a123456",    "123456",
    "1234567890", "111111",   "000000",   "666666",   "888888",        "woaini",   "iloveyou",   "letmein",
    "welcome",    "monkey",   "dragon",   "root",     "changeme",      "sifa",     "sifaju",     "sifasuo",
    "dongyang",   "zhejiang", "tiaojie",  "huawei",   "test",          "guest",    "user"};

std::string Bare(absl::string_view text) {
  std::string bare;
  for (char c : text) {
    if (absl::ascii_isalnum(c)) bare.push_back(absl::ascii_tolower(c));
  }
  return bare;
}

int Characters(absl::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

int Classes(absl::string_view text) {
  const auto any = [&](auto is) { return std::any_of(text.begin(), text.end(), is) ? 1 : 0; };
  return any([](unsigned char c) { return absl::ascii_isupper(c); }) +
         any([](unsigned char c) { return absl::ascii_islower(c); }) +
         any([](unsigned char c) { return absl::ascii_isdigit(c); }) +
         any([](unsigned char c) { return !absl::ascii_isalnum(c); });
}

// A common word with a few digits around it is still that word.
bool IsCommon(absl::string_view password) {
  const std::string bare = Bare(password);
  absl::string_view core = bare;
  while (!core.empty() && absl::ascii_isdigit(core.back())) core.remove_suffix(1);
  while (!core.empty() && absl::ascii_isdigit(core.front())) core.remove_prefix(1);
  return core.empty() || std::any_of(std::begin(kCommon), std::end(kCommon), [&](absl::string_view common) {
           return bare == common || core == common;
         });
}

}  // namespace

absl::Status CheckPassword(absl::string_view field, absl::string_view password, absl::string_view account) {
  if (Characters(password) < kPasswordLength) {
    return InvalidField(field, "PASSWORD_TOO_SHORT", absl::StrCat("口令至少 ", kPasswordLength, " 个字符"));
  }
  if (Classes(password) < kPasswordClasses) {
    return InvalidField(field, "PASSWORD_TOO_SIMPLE",
                        "口令应包含大写字母、小写字母、数字、其他字符中的至少三种");
  }
  if (const std::string name = Bare(account); !name.empty() && absl::StrContains(Bare(password), name)) {
    return InvalidField(field, "PASSWORD_HAS_ACCOUNT", "口令不能包含账号名");
  }
  if (IsCommon(password)) return InvalidField(field, "PASSWORD_COMMON", "口令过于常见，请更换");
  return absl::OkStatus();
}

std::string OneTimePassword(absl::string_view bytes) {
  // Without letters and digits that are read for each other.
  constexpr absl::string_view kUpper = "ABCDEFGHJKLMNPQRSTUVWXYZ", kLower = "abcdefghijkmnpqrstuvwxyz",
                              kDigit = "23456789";
  std::string password;
  for (int i = 0; i < 12; ++i) {
    const absl::string_view letters = i == 0 ? kUpper : i >= 4 && i < 8 ? kDigit : kLower;
    if (i == 4 || i == 8) password.push_back('-');
    password.push_back(letters[static_cast<uint8_t>(bytes[i]) % letters.size()]);
  }
  return password;
}

}  // namespace sifa::identity
