// RFC 4226 and RFC 6238, with secrets in the base32 of RFC 4648.
#include <openssl/evp.h>

#include <algorithm>
#include <optional>

#include "absl/strings/str_format.h"
#include "libs/crypto/openssl.h"
#include "libs/crypto/password.h"
#include "libs/crypto/suite.h"

namespace sifa::crypto {
namespace {

using internal::Secret;

constexpr absl::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr size_t kSecretSize = 20;
constexpr int64_t kStepSeconds = 30;

std::string ToBase32(absl::string_view bytes) {
  std::string text;
  uint32_t buffer = 0;
  int bits = 0;
  for (unsigned char byte : bytes) {
    buffer = (buffer << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += kAlphabet[(buffer >> (bits - 5)) & 31];
  }
  if (bits > 0) text += kAlphabet[(buffer << (5 - bits)) & 31];
  return text;
}

// Letters of either case, without padding; nothing for anything else.
std::optional<Secret> FromBase32(absl::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  uint32_t buffer = 0;
  int bits = 0;
  for (char c : text) {
    const size_t digit = kAlphabet.find(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    if (digit == absl::string_view::npos) return std::nullopt;
    buffer = (buffer << 5) | static_cast<uint32_t>(digit);
    bits += 5;
    if (bits >= 8) bytes += static_cast<char>((buffer >> (bits -= 8)) & 0xff);
  }
  if (bytes.empty()) return std::nullopt;
  return Secret::Take(bytes);
}

std::string HmacSha1(absl::string_view key, absl::string_view data) {
  std::string mac(20, '\0');
  size_t size = 0;
  internal::Must(
      EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA1", nullptr, key.data(), key.size(), internal::Bytes(data),
                data.size(), internal::Bytes(mac), mac.size(), &size) != nullptr,
      "HMAC-SHA1");
  return mac;
}

// RFC 4226, section 5.3: four bytes at a place that the last byte names.
std::string CodeOf(const Secret& secret, int64_t step) {
  const std::string mac = HmacSha1(secret.view(), internal::BigEndian64(static_cast<uint64_t>(step)));
  const int at = mac[19] & 15;
  uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = (number << 8) | static_cast<uint8_t>(mac[at + i]);
  return absl::StrFormat("%06d", (number & 0x7fffffff) % 1000000);
}

int64_t StepOf(absl::Time at) { return absl::ToUnixSeconds(at) / kStepSeconds; }

}  // namespace

std::string NewTotpSecret() { return ToBase32(RandomBytes(kSecretSize)); }

std::string TotpCode(absl::string_view secret_base32, absl::Time at) {
  const auto secret = FromBase32(secret_base32);
  return secret ? CodeOf(*secret, StepOf(at)) : "";
}

int64_t VerifyTotp(absl::string_view secret_base32, absl::string_view code, absl::Time at) {
  const auto secret = FromBase32(secret_base32);
  if (!secret) return 0;
  int64_t matched = 0;
  for (int64_t step = StepOf(at) - 1; step <= StepOf(at) + 1; ++step) {
    if (ConstantTimeEquals(CodeOf(*secret, step), code)) matched = step;
  }
  return std::max<int64_t>(matched, 0);
}

}  // namespace sifa::crypto
