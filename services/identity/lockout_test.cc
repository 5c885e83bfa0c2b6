// 登录失败处理 by name and network: a stranger's guesses do not lock the holder out (finding: log-in can be denied to one), and
// root in the database takes no lock away unseen (finding: root in identity's database is everybody).
#include "services/identity/lockout.h"

#include "services/identity/identity_fixture.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

constexpr char kHome[] = "192.0.2.7", kStranger[] = "198.51.100.1";

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

std::vector<Attempt> FailuresFrom(const std::string& network, int count, absl::Duration ago = absl::Minutes(1)) {
  return std::vector<Attempt>(static_cast<size_t>(count), Attempt{kNow - ago, network, true});
}

bool Judged(const std::vector<Attempt>& attempts, const std::set<std::string>& known, const std::string& network) {
  return NextAttempt(attempts, known, network, kNow) <= kNow;
}

}  // namespace

TEST_CASE("Five failures lock the network from which they come, for as long as they lie in the window") {
  CHECK(Judged(FailuresFrom("a", 4), {}, "a"));
  CHECK_FALSE(Judged(FailuresFrom("a", 5), {}, "a"));
  CHECK_FALSE(Judged(FailuresFrom("a", 5), {"a"}, "a"));
  CHECK(Judged(FailuresFrom("a", 5), {}, "b"));
  CHECK(NextAttempt(FailuresFrom("a", 5), {}, "a", kNow) == kNow - absl::Minutes(1) + kFailureWindow);
  CHECK(Judged(FailuresFrom("a", 5, kFailureWindow), {}, "a"));
  auto attempts = FailuresFrom("a", 4);
  attempts.push_back({kNow, "a", false});
  attempts.push_back({kNow, "a", true});
  CHECK(Judged(attempts, {}, "a"));
}

TEST_CASE("Failures from many networks slow strangers and nobody whom the name knows") {
  std::vector<Attempt> attempts;
  for (int i = 0; i < kFailuresToSlow; ++i) {
    CHECK(Judged(attempts, {}, "new"));
    attempts.push_back({kNow - absl::Seconds(30), "n" + std::to_string(i), true});
  }
  CHECK_FALSE(Judged(attempts, {}, "new"));
  CHECK(NextAttempt(attempts, {}, "new", kNow) == kNow - absl::Seconds(30) + kStrangersPause);
  CHECK(Judged(attempts, {"home"}, "home"));
  // What the holder mistypes at home slows nobody.
  CHECK(Judged(FailuresFrom("home", 4), {"home"}, "new"));
}

TEST_CASE_METHOD(IdentityFixture, "The holder signs in from where he always does while a stranger guesses") {
  const std::string& password = passwords["nanma.officer"];
  const auto from = [&](const std::string& address, const std::string& with) {
    return Reason(LogIn("nanma.officer", with, "", address).status());
  };
  REQUIRE(from(kHome, password) == "");
  for (int i = 0; i < kFailuresToLock; ++i) CHECK(from(kStranger, "wrong") == "LOG_IN_REFUSED");
  CHECK(from(kStranger, "wrong") == "ACCOUNT_LOCKED");
  CHECK(from(kStranger, password) == "ACCOUNT_LOCKED");
  CHECK(from(kHome, password) == "");
  // His log-in does not open the name to the stranger.
  CHECK(from(kStranger, password) == "ACCOUNT_LOCKED");
  for (int i = 0; i < kFailuresToSlow - kFailuresToLock; ++i)
    CHECK(from("198.51.100." + std::to_string(10 + i), "wrong") == "LOG_IN_REFUSED");
  CHECK(from("203.0.113.1", password) == "LOG_IN_SLOWED");
  CHECK(from(kHome, password) == "");
  base.clock.Advance(kStrangersPause);
  CHECK(from("203.0.113.1", password) == "");
  // His own mistakes lock him there, until the security administrator unlocks.
  for (int i = 0; i < kFailuresToLock; ++i) CHECK(from(kHome, "wrong") == "LOG_IN_REFUSED");
  CHECK(from(kHome, password) == "ACCOUNT_LOCKED");
  auto unlock = As("county.security", "UnlockAccount");
  REQUIRE_OK(identity.accounts.Unlock(unlock, ActOf("nanma.officer")).status());
  CHECK(from(kHome, password) == "");
}

TEST_CASE_METHOD(IdentityFixture, "A name that belongs to nobody is locked and slowed like any other") {
  const auto from = [&](const std::string& address) { return Reason(LogIn("nobody.here", "wrong", "", address).status()); };
  for (int i = 0; i < kFailuresToLock; ++i) CHECK(from(kStranger) == "LOG_IN_REFUSED");
  CHECK(from(kStranger) == "ACCOUNT_LOCKED");
  for (int i = 0; i < kFailuresToSlow - kFailuresToLock; ++i)
    CHECK(from("198.51.100." + std::to_string(10 + i)) == "LOG_IN_REFUSED");
  CHECK(from("203.0.113.1") == "LOG_IN_SLOWED");
}

}  // namespace sifa::identity
