// One-time codes and password hashes: what is used up, what is asked of administrators, what is renewed.
#include <set>

#include "libs/crypto/password.h"
#include "services/identity/identity_fixture.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

}  // namespace

TEST_CASE_METHOD(IdentityFixture,
                 "The code that confirmed an enrolment is used up: the log-in takes the next one") {
  const auto claims = ClaimsOf("nanma.officer");
  auto enrol = calls.Of("/sifa.identity.v1.AccountService/EnrolTotp", claims);
  const auto enrolment = identity.accounts.EnrolTotp(enrol, {});
  auto call = calls.Of("/sifa.identity.v1.AccountService/ConfirmTotp", claims);
  v1::ConfirmTotpRequest confirm;
  confirm.set_code(crypto::TotpCode(enrolment->secret(), base.clock.Now()));
  REQUIRE_OK(identity.accounts.ConfirmTotp(call, confirm).status());
  CHECK(Reason(LogIn("nanma.officer", passwords["nanma.officer"], confirm.code()).status()) == "TOTP_USED");
  base.clock.Advance(absl::Seconds(30));
  CHECK(Reason(LogIn("nanma.officer", passwords["nanma.officer"],
                     crypto::TotpCode(enrolment->secret(), base.clock.Now()))
                   .status()) == "");
}

TEST_CASE_METHOD(IdentityFixture,
                 "GB/T 22239: an administrator without a one-time code may enrol one and nothing else") {
  Identity strict(*base.backend, calls.authority(), regions, tables, "identity:strict", true);
  REQUIRE_OK(strict.Refresh());
  const auto log_in = [&](const std::string& account, const std::string& code = "") {
    auto call = calls.Of("/sifa.identity.v1.SessionService/CreateSession");
    v1::CreateSessionRequest r;
    r.set_account(account);
    r.set_password(passwords[account]);
    r.set_totp_code(code);
    return *strict.sessions.CreateSession(call, r);
  };
  CHECK(log_in("nanma.officer").posts_size() == 1);
  const auto first = log_in("county.system");
  CHECK(first.must_enrol_totp());
  CHECK(first.posts_size() == 0);
  const auto claims = *Verify(first.access_token());
  CHECK(claims.grants().empty());

  auto enrol = calls.Of("/sifa.identity.v1.AccountService/EnrolTotp", claims);
  const auto enrolment = strict.accounts.EnrolTotp(enrol, {});
  auto call = calls.Of("/sifa.identity.v1.AccountService/ConfirmTotp", claims);
  v1::ConfirmTotpRequest confirm;
  confirm.set_code(crypto::TotpCode(enrolment->secret(), base.clock.Now()));
  REQUIRE_OK(strict.accounts.ConfirmTotp(call, confirm).status());
  auto refresh = calls.Of("/sifa.identity.v1.SessionService/RefreshSession");
  v1::RefreshSessionRequest with;
  with.set_refresh_token(first.refresh_token());
  const auto next = strict.sessions.RefreshSession(refresh, with);
  REQUIRE_OK(next.status());
  CHECK_FALSE(next->must_enrol_totp());
  CHECK(next->posts_size() == 1);
}

TEST_CASE_METHOD(
    IdentityFixture,
    "A password hashed with former parameters is hashed anew at the log-in, and stays the same password") {
  // argon2id with 1 MiB and one pass.
  const std::string old =
      "$argon2id$v=19$m=1024,t=1,p=1$AYvz4ZpQ4vo7DyveolP2Jg$GwXl/3k/Mj381rz7rl5JCUm8vEQHMqK+assX1KzovR4";
  const Id id = *ParseId(ClaimsOf("nanma.officer").sub());
  REQUIRE_OK(identity.accounts.casework()
                 .ActAsSystem(A::RENEW_HASH, id,
                              [&](A& account) {
                                account.mutable_credentials()->set_password_hash(old);
                                return absl::OkStatus();
                              })
                 .status());
  const auto hash = [&] {
    auto call = As("county.security", "GetAccount");
    v1::GetAccountRequest r;
    r.set_id("nanma.officer");
    return identity.accounts.Get(call, r)->credentials().password_hash();
  };
  REQUIRE(hash() == old);
  CHECK(Reason(LogIn("nanma.officer", "wrong").status()) == "LOG_IN_REFUSED");
  CHECK(hash() == old);
  const auto tokens = LogIn("nanma.officer", "Kw7-tmxdrp-old");
  REQUIRE_OK(tokens.status());
  const std::string renewed = hash();
  CHECK(renewed != old);
  CHECK_FALSE(crypto::PasswordNeedsRehash(renewed));
  REQUIRE_OK(LogIn("nanma.officer", "Kw7-tmxdrp-old").status());
  CHECK(hash() == renewed);
  CHECK(Verify(tokens->access_token()).ok());  // nobody's session ended by it
}

TEST_CASE_METHOD(
    IdentityFixture,
    "A change of password that is asked for again after a lost answer is answered alike, and is no failure") {
  const auto claims = ClaimsOf("nanma.officer");
  v1::ChangePasswordRequest r;
  r.set_request_id("change-1");
  r.set_current_password(passwords["nanma.officer"]);
  r.set_new_password("Kw7-tmxdrp-0");
  std::set<std::string> answers;
  for (int i = 0; i < kFailuresToLock + 1; ++i) {
    auto call = calls.Of("/sifa.identity.v1.AccountService/ChangePassword", claims);
    const auto changed = identity.accounts.ChangePassword(call, r);
    REQUIRE_OK(changed.status());
    answers.insert(changed->etag());
  }
  CHECK(answers.size() == 1);
  CHECK(Reason(LogIn("nanma.officer", "Kw7-tmxdrp-0").status()) == "");
}

TEST_CASE_METHOD(IdentityFixture, "A repeated request with another secret in it is another request, and refused as one") {
  const auto claims = ClaimsOf("nanma.officer");
  auto enrol = calls.Of("/sifa.identity.v1.AccountService/EnrolTotp", claims);
  const auto enrolment = identity.accounts.EnrolTotp(enrol, {});
  v1::ConfirmTotpRequest confirm;
  confirm.set_request_id("confirm-1");
  confirm.set_code(crypto::TotpCode(enrolment->secret(), base.clock.Now()));
  const auto confirmed = [&] {
    auto call = calls.Of("/sifa.identity.v1.AccountService/ConfirmTotp", claims);
    return Reason(identity.accounts.ConfirmTotp(call, confirm).status());
  };
  CHECK(confirmed() == "");
  CHECK(confirmed() == "");
  confirm.set_code("wrong");
  CHECK(confirmed() == "REQUEST_ID_REUSED");

  v1::ChangePasswordRequest change;
  change.set_request_id("change-1");
  change.set_current_password(passwords["nanma.officer"]);
  change.set_new_password("Kw7-tmxdrp-0");
  const auto changed = [&] {
    auto call = calls.Of("/sifa.identity.v1.AccountService/ChangePassword", claims);
    return Reason(identity.accounts.ChangePassword(call, change).status());
  };
  CHECK(changed() == "");
  change.set_new_password("Kw7-tmxdrp-1");
  CHECK(changed() == "REQUEST_ID_REUSED");
}

}  // namespace sifa::identity
