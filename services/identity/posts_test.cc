// Posts end once, acting keeps the administrators apart, and nobody takes over an account that reaches
// further than he does.
#include <set>

#include "libs/crypto/password.h"
#include "services/identity/identity_fixture.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

struct Posts : IdentityFixture {
  // The security administrator of the province, who reaches everything.
  rpc::Call AsRoot(const std::string& method) {
    return calls.Of("/sifa.identity.v1.AccountService/" + method,
                    testing::ClaimsOf("ROOT", "root.security",
                                      {testing::GrantOf("security_admin", "33", "/33/", 1, true)}));
  }
  v1::Account GrantAsRoot(const std::string& account, const std::string& role,
                          const std::string& organisation) {
    auto call = AsRoot("GrantPost");
    v1::GrantPostRequest r;
    r.set_id(account);
    r.set_role(role);
    r.set_organisation(organisation);
    const auto granted = identity.accounts.GrantPost(call, r);
    REQUIRE_OK(granted.status());
    return *granted;
  }
  absl::StatusOr<A> EndPost(rpc::Call call, const v1::Account& account, int post,
                            const std::string& last_day) {
    v1::EndPostRequest r;
    r.set_id(account.id());
    r.set_post(account.posts(post).id());
    r.set_last_day(last_day);
    return identity.accounts.EndPost(call, r);
  }
  absl::StatusOr<A> SetActing(const std::string& account, const std::string& principal,
                              const std::string& from, const std::string& to) {
    auto call = As("county.security", "SetActing");
    v1::SetActingRequest r;
    r.set_id(account);
    r.set_principal(principal);
    r.set_valid_from(from);
    r.set_valid_to(to);
    r.set_reason("出差");
    return identity.accounts.SetActing(call, r);
  }
};

}  // namespace

TEST_CASE_METHOD(Posts, "A post is shortened, never prolonged, and one that has ended stays ended") {
  A account = *Grant("county.security", "nanma.mediator", "committee_head", "330783118-00");
  const auto end = [&](const std::string& last_day) {
    return Reason(EndPost(As("county.security", "EndPost"), account, 1, last_day).status());
  };
  CHECK(end("2026-03-01") == "PERIOD_REVERSED");
  CHECK(end("2026-03-10") == "");
  CHECK(end("2026-03-11") == "POST_PROLONGED");
  CHECK(end("2026-03-05") == "");
  base.clock.Advance(absl::Hours(4 * 24));  // to 2026-03-06
  CHECK(end("2026-03-06") == "POST_ENDED");
  CHECK(end("2026-03-05") == "POST_ENDED");
  CHECK(end("") == "POST_ENDED");
  CHECK(ClaimsOf("nanma.mediator").grants_size() == 1);
}

TEST_CASE_METHOD(Posts, "本人账号: it names the record, ends, and has no office's post beside it") {
  const auto grant = [&](const std::string& account, const std::string& role, const std::string& person, const std::string& to) {
    auto call = AsRoot("GrantPost");
    v1::GrantPostRequest r;
    r.set_id(account);
    r.set_role(role);
    r.set_organisation("330783");
    r.set_person(person);
    r.set_valid_to(to);
    return Reason(identity.accounts.GrantPost(call, r).status());
  };
  const std::string record = "01J6QX0000000000000000000A";
  CHECK(grant("nanma.mediator", "supervised_person", record, "2026-12-31") == "OWN_ACCOUNT_APART");
  REQUIRE_OK(Create("county.system", "zhao.dashan", "330783").status());
  CHECK(grant("zhao.dashan", "supervised_person", "", "2026-12-31") == "PERSON_MISSING");
  CHECK(grant("zhao.dashan", "supervised_person", record, "") == "FIELD_REQUIRED");
  CHECK(grant("zhao.dashan", "county_officer", record, "2026-12-31") == "PERSON_UNEXPECTED");
  CHECK(grant("zhao.dashan", "supervised_person", record, "2026-12-31") == "");
  CHECK(grant("zhao.dashan", "county_officer", "", "2026-12-31") == "OWN_ACCOUNT_APART");
}

TEST_CASE_METHOD(Posts, "A post beyond one's own reach is not one's own to end") {
  const A account = GrantAsRoot("nanma.mediator", "city_supervisor", "3307");
  CHECK(Reason(EndPost(As("county.security", "EndPost"), account, 1, "").status()) == "OUT_OF_REACH");
  CHECK(Reason(EndPost(AsRoot("EndPost"), account, 1, "").status()) == "");
}

TEST_CASE_METHOD(
    Posts, "GB/T 22239 三员分立: an administrator acts for nobody, and who acts becomes no administrator") {
  CHECK(Reason(SetActing("county.auditor", "nanma.officer", "2026-03-02", "2026-03-09").status()) ==
        "ADMINISTRATOR_WITH_OTHER_POST");
  CHECK(ClaimsOf("county.auditor").grants_size() == 1);

  REQUIRE_OK(Create("county.system", "county.deputy", "330783").status());
  REQUIRE_OK(SetActing("county.deputy", "nanma.officer", "2026-03-02", "2026-03-09").status());
  CHECK(Reason(Grant("county.security", "county.deputy", "auditor", "330783").status()) ==
        "ADMINISTRATOR_WITH_OTHER_POST");
  base.clock.Advance(absl::Hours(8 * 24));
  CHECK(Reason(Grant("county.security", "county.deputy", "auditor", "330783").status()) == "");
}

TEST_CASE_METHOD(
    Posts,
    "Whose posts, or those acted for, reach further is opened by nobody below: no password, code or lock") {
  const auto refused = [&](const std::string& account) {
    auto reset = As("county.security", "ResetPassword");
    auto remove = As("county.security", "RemoveTotp");
    auto unlock = As("county.security", "UnlockAccount");
    return std::set<std::string>{Reason(identity.accounts.ResetPassword(reset, ActOf(account)).status()),
                                 Reason(identity.accounts.RemoveTotp(remove, ActOf(account)).status()),
                                 Reason(identity.accounts.Unlock(unlock, ActOf(account)).status())};
  };
  // Enrolled and locked, so that reach alone stands against all three.
  const auto prepare = [&](const std::string& account) {
    const auto claims = ClaimsOf(account);
    auto enrol = calls.Of("/sifa.identity.v1.AccountService/EnrolTotp", claims);
    const auto enrolment = identity.accounts.EnrolTotp(enrol, {});
    auto confirm = calls.Of("/sifa.identity.v1.AccountService/ConfirmTotp", claims);
    v1::ConfirmTotpRequest r;
    r.set_code(crypto::TotpCode(enrolment->secret(), base.clock.Now()));
    REQUIRE_OK(identity.accounts.ConfirmTotp(confirm, r).status());
    for (int i = 0; i < kFailuresToLock; ++i) CHECK_FALSE(LogIn(account, "wrong").ok());
  };
  prepare("nanma.mediator");
  GrantAsRoot("nanma.mediator", "city_supervisor", "3307");
  CHECK(refused("nanma.mediator") == std::set<std::string>{"OUT_OF_REACH"});

  prepare("nanma.officer");
  auto acting = AsRoot("SetActing");
  v1::SetActingRequest r;
  r.set_id("nanma.officer");
  r.set_principal("nanma.mediator");
  r.set_valid_to("2026-03-09");
  r.set_reason("出差");
  REQUIRE_OK(identity.accounts.SetActing(acting, r).status());
  CHECK(refused("nanma.officer") == std::set<std::string>{"OUT_OF_REACH"});
  base.clock.Advance(absl::Hours(8 * 24));
  CHECK(refused("nanma.officer") == std::set<std::string>{""});
}

}  // namespace sifa::identity
