#include "libs/crypto/password.h"

#include <catch2/catch.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace sifa::crypto {

// "12345678901234567890", the key of RFC 6238, appendix B.
constexpr char kSecret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

TEST_CASE("a password is known by its hash, and no other") {
  const std::string hash = HashPassword("correct horse 电池");
  CHECK(absl::StartsWith(hash, "$argon2id$v=19$m=65536,t=2,p=1$"));
  CHECK(VerifyPassword(hash, "correct horse 电池"));
  CHECK_FALSE(VerifyPassword(hash, "correct horse 电话"));
  CHECK_FALSE(VerifyPassword(hash, ""));
  CHECK(HashPassword("correct horse 电池") != hash);  // salted
  CHECK_FALSE(PasswordNeedsRehash(hash));
}

TEST_CASE("what is no hash matches nothing") {
  for (const char* bad : {"", "$argon2id$", "correct"}) CHECK_FALSE(VerifyPassword(bad, "correct"));
  CHECK_FALSE(VerifyPassword(std::string(1000, '$'), "correct"));
  CHECK(
      PasswordNeedsRehash("$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
                          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

TEST_CASE("one-time codes are those of RFC 6238, appendix B, by their last six digits") {
  const std::pair<int64_t, const char*> vectors[] = {{59, "287082"},         {1111111109, "081804"},
                                                     {1111111111, "050471"}, {1234567890, "005924"},
                                                     {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [second, code] : vectors) {
    CHECK(TotpCode(kSecret, absl::FromUnixSeconds(second)) == code);
    CHECK(VerifyTotp(kSecret, code, absl::FromUnixSeconds(second)) == second / 30);
  }
}

TEST_CASE("a code holds one step before and after its own, and names its step") {
  const absl::Time at = absl::FromUnixSeconds(1111111109);
  const int64_t step = 1111111109 / 30;
  CHECK(VerifyTotp(kSecret, "081804", at + absl::Seconds(30)) == step);
  CHECK(VerifyTotp(kSecret, "081804", at - absl::Seconds(30)) == step);
  CHECK(VerifyTotp(kSecret, "081804", at + absl::Seconds(61)) == 0);
  CHECK(VerifyTotp(kSecret, "081804", at - absl::Seconds(60)) == 0);
}

TEST_CASE("what is no code or no secret is refused") {
  const absl::Time at = absl::FromUnixSeconds(1111111109);
  for (const char* bad : {"", "81804", "0818040", "081805", " 081804"})
    CHECK(VerifyTotp(kSecret, bad, at) == 0);
  CHECK(VerifyTotp("", "081804", at) == 0);
  CHECK(VerifyTotp("not base32!", "081804", at) == 0);
  CHECK(TotpCode("0189", at).empty());
}

TEST_CASE("a fresh secret is 160 bits of base32, read in either case") {
  const std::string secret = NewTotpSecret();
  CHECK(secret.size() == 32);
  CHECK(NewTotpSecret() != secret);
  const absl::Time at = absl::FromUnixSeconds(1700000000);
  CHECK(TotpCode(absl::AsciiStrToLower(secret), at) == TotpCode(secret, at));
  CHECK(VerifyTotp(secret, TotpCode(secret, at), at) == 1700000000 / 30);
}

}  // namespace sifa::crypto
