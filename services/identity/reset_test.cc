// 重置口令、解除动态口令 by two administrators (finding: the security administrator alone becomes auditor, system administrator
// and head; GB/T 22239 8.1.5).
#include "libs/crypto/password.h"
#include "services/identity/identity_fixture.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

constexpr char kNew[] = "Kw7-tmxdrp-0";

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

class Resets : public IdentityFixture {
 public:
  absl::StatusOr<v1::AccountWithHalf> Ask(const std::string& by, const std::string& account, const std::string& request_id = "") {
    auto call = As(by, "ResetPassword");
    auto r = ActOf(account);
    r.set_request_id(request_id);
    return identity.accounts.ResetPassword(call, r);
  }
};

}  // namespace

TEST_CASE_METHOD(Resets, "Two administrators give a half each, and the holder alone knows the password") {
  const std::string before = passwords["county.auditor"];
  const auto first = Ask("county.security", "county.auditor", "ask-1");
  REQUIRE_OK(first.status());
  CHECK(Ask("county.security", "county.auditor", "ask-1")->half() == first->half());  // a repeated request
  // Nothing has changed yet, and nobody has anything that opens the account.
  LogIn("county.auditor");
  CHECK(Reason(LogIn("county.auditor", first->half()).status()) == "LOG_IN_REFUSED");
  CHECK(Reason(ConfirmReset("county.security", "county.auditor").status()) == "SAME_ADMINISTRATOR");
  CHECK(Reason(ConfirmReset("county.auditor", "county.auditor").status()) == "NOT_FOUND");  // and holds no such post
  const auto second = ConfirmReset("city.security", "county.auditor");
  REQUIRE_OK(second.status());
  CHECK(second->half() != first->half());
  CHECK(Reason(ConfirmReset("city.security", "county.auditor").status()) == "RESET_NOT_ASKED");

  CHECK(Reason(Redeem("county.auditor", first->half(), first->half(), kNew)) == "RESET_REFUSED");
  CHECK(Reason(Redeem("county.auditor", second->half(), first->half(), kNew)) == "RESET_REFUSED");
  CHECK(Reason(Redeem("county.auditor", first->half(), second->half(), "short")) == "PASSWORD_TOO_SHORT");
  CHECK(Reason(Redeem("county.auditor", first->half(), second->half(), before)) == "PASSWORD_FORMER");
  const auto tokens = LogIn("county.auditor");
  REQUIRE_OK(Redeem(" County.Auditor", first->half() + " ", second->half(), kNew));
  CHECK(Reason(Refresh(tokens.refresh_token()).status()) == "SESSION_ENDED");
  CHECK(Reason(LogIn("county.auditor", before).status()) == "LOG_IN_REFUSED");
  CHECK(LogIn("county.auditor", kNew)->posts_size() == 1);
  CHECK(Reason(Redeem("county.auditor", first->half(), second->half(), "Kw7-tmxdrp-1")) == "RESET_REFUSED");

  passwords["county.auditor"] = kNew;
  casework::v1::GetHistoryRequest r;
  r.set_id("county.auditor");
  auto call = As("county.auditor", "GetAccountHistory");
  std::set<std::string> acts;
  const auto history = identity.accounts.History(call, r);
  for (const auto& entry : history->entries()) acts.insert(entry.action());
  for (const char* act : {"RESET_PASSWORD", "CONFIRM_RESET", "REDEEM_RESET", "LOG_IN_FAILED"}) CHECK(acts.count(act) == 1);
}

TEST_CASE_METHOD(Resets, "A code of which one half is missing, replaced or too old opens nothing") {
  const auto first = Ask("county.security", "nanma.officer");
  CHECK(Reason(Redeem("nanma.officer", first->half(), "", kNew)) == "RESET_REFUSED");
  const auto second = ConfirmReset("city.security", "nanma.officer");
  SECTION("too old") {
    base.clock.Advance(kResetLife);
    CHECK(Reason(Redeem("nanma.officer", first->half(), second->half(), kNew)) == "RESET_REFUSED");
  }
  SECTION("too old to be confirmed") {
    REQUIRE_OK(Ask("county.security", "nanma.officer").status());
    base.clock.Advance(kResetLife);
    CHECK(Reason(ConfirmReset("city.security", "nanma.officer").status()) == "RESET_EXPIRED");
  }
  SECTION("asked for again") {
    const auto again = Ask("county.security", "nanma.officer");
    CHECK(Reason(Redeem("nanma.officer", first->half(), second->half(), kNew)) == "RESET_REFUSED");
    CHECK(Reason(Redeem("nanma.officer", again->half(), second->half(), kNew)) == "RESET_REFUSED");
  }
  SECTION("disabled meanwhile") {
    auto call = As("county.system", "DisableAccount");
    REQUIRE_OK(identity.accounts.Disable(call, ActOf("nanma.officer")).status());
    CHECK(Reason(Redeem("nanma.officer", first->half(), second->half(), kNew)) == "RESET_REFUSED");
  }
}

TEST_CASE_METHOD(Resets, "Wrong halves are counted like wrong passwords, also for names that do not exist") {
  const auto first = Ask("county.security", "nanma.officer");
  const auto second = ConfirmReset("city.security", "nanma.officer");
  for (const char* name : {"nanma.officer", "nobody.here"}) {
    for (int i = 0; i < kFailuresToLock; ++i)
      CHECK(Reason(Redeem(name, first->half(), "Abcd-2345-efgh", kNew)) == "RESET_REFUSED");
    CHECK(Reason(Redeem(name, first->half(), second->half(), kNew)) == "ACCOUNT_LOCKED");
  }
  CHECK(Reason(Redeem("nanma.officer", first->half(), second->half(), kNew, "192.0.2.9")) == "");
}

TEST_CASE_METHOD(Resets, "The second factor goes with two administrators only, and the former password with it") {
  const auto claims = ClaimsOf("county.system");
  auto enrol = calls.Of("/sifa.identity.v1.AccountService/EnrolTotp", claims);
  const auto enrolment = identity.accounts.EnrolTotp(enrol, {});
  v1::ConfirmTotpRequest confirm;
  confirm.set_code(crypto::TotpCode(enrolment->secret(), base.clock.Now()));
  auto call = calls.Of("/sifa.identity.v1.AccountService/ConfirmTotp", claims);
  REQUIRE_OK(identity.accounts.ConfirmTotp(call, confirm).status());

  auto remove = As("county.security", "RemoveTotp");
  const auto first = identity.accounts.RemoveTotp(remove, ActOf("county.system"));
  REQUIRE_OK(first.status());
  CHECK(Reason(LogIn("county.system", passwords["county.system"]).status()) == "TOTP_REQUIRED");
  CHECK(Reason(ConfirmReset("county.security", "county.system").status()) == "SAME_ADMINISTRATOR");
  const auto second = ConfirmReset("city.security", "county.system");
  CHECK(Reason(LogIn("county.system", passwords["county.system"]).status()) == "TOTP_REQUIRED");
  REQUIRE_OK(Redeem("county.system", first->half(), second->half(), kNew));
  CHECK(Reason(LogIn("county.system", kNew).status()) == "");
  // A reset of the password alone leaves a second factor as it is.
  CHECK(Reason([&] {
          auto again = As("county.security", "RemoveTotp");
          return identity.accounts.RemoveTotp(again, ActOf("county.system")).status();
        }()) == "TOTP_NOT_ENABLED");
}

TEST_CASE_METHOD(Resets, "A new account opens with its maker's half and a security administrator's, and has no password before") {
  const auto created = Create("county.system", "nanma.new");
  REQUIRE_OK(created.status());
  CHECK(Create("county.system", "nanma.new")->half() == created->half());  // a repeated request
  for (const std::string& password : {created->half(), std::string()})
    CHECK(Reason(LogIn("nanma.new", password).status()) == "LOG_IN_REFUSED");
  CHECK(Reason(ConfirmReset("other.security", "nanma.new").status()) == "NOT_FOUND");
  REQUIRE_OK(Grant("county.security", "nanma.new", "justice_officer", "330783118").status());
  Open("nanma.new", *created);
  CHECK(LogIn("nanma.new").posts_size() == 1);
}

}  // namespace sifa::identity
