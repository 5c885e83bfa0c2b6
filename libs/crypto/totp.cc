// One-time codes by liboath: RFC 4226 and RFC 6238, with secrets in the base32 of RFC 4648.
#include <liboath/oath.h>

#include <cstdlib>
#include <optional>

#include "libs/crypto/openssl.h"
#include "libs/crypto/password.h"
#include "libs/crypto/suite.h"

namespace sifa::crypto {
namespace {

using internal::Secret;

constexpr size_t kSecretSize = 20;
constexpr unsigned kDigits = 6;
constexpr size_t kStepsAround = 1;

void StartOath() {
  static const bool started = oath_init() == OATH_OK;
  internal::Must(started, "liboath");
}

// Letters of either case; nothing for anything else.
std::optional<Secret> FromBase32(absl::string_view text) {
  StartOath();
  char* decoded = nullptr;
  size_t size = 0;
  if (oath_base32_decode(text.data(), text.size(), &decoded, &size) != OATH_OK) return std::nullopt;
  std::string bytes(decoded, size);
  OPENSSL_cleanse(decoded, size);
  std::free(decoded);
  if (bytes.empty()) return std::nullopt;
  return Secret::Take(bytes);
}

int Compare(void* code, const char* right) {
  return ConstantTimeEquals(*static_cast<const absl::string_view*>(code), right) ? 0 : 1;
}

}  // namespace

std::string NewTotpSecret() {
  StartOath();
  const std::string bytes = RandomBytes(kSecretSize);
  char* text = nullptr;
  size_t size = 0;
  internal::Must(oath_base32_encode(bytes.data(), bytes.size(), &text, &size) == OATH_OK, "base32");
  const std::string secret(text, size);
  OPENSSL_cleanse(text, size);
  std::free(text);
  return secret;
}

std::string TotpCode(absl::string_view secret_base32, absl::Time at) {
  const auto secret = FromBase32(secret_base32);
  char code[kDigits + 1];
  if (!secret || oath_totp_generate(secret->view().data(), secret->view().size(), absl::ToTimeT(at),
                                    OATH_TOTP_DEFAULT_TIME_STEP_SIZE, OATH_TOTP_DEFAULT_START_TIME, kDigits, code) != OATH_OK) {
    return "";
  }
  return code;
}

int64_t VerifyTotp(absl::string_view secret_base32, absl::string_view code, absl::Time at) {
  const auto secret = FromBase32(secret_base32);
  if (!secret) return 0;
  uint64_t step = 0;
  const int found = oath_totp_validate3_callback(secret->view().data(), secret->view().size(), absl::ToTimeT(at),
                                                 OATH_TOTP_DEFAULT_TIME_STEP_SIZE, OATH_TOTP_DEFAULT_START_TIME, kDigits,
                                                 kStepsAround, nullptr, &step, &Compare, &code);
  return found < 0 ? 0 : static_cast<int64_t>(step);
}

}  // namespace sifa::crypto
