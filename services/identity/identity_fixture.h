// Identity with a real database, for its tests: a small tree of organisations and people to act.
#pragma once

#include <catch2/catch.hpp>

#include "absl/strings/str_split.h"
#include "libs/contract/mask.h"
#include "libs/rpc/token.h"
#include "libs/telemetry/log.h"
#include "libs/testing/calls.h"
#include "libs/testing/casework_backend.h"
#include "services/identity/identity.h"

namespace sifa::identity {

#define REQUIRE_OK(expression)                  \
  do {                                          \
    const absl::Status _checked = (expression); \
    INFO(_checked.ToString());                  \
    REQUIRE(_checked.ok());                     \
  } while (false)

class IdentityFixture {
 public:
  IdentityFixture()
      : base(Base()),
        calls("identity", std::string(SIFA_ROOT) + "/config", base.clock),
        regions(Regions()),
        identity(*base.backend, calls.authority(), regions, tables, "identity:test", false),
        verifier(base.clock) {
    REQUIRE_OK(identity.Refresh());
    using O = v1::Organisation;
    REQUIRE_OK(identity.seeder.AddOrganisations(
        {{"33", "", "浙江省司法厅", O::BUREAU, 1, "330000"},
         {"3307", "33", "金华市司法局", O::BUREAU, 2, "330700"},
         {"330783", "3307", "东阳市司法局", O::BUREAU, 3, "330783"},
         {"330783118", "330783", "南马镇司法所", O::JUSTICE_OFFICE, 4, "330783118"},
         {"330783118-00", "330783118", "南马镇人民调解委员会", O::COMMITTEE, 4, "330783118"},
         {"330702", "3307", "婺城区司法局", O::BUREAU, 3, "330702"}},
        "2020-01-01"));
    testing::TempDir directory("sifa-identity");
    REQUIRE_OK(identity.seeder.AddAccounts({{"county.system", "卢云飞", "system_admin", "330783", true},
                                            {"county.security", "蒋海燕", "security_admin", "330783", true},
                                            {"county.auditor", "许静", "auditor", "330783", true},
                                            {"city.security", "周立新", "security_admin", "3307", true},
                                            {"other.security", "钱莉", "security_admin", "330702", true},
                                            {"nanma.officer", "陈志强", "justice_officer", "330783118", true},
                                            {"nanma.mediator", "王建国", "mediator", "330783118-00"}},
                                           "2020-01-01", directory / "accounts.json"));
    ReadPasswords(testing::ReadFile(directory / "accounts.json"));
  }

  // One database for all tests, empty at the start of each.
  static testing::CaseworkBackend& Base() {
    telemetry::StartLog("identity", "error");
    const absl::CivilSecond now(2026, 3, 2, 9, 0, 0);
    static testing::CaseworkBackend base(SIFA_ROOT, Definition(), now);
    base.Reset(now);
    return base;
  }
  static const RegionTable& Regions() {
    static const RegionTable regions =
        testing::CaseworkBackend::Must(RegionTable::Load(std::string(SIFA_ROOT) + "/data/regions"));
    return regions;
  }

  // ---- acting as somebody

  absl::StatusOr<v1::SessionTokens> LogIn(const std::string& account, const std::string& password, const std::string& totp = "",
                                          const std::string& address = "") {
    auto call = calls.Of("/sifa.identity.v1.SessionService/CreateSession", {}, "", address);
    v1::CreateSessionRequest r;
    r.set_account(account);
    r.set_password(password);
    r.set_totp_code(totp);
    return identity.sessions.CreateSession(call, r);
  }
  v1::SessionTokens LogIn(const std::string& account) {
    auto tokens = LogIn(account, passwords.at(account));
    REQUIRE_OK(tokens.status());
    return *tokens;
  }
  absl::StatusOr<v1::SessionTokens> Refresh(const std::string& refresh_token) {
    auto call = calls.Of("/sifa.identity.v1.SessionService/RefreshSession");
    v1::RefreshSessionRequest r;
    r.set_refresh_token(refresh_token);
    return identity.sessions.RefreshSession(call, r);
  }
  // What a service makes of an access token after its next sync.
  absl::StatusOr<v1::TokenClaims> Verify(const std::string& access_token) {
    const auto sync = identity.tokens.Sync(verifier.position());
    REQUIRE_OK(sync.status());
    verifier.Update(*sync);
    return verifier.Verify("Bearer " + access_token);
  }
  v1::TokenClaims ClaimsOf(const std::string& account) {
    auto claims = Verify(LogIn(account).access_token());
    REQUIRE_OK(claims.status());
    return *claims;
  }
  // A call of `account` to a method of AccountService, with the claims of a fresh token.
  rpc::Call As(const std::string& account, const std::string& method) {
    return calls.Of("/sifa.identity.v1.AccountService/" + method, ClaimsOf(account));
  }

  // ---- acts

  absl::StatusOr<v1::Account> Grant(const std::string& by, const std::string& account,
                                    const std::string& role, const std::string& organisation,
                                    bool descendants = false) {
    auto call = As(by, "GrantPost");
    v1::GrantPostRequest r;
    r.set_id(account);
    r.set_role(role);
    r.set_organisation(organisation);
    r.set_descendants(descendants);
    return identity.accounts.GrantPost(call, r);
  }
  absl::StatusOr<v1::AccountWithHalf> Create(const std::string& by, const std::string& account,
                                             const std::string& organisation = "330783118") {
    auto call = As(by, "CreateAccount");
    v1::CreateAccountRequest r;
    r.set_request_id("create-" + account);
    r.set_account(account);
    r.set_display_name("张晓明");
    r.set_phone("13800138000");
    r.set_organisation(organisation);
    return identity.accounts.Create(call, r);
  }
  v1::AccountActRequest ActOf(const std::string& account) {
    v1::AccountActRequest r;
    r.set_id(account);
    r.set_reason("工作需要");
    return r;
  }
  absl::StatusOr<v1::AccountWithHalf> ConfirmReset(const std::string& by, const std::string& account) {
    auto call = As(by, "ConfirmReset");
    return identity.accounts.ConfirmReset(call, ActOf(account));
  }
  absl::Status Redeem(const std::string& account, const std::string& first, const std::string& second,
                      const std::string& password, const std::string& address = "") {
    auto call = calls.Of("/sifa.identity.v1.AccountService/RedeemReset", {}, "", address);
    v1::RedeemResetRequest r;
    r.set_account(account);
    r.set_first_half(first);
    r.set_second_half(second);
    r.set_new_password(password);
    return identity.accounts.RedeemReset(call, r).status();
  }
  // A new account in the hands of its holder.
  void Open(const std::string& account, const v1::AccountWithHalf& created) {
    const auto second = ConfirmReset("county.security", account);
    REQUIRE_OK(second.status());
    REQUIRE_OK(Redeem(account, created.half(), second->half(), "Kw7-tmxdrp-0"));
    passwords[account] = "Kw7-tmxdrp-0";
  }
  absl::StatusOr<v1::Account> ChangePassword(const v1::TokenClaims& claims, const std::string& from,
                                             const std::string& to) {
    auto call = calls.Of("/sifa.identity.v1.AccountService/ChangePassword", claims);
    v1::ChangePasswordRequest r;
    r.set_current_password(from);
    r.set_new_password(to);
    return identity.accounts.ChangePassword(call, r);
  }

  testing::CaseworkBackend& base;
  testing::Calls calls;
  const RegionTable& regions;
  CodeTables tables;
  Identity identity;
  rpc::TokenVerifier verifier;
  std::map<std::string, std::string> passwords;

 private:
  // The file is a list with one line for each account.
  void ReadPasswords(const std::string& json) {
    for (absl::string_view line : absl::StrSplit(json, '\n')) {
      const std::vector<std::string> parts = absl::StrSplit(line, '"');
      if (parts.size() > 7) passwords[parts[3]] = parts[7];
    }
    REQUIRE(passwords.size() == 7);
  }
};

}  // namespace sifa::identity
