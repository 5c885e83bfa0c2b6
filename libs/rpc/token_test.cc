#include "libs/rpc/token.h"

#include <atomic>
#include <catch2/catch.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/testing/wait_until.h"

namespace sifa::rpc {
namespace {

struct Issuer {
  ManualClock clock{absl::CivilSecond(2026, 3, 1, 9, 0, 0)};
  TokenVerifier verifier{clock};
  const crypto::Suite& suite = crypto::GetSuite(crypto::SuiteId::kInternational);
  const std::string key = suite.NewSigningKey();
  identity::v1::SyncTokensResponse sync;

  Issuer() {
    auto* published = sync.add_keys();
    published->set_key_id("k1");
    published->set_public_pem(*suite.PublicKeyOf(key));
    sync.set_position(1);
    verifier.Update(sync);
  }
  identity::v1::TokenClaims Claims() const {
    identity::v1::TokenClaims claims;
    claims.set_sub("account");
    claims.set_sid("session");
    claims.set_iat(static_cast<uint32_t>(absl::ToUnixSeconds(clock.Now())));
    claims.set_exp(claims.iat() + 300);
    return claims;
  }
  std::string Bearer(const identity::v1::TokenClaims& claims) const { return "Bearer " + *SignToken(claims, "k1", key); }
  std::string Reason(const std::string& bearer) {
    const auto claims = verifier.Verify(bearer);
    return claims.ok() ? "" : ReasonOf(claims.status());
  }
};

}  // namespace

TEST_CASE("a token is good until it expires, also from the cache") {
  Issuer issuer;
  const std::string bearer = issuer.Bearer(issuer.Claims());
  REQUIRE(issuer.verifier.Verify(bearer).ok());
  issuer.clock.Advance(absl::Seconds(299));
  CHECK(issuer.verifier.Verify(bearer)->sub() == "account");
  issuer.clock.Advance(absl::Seconds(1));
  CHECK(issuer.Reason(bearer) == "TOKEN_EXPIRED");
}

TEST_CASE("a revoked session or account is refused, also from the cache; a later log-in is not") {
  Issuer issuer;
  const std::string bearer = issuer.Bearer(issuer.Claims());
  REQUIRE(issuer.verifier.Verify(bearer).ok());
  auto* revocation = issuer.sync.add_revocations();
  revocation->set_before(issuer.Claims().iat());
  SECTION("session") { revocation->set_session("session"); }
  SECTION("account") { revocation->set_account("account"); }
  CHECK(issuer.verifier.CheckRevoked(issuer.Claims()).ok());
  issuer.verifier.Update(issuer.sync);
  CHECK(issuer.Reason(bearer) == "TOKEN_REVOKED");
  CHECK(ReasonOf(issuer.verifier.CheckRevoked(issuer.Claims())) == "TOKEN_REVOKED");
  issuer.clock.Advance(absl::Seconds(1));
  auto again = issuer.Claims();
  again.set_sid("another");
  CHECK(issuer.verifier.Verify(issuer.Bearer(again)).ok());
}

TEST_CASE("forged tokens are refused") {
  Issuer issuer;
  const std::string good = issuer.Bearer(issuer.Claims());
  const std::vector<std::string> parts = absl::StrSplit(good.substr(7), '.');
  const std::string none = absl::WebSafeBase64Escape(R"({"alg":"none","typ":"JWT","kid":"k1"})");
  const std::string other_key = *SignToken(issuer.Claims(), "k1", issuer.suite.NewSigningKey());
  CHECK(issuer.Reason("") == "TOKEN_MISSING");
  CHECK(issuer.Reason("Basic abc") == "TOKEN_MISSING");
  CHECK(issuer.Reason("Bearer a.b") == "TOKEN_MALFORMED");
  CHECK(issuer.Reason("Bearer " + other_key) == "TOKEN_MALFORMED");
  CHECK(issuer.Reason(absl::StrCat("Bearer ", none, ".", parts[1], ".")) == "TOKEN_MALFORMED");
  CHECK(issuer.Reason(absl::StrCat("Bearer ", parts[0], ".", absl::WebSafeBase64Escape(R"({"sub":"root","exp":4000000000})"), ".",
                                   parts[2])) == "TOKEN_MALFORMED");
  CHECK(issuer.Reason("Bearer " + *SignToken(issuer.Claims(), "k2", issuer.key)) == "TOKEN_MALFORMED");
}

TEST_CASE("a token ends with its key: one that is no longer published, or has changed, empties its part of the cache") {
  Issuer issuer;
  const std::string bearer = issuer.Bearer(issuer.Claims());
  REQUIRE(issuer.verifier.Verify(bearer).ok());
  issuer.verifier.Update(issuer.sync);
  CHECK(issuer.verifier.Verify(bearer).ok());
  const auto genuine = issuer.sync;
  const std::string other = *issuer.suite.PublicKeyOf(issuer.suite.NewSigningKey());
  SECTION("changed") { issuer.sync.mutable_keys(0)->set_public_pem(other); }
  SECTION("taken away") {
    issuer.sync.mutable_keys(0)->set_key_id("k2");
    issuer.sync.mutable_keys(0)->set_public_pem(other);
  }
  issuer.verifier.Update(issuer.sync);
  CHECK(issuer.Reason(bearer) == "TOKEN_MALFORMED");
  issuer.verifier.Update(genuine);
  CHECK(issuer.verifier.Verify(bearer).ok());
}

TEST_CASE("a token that would live longer than any is meant to is refused, whoever signed it") {
  Issuer issuer;
  auto claims = issuer.Claims();
  const auto longest = static_cast<uint32_t>(absl::ToInt64Seconds(kLongestTokenLife));
  claims.set_exp(claims.iat() + longest);
  CHECK(issuer.Reason(issuer.Bearer(claims)) == "");
  claims.set_exp(claims.iat() + longest + 1);
  CHECK(issuer.Reason(issuer.Bearer(claims)) == "TOKEN_TOO_LONG_LIVED");
  claims.set_exp(4000000000);
  CHECK(issuer.Reason(issuer.Bearer(claims)) == "TOKEN_TOO_LONG_LIVED");
  claims.set_iat(4000000000 - 300);  // a short one, of another century
  CHECK(issuer.Reason(issuer.Bearer(claims)) == "TOKEN_TOO_LONG_LIVED");
  claims.set_iat(0);
  claims.set_exp(issuer.Claims().exp());
  CHECK(issuer.Reason(issuer.Bearer(claims)) == "TOKEN_TOO_LONG_LIVED");
}

TEST_CASE("a follower that is behind fetches page after page at once, then rests") {
  Issuer issuer;
  std::atomic<int> fetches = 0;
  {
    TokenFollower follower(issuer.verifier, [&](int64_t after) {
      ++fetches;
      identity::v1::SyncTokensResponse page = issuer.sync;
      page.set_position(std::min<int64_t>(after + 1000, 5000));
      return absl::StatusOr<identity::v1::SyncTokensResponse>(page);
    });
    CHECK(testing::WaitUntil([&] { return issuer.verifier.position() == 5000; }, absl::Seconds(2)));
    absl::SleepFor(absl::Milliseconds(100));
  }
  CHECK(fetches == 6);
}

TEST_CASE("without any key ever seen the answer is to come back, not that the token is bad") {
  Issuer issuer;
  TokenVerifier fresh(issuer.clock);
  CHECK(fresh.Verify(issuer.Bearer(issuer.Claims())).status().code() == absl::StatusCode::kUnavailable);
}

}  // namespace sifa::rpc
