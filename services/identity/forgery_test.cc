// Root in identity's database (finding: root in identity's database is everybody, unseen): what he writes there is without
// effect, or found by the verifier, or both.
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/crypto/password.h"
#include "libs/crypto/suite.h"
#include "services/identity/identity_fixture.h"
#include "services/identity/settings.h"
#include "services/identity/verify.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

class Root : public IdentityFixture {
 public:
  void Do(const std::string& sql, std::initializer_list<mysql::Value> values = {}) {
    mysql::Pool owner(base.database.MigrationOptions());
    REQUIRE_OK(owner.WithConnection([&](mysql::Connection& connection) { return connection.Execute(sql, values).status(); }));
  }
  // The texts of what the verifier finds in identity's own tables.
  std::vector<std::string> Found() {
    std::vector<journal::Finding> findings;
    REQUIRE_OK(VerifyIdentity(*base.pool, *base.keyring, *base.objects, &findings));
    std::vector<std::string> texts;
    for (const auto& finding : findings) texts.push_back(finding.text);
    return texts;
  }
  size_t FoundOf(const std::string& what) {
    size_t count = 0;
    for (const std::string& text : Found()) count += text.find(what) != std::string::npos ? 1 : 0;
    return count;
  }
  Id IdOf(const std::string& account) { return *ParseId(ClaimsOf(account).sub()); }
};

}  // namespace

TEST_CASE_METHOD(Root, "Nothing is found where nobody has altered anything") {
  const auto tokens = LogIn("nanma.officer");
  REQUIRE_OK(Refresh(tokens.refresh_token()).status());
  const auto other = LogIn("nanma.officer");
  auto call = calls.Of("/sifa.identity.v1.SessionService/LogOut", *Verify(other.access_token()));
  REQUIRE_OK(identity.sessions.LogOut(call, {}).status());
  CHECK(Found() == std::vector<std::string>{});
}

TEST_CASE_METHOD(Root, "A session that root makes is nobody's, and is found") {
  const auto genuine = LogIn("nanma.officer");
  const Id id = NewId(base.clock.Now());
  Do("INSERT INTO session (id, account_id, created_at, last_used_at, expires_at, ended_at, nonce, seal)"
     " SELECT ?, ?, created_at, last_used_at, expires_at, ended_at, nonce, seal FROM session WHERE id = ?",
     {id, IdOf("county.auditor"), *ParseId(genuine.session())});
  // The digest of a token that an attacker chooses is of no use either: with it goes the session that it was made for.
  std::string bytes;
  absl::WebSafeBase64Unescape(genuine.refresh_token(), &bytes);
  const std::string moved = absl::WebSafeBase64Escape(absl::StrCat(id.AsBytes(), bytes.substr(16)));
  CHECK(Reason(Refresh(moved).status()) == "SESSION_ENDED");
  CHECK(FoundOf(id.ToString()) == 1);
}

TEST_CASE_METHOD(Root, "A session given to another account, or prolonged, ends, and is found") {
  const auto tokens = LogIn("nanma.officer");
  const Id session = *ParseId(tokens.session());
  SECTION("account") { Do("UPDATE session SET account_id = ? WHERE id = ?", {IdOf("county.auditor"), session}); }
  SECTION("life") { Do("UPDATE session SET expires_at = '2096-01-01' WHERE id = ?", {session}); }
  SECTION("use") { Do("UPDATE session SET nonce = 'x' WHERE id = ?", {session}); }
  CHECK(Reason(Refresh(tokens.refresh_token()).status()) == "SESSION_ENDED");
  CHECK(FoundOf(tokens.session()) == 1);
}

TEST_CASE_METHOD(Root, "A session that has ended stays so when root puts its row back as it was") {
  const auto keep = [&] { Do("CREATE TABLE kept AS SELECT * FROM session"); };
  const auto put_back = [&] {
    Do("DELETE FROM session");
    Do("INSERT INTO session SELECT * FROM kept");
    Do("DROP TABLE kept");
  };
  const auto tokens = LogIn("nanma.officer");
  const auto claims = *Verify(tokens.access_token());
  keep();
  base.clock.Advance(absl::Seconds(1));
  SECTION("logged out") {
    auto call = calls.Of("/sifa.identity.v1.SessionService/LogOut", claims);
    REQUIRE_OK(identity.sessions.LogOut(call, {}).status());
    put_back();
    CHECK(Reason(Refresh(tokens.refresh_token()).status()) == "SESSION_ENDED");
  }
  SECTION("password changed") {
    REQUIRE_OK(ChangePassword(claims, passwords["nanma.officer"], "Kw7-tmxdrp-0").status());
    put_back();
    CHECK(Reason(Refresh(tokens.refresh_token()).status()) == "SESSION_ENDED");
  }
  SECTION("account disabled, then enabled") {
    auto disable = As("county.system", "DisableAccount");
    REQUIRE_OK(identity.accounts.Disable(disable, ActOf("nanma.officer")).status());
    auto enable = As("county.system", "EnableAccount");
    REQUIRE_OK(identity.accounts.Enable(enable, ActOf("nanma.officer")).status());
    put_back();
    CHECK(Reason(Refresh(tokens.refresh_token()).status()) == "SESSION_ENDED");
  }
  SECTION("refreshed: the holder's next token shows that the row was set back, and ends it for both") {
    const auto next = Refresh(tokens.refresh_token());
    REQUIRE_OK(next.status());
    put_back();
    REQUIRE_OK(Refresh(tokens.refresh_token()).status());
    CHECK(Reason(Refresh(next->refresh_token()).status()) == "SESSION_ENDED");
  }
}

TEST_CASE_METHOD(Root, "A key of tokens that root puts in place of ours signs nothing, and is found") {
  const auto tokens = LogIn("nanma.officer");
  REQUIRE_OK(Verify(tokens.access_token()).status());
  const auto& suite = crypto::GetSuite(crypto::SuiteId::kInternational);
  const std::string mine = suite.NewSigningKey();
  SECTION("changed") { Do("UPDATE token_key SET private_pem = ?", {mine}); }
  SECTION("inserted") { Do("INSERT INTO token_key (id, created_at, private_pem) VALUES ('mine', '2026-03-02', ?)", {mine}); }
  SECTION("kept for longer") { Do("UPDATE token_key SET created_at = '2096-01-01'"); }
  const size_t found = FoundOf("令牌密钥");
  CHECK(found == 1);
  REQUIRE_OK(identity.Refresh());
  for (const casework::SigningKey& key : identity.keys.Published()) {
    CHECK(key.private_pem != mine);
    CHECK(key.id != "mine");
  }
  auto claims = ClaimsOf("nanma.officer");
  for (const char* id : {"mine", identity.keys.Signing().id.c_str()}) {
    const auto forged = rpc::SignToken(claims, id, mine);
    CHECK(Reason(Verify(*forged).status()) == "TOKEN_MALFORMED");
  }
}

TEST_CASE_METHOD(Root, "A name or a code that root leads elsewhere opens nothing, and is found") {
  SECTION("log-in name") {
    // The mediator's password then opens no head's account.
    const Id officer = IdOf("nanma.officer"), mediator = IdOf("nanma.mediator");
    Do("DELETE FROM login WHERE name = 'nanma.officer'");
    Do("UPDATE login SET name = 'nanma.officer' WHERE account_id = ?", {mediator});
    CHECK_FALSE(LogIn("nanma.officer", passwords["nanma.mediator"]).ok());
    CHECK_FALSE(LogIn("nanma.officer", passwords["nanma.officer"]).ok());
    CHECK(FoundOf("登录名 nanma") == 2);
    (void)officer;
  }
  SECTION("organisation") {
    Do("UPDATE organisation o, organisation root SET o.object_id = root.object_id WHERE o.code = '330783118' AND root.code = "
       "'33'");
    CHECK_FALSE(LogIn("nanma.officer", passwords["nanma.officer"]).ok());
    CHECK(FoundOf("机构代码 330783118：") == 1);
  }
  SECTION("organisation taken away") {
    Do("DELETE FROM organisation WHERE code = '330783118-00'");
    CHECK(LogIn("nanma.mediator").posts_size() == 0);
    CHECK(FoundOf("机构代码 330783118-00：不见了") == 1);
  }
}

TEST_CASE_METHOD(Root, "A revocation that root takes away or makes up is found, and what is made up revokes nobody") {
  const auto tokens = LogIn("nanma.officer");
  SECTION("made up") {
    Do("INSERT INTO revocation (position, account_id, session_id, before_second, seal) VALUES (1, ?, NULL, 4000000000, 'x')",
       {IdOf("nanma.officer")});
    CHECK(Reason(Verify(tokens.access_token()).status()) == "");
    CHECK(FoundOf("撤销记录 1") == 1);
  }
  SECTION("taken away") {
    for (int i = 0; i < 3; ++i) {
      auto call = calls.Of("/sifa.identity.v1.SessionService/LogOut", ClaimsOf("nanma.officer"));
      REQUIRE_OK(identity.sessions.LogOut(call, {}).status());
    }
    Do("DELETE FROM revocation WHERE position IN (2, 3)");
    CHECK(FoundOf("撤销记录 2") == 1);
    CHECK(FoundOf("撤销记录 3") == 1);
  }
}

TEST_CASE_METHOD(Root, "No table beside the journal says that a code is fresh or a name free: none can be emptied") {
  auto enrol = As("nanma.officer", "EnrolTotp");
  const auto enrolment = identity.accounts.EnrolTotp(enrol, {});
  v1::ConfirmTotpRequest confirm;
  confirm.set_code(crypto::TotpCode(enrolment->secret(), base.clock.Now()));
  auto call = As("nanma.officer", "ConfirmTotp");
  REQUIRE_OK(identity.accounts.ConfirmTotp(call, confirm).status());
  base.clock.Advance(absl::Seconds(30));
  const std::string code = crypto::TotpCode(enrolment->secret(), base.clock.Now());
  REQUIRE_OK(LogIn("nanma.officer", passwords["nanma.officer"], code).status());
  for (int i = 0; i < kFailuresToLock; ++i) (void)LogIn("nanma.mediator", "wrong");
  for (const char* table : {"session", "known_network", "revocation", "lease"}) Do(absl::StrCat("DELETE FROM ", table));
  CHECK(Reason(LogIn("nanma.officer", passwords["nanma.officer"], code).status()) == "TOTP_USED");
  CHECK(Reason(LogIn("nanma.mediator", passwords["nanma.mediator"]).status()) == "ACCOUNT_LOCKED");
  // Nor does a log-in that root makes up from an older one.
  base.clock.Advance(absl::Seconds(1));
  Do("CREATE TABLE forged AS SELECT * FROM journal WHERE action = 'LOG_IN' LIMIT 1");
  Do("UPDATE forged SET id = ?, object_id = (SELECT account_id FROM login WHERE name = 'nanma.mediator')",
     {NewId(base.clock.Now())});
  Do("INSERT INTO journal SELECT * FROM forged");
  Do("DROP TABLE forged");
  CHECK_FALSE(LogIn("nanma.mediator", passwords["nanma.mediator"]).ok());
}

}  // namespace sifa::identity
