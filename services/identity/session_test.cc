// Log-in, lock-out, refresh, log-out and revocation, against a real database.
#include "libs/crypto/password.h"
#include "services/identity/identity_fixture.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

}  // namespace

TEST_CASE_METHOD(IdentityFixture, "Whoever knows name and password gets a token with his posts") {
  const auto tokens = LogIn("nanma.officer");
  CHECK(tokens.expires_in() == 300);
  REQUIRE(tokens.posts_size() == 1);
  CHECK(tokens.posts(0).role_label() == "司法所工作人员");
  CHECK(tokens.posts(0).organisation_name() == "南马镇司法所");
  const auto claims = Verify(tokens.access_token());
  REQUIRE_OK(claims.status());
  CHECK(claims->account() == "nanma.officer");
  REQUIRE(claims->grants_size() == 1);
  CHECK(claims->grants(0).path() == "/33/3307/330783/330783118/");
  CHECK(claims->grants(0).level() == 4);
  CHECK(claims->grants(0).descendants());
  CHECK(Reason(LogIn(" Nanma.Officer ", passwords["nanma.officer"]).status()) == "");
}

TEST_CASE_METHOD(IdentityFixture, "A token lives five minutes") {
  const auto tokens = LogIn("nanma.officer");
  base.clock.Advance(absl::Minutes(5) - absl::Seconds(1));
  CHECK(Reason(Verify(tokens.access_token()).status()) == "");
  base.clock.Advance(absl::Seconds(1));
  CHECK(Reason(Verify(tokens.access_token()).status()) == "TOKEN_EXPIRED");
}

TEST_CASE_METHOD(
    IdentityFixture,
    "A wrong name and a wrong password are refused alike, and five in fifteen minutes lock the name") {
  for (const char* name : {"nanma.officer", "nobody.here"}) {
    CAPTURE(name);
    for (int i = 0; i < kFailuresToLock; ++i)
      CHECK(Reason(LogIn(name, "wrong").status()) == "LOG_IN_REFUSED");
    CHECK(Reason(LogIn(name, "wrong").status()) == "ACCOUNT_LOCKED");
  }
  // Not even the right one opens it now.
  CHECK(Reason(LogIn("nanma.officer", passwords["nanma.officer"]).status()) == "ACCOUNT_LOCKED");
  auto get = As("county.security", "GetAccount");
  v1::GetAccountRequest r;
  r.set_id("nanma.officer");
  CHECK(identity.accounts.Get(get, r)->state() == A::LOCKED);

  SECTION("The lock ends by itself") {
    base.clock.Advance(kFailureWindow);
    LogIn("nanma.officer");
    auto again = As("county.security", "GetAccount");
    CHECK(identity.accounts.Get(again, r)->state() == A::ACTIVE);
  }
  SECTION("The security administrator ends it at once") {
    auto unlock = As("county.security", "UnlockAccount");
    REQUIRE_OK(identity.accounts.Unlock(unlock, ActOf("nanma.officer")).status());
    LogIn("nanma.officer");
  }
  SECTION("Nobody else's security administrator does") {
    auto unlock = As("other.security", "UnlockAccount");
    CHECK(Reason(identity.accounts.Unlock(unlock, ActOf("nanma.officer")).status()) == "NOT_FOUND");
  }
}

TEST_CASE_METHOD(IdentityFixture, "Four failures, then the right password: the count begins anew") {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < kFailuresToLock - 1; ++i)
      CHECK(Reason(LogIn("nanma.officer", "wrong").status()) == "LOG_IN_REFUSED");
    LogIn("nanma.officer");
  }
  for (int i = 0; i < kFailuresToLock - 1; ++i)
    CHECK(Reason(LogIn("nanma.officer", "wrong").status()) == "LOG_IN_REFUSED");
  base.clock.Advance(kFailureWindow + absl::Seconds(1));
  CHECK(Reason(LogIn("nanma.officer", "wrong").status()) == "LOG_IN_REFUSED");
  LogIn("nanma.officer");
}

TEST_CASE_METHOD(IdentityFixture, "A refresh token works once; used again, it ends the session for both") {
  const auto first = LogIn("nanma.officer");
  base.clock.Advance(absl::Minutes(4));
  const auto second = Refresh(first.refresh_token());
  REQUIRE_OK(second.status());
  CHECK(second->session() == first.session());
  CHECK(second->refresh_token() != first.refresh_token());
  CHECK(Reason(Verify(second->access_token()).status()) == "");

  CHECK(Reason(Refresh(first.refresh_token()).status()) == "SESSION_ENDED");
  CHECK(Reason(Refresh(second->refresh_token()).status()) == "SESSION_ENDED");
  CHECK(Reason(Verify(second->access_token()).status()) == "TOKEN_REVOKED");
  CHECK(Reason(Refresh("something else").status()) == "SESSION_ENDED");
}

TEST_CASE_METHOD(IdentityFixture, "A session ends when it lies idle, and after its day in any case") {
  auto tokens = LogIn("nanma.officer");
  base.clock.Advance(kSessionIdle);
  CHECK(Reason(Refresh(tokens.refresh_token()).status()) == "SESSION_ENDED");
  tokens = LogIn("nanma.officer");
  for (absl::Duration gone; gone < kSessionLife - kSessionIdle; gone += absl::Hours(1)) {
    base.clock.Advance(absl::Hours(1));
    tokens = *Refresh(tokens.refresh_token());
  }
  base.clock.Advance(kSessionIdle - absl::Seconds(1));
  tokens = *Refresh(tokens.refresh_token());
  base.clock.Advance(absl::Seconds(1));
  CHECK(Reason(Refresh(tokens.refresh_token()).status()) == "SESSION_ENDED");
}

TEST_CASE_METHOD(IdentityFixture,
                 "Logging out voids the session's tokens within one sync, and no other session's") {
  const auto one = LogIn("nanma.officer");
  const auto other = LogIn("nanma.officer");
  const auto claims = Verify(one.access_token());
  auto list = calls.Of("/sifa.identity.v1.SessionService/ListSessions", *claims);
  CHECK(identity.sessions.ListSessions(list, {})->sessions_size() == 2);
  auto call = calls.Of("/sifa.identity.v1.SessionService/LogOut", *claims);
  REQUIRE_OK(identity.sessions.LogOut(call, {}).status());
  CHECK(Reason(Verify(one.access_token()).status()) == "TOKEN_REVOKED");
  CHECK(Reason(Refresh(one.refresh_token()).status()) == "SESSION_ENDED");
  CHECK(Reason(Verify(other.access_token()).status()) == "");
  CHECK(identity.sessions.ListSessions(list, {})->sessions_size() == 1);
}

TEST_CASE_METHOD(IdentityFixture,
                 "The security administrator ends somebody's sessions; one out of reach does not see him") {
  const auto tokens = LogIn("nanma.officer");
  v1::RevokeSessionsRequest r;
  r.set_id("nanma.officer");
  r.set_reason("设备遗失");
  auto foreign = calls.Of("/sifa.identity.v1.SessionService/RevokeSessions", ClaimsOf("other.security"));
  CHECK(Reason(identity.sessions.RevokeSessions(foreign, r).status()) == "NOT_FOUND");
  CHECK(Reason(Verify(tokens.access_token()).status()) == "");
  auto call = calls.Of("/sifa.identity.v1.SessionService/RevokeSessions", ClaimsOf("county.security"));
  CHECK(identity.sessions.RevokeSessions(call, r)->revoked() == 1);
  CHECK(Reason(Verify(tokens.access_token()).status()) == "TOKEN_REVOKED");
  // In the same second a new session is not hit by the revocation that came before it.
  CHECK(Reason(Verify(LogIn("nanma.officer").access_token()).status()) == "");
}

TEST_CASE_METHOD(IdentityFixture,
                 "A one-time code is asked for where it is enabled, and no code is taken twice") {
  auto enrol = As("nanma.officer", "EnrolTotp");
  const auto enrolment = identity.accounts.EnrolTotp(enrol, {});
  REQUIRE_OK(enrolment.status());
  LogIn("nanma.officer");  // not confirmed yet
  v1::ConfirmTotpRequest confirm;
  confirm.set_code("000000");
  auto wrong = As("nanma.officer", "ConfirmTotp");
  CHECK(Reason(identity.accounts.ConfirmTotp(wrong, confirm).status()) == "TOTP_REFUSED");
  confirm.set_code(crypto::TotpCode(enrolment->secret(), base.clock.Now()));
  auto right = As("nanma.officer", "ConfirmTotp");
  REQUIRE_OK(identity.accounts.ConfirmTotp(right, confirm).status());

  const auto try_code = [&](const std::string& code) {
    return Reason(LogIn("nanma.officer", passwords["nanma.officer"], code).status());
  };
  CHECK(try_code("") == "TOTP_REQUIRED");
  CHECK(try_code("123456") == "TOTP_REFUSED");
  base.clock.Advance(absl::Seconds(30));  // the one that confirmed is used up
  const std::string code = crypto::TotpCode(enrolment->secret(), base.clock.Now());
  CHECK(try_code(code) == "");
  CHECK(try_code(code) == "TOTP_USED");
  base.clock.Advance(absl::Seconds(30));
  CHECK(try_code(crypto::TotpCode(enrolment->secret(), base.clock.Now() - absl::Seconds(30))) == "TOTP_USED");
  CHECK(try_code(crypto::TotpCode(enrolment->secret(), base.clock.Now())) == "");
}

TEST_CASE_METHOD(IdentityFixture,
                 "A one-time password opens nothing but its own change; a changed one ends all sessions") {
  // As that of a first administrator.
  const Id id = *ParseId(ClaimsOf("nanma.officer").sub());
  REQUIRE_OK(identity.accounts.casework()
                 .ActAsSystem(A::RENEW_HASH, id,
                              [](A& account) {
                                account.set_must_change_password(true);
                                return absl::OkStatus();
                              })
                 .status());
  const std::string first = passwords["nanma.officer"];
  const auto tokens = LogIn("nanma.officer");
  CHECK(tokens.must_change_password());
  const auto claims = *Verify(tokens.access_token());
  CHECK(claims.grants().empty());

  CHECK(Reason(ChangePassword(claims, "wrong", "Kw7-tmxdrp-1").status()) == "PASSWORD_WRONG");
  CHECK(Reason(ChangePassword(claims, first, "short").status()) == "PASSWORD_TOO_SHORT");
  CHECK(Reason(ChangePassword(claims, first, first).status()) == "PASSWORD_FORMER");
  REQUIRE_OK(ChangePassword(claims, first, "Kw7-tmxdrp-0").status());
  CHECK(Reason(Verify(tokens.access_token()).status()) == "TOKEN_REVOKED");
  CHECK(Reason(Refresh(tokens.refresh_token()).status()) == "SESSION_ENDED");
  passwords["nanma.officer"] = "Kw7-tmxdrp-0";
  CHECK(ClaimsOf("nanma.officer").grants_size() == 1);

  // Not one of the last five.
  for (int i = 1; i < kPasswordsRemembered; ++i) {
    const std::string next = "Kw7-tmxdrp-" + std::to_string(i);
    REQUIRE_OK(ChangePassword(ClaimsOf("nanma.officer"), passwords["nanma.officer"], next).status());
    passwords["nanma.officer"] = next;
  }
  CHECK(Reason(ChangePassword(ClaimsOf("nanma.officer"), passwords["nanma.officer"], "Kw7-tmxdrp-0").status()) ==
        "PASSWORD_FORMER");
  CHECK(Reason(ChangePassword(ClaimsOf("nanma.officer"), passwords["nanma.officer"], first).status()) == "");
}

TEST_CASE_METHOD(IdentityFixture, "Whoever has stolen a session cannot guess the password by changing it") {
  const auto claims = ClaimsOf("nanma.officer");
  for (int i = 0; i < kFailuresToLock; ++i)
    CHECK(Reason(ChangePassword(claims, "wrong", "Kw7-tmxdrp-1").status()) == "PASSWORD_WRONG");
  CHECK(Reason(ChangePassword(claims, passwords["nanma.officer"], "Kw7-tmxdrp-1").status()) ==
        "ACCOUNT_LOCKED");
}

TEST_CASE_METHOD(IdentityFixture, "Log-ins and failures stand in the journal, for auditors only") {
  LogIn("nanma.officer");
  (void)LogIn("nanma.officer", "wrong");
  casework::v1::GetHistoryRequest r;
  r.set_id("nanma.officer");
  CHECK_FALSE(testing::Calls::Admitted(As("county.security", "GetAccountHistory")));
  auto call = As("county.auditor", "GetAccountHistory");
  const auto history = identity.accounts.History(call, r);
  REQUIRE_OK(history.status());
  std::vector<std::string> actions;
  for (const auto& entry : history->entries()) actions.push_back(entry.action());
  CHECK(actions == std::vector<std::string>{"CREATE", "LOG_IN", "LOG_IN_FAILED"});

  // Failures of names that belong to nobody are shown to the auditors at the root only.
  (void)LogIn("nobody.here", "wrong");
  casework::v1::ListJournalRequest failures;
  failures.set_action("LOG_IN_FAILED");
  auto county = calls.Of("/sifa.office.v1.JournalService/ListJournal", ClaimsOf("county.auditor"));
  const auto seen = identity.journal.List(county, failures);
  REQUIRE_OK(seen.status());
  CHECK(seen->entries_size() == 1);
  auto root = calls.Of("/sifa.office.v1.JournalService/ListJournal",
                       testing::ClaimsOf("ROOT", "root.auditor", {testing::GrantOf("auditor", "33", "/33/", 1, true)}));
  CHECK(identity.journal.List(root, failures)->entries_size() == 2);
}

}  // namespace sifa::identity
