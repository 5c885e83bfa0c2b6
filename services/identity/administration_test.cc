// Accounts and posts as administrators keep them: separation, reach, acting, and what follows at once.
#include "services/identity/identity_fixture.h"
#include "services/identity/reach.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

}  // namespace

TEST_CASE_METHOD(
    IdentityFixture,
    "GB/T 22239: who creates accounts grants nothing, who grants creates none, who audits does neither") {
  for (const char* method : {"CreateAccount", "DisableAccount"}) {
    CHECK(testing::Calls::Admitted(As("county.system", method)));
    CHECK_FALSE(testing::Calls::Admitted(As("county.security", method)));
    CHECK_FALSE(testing::Calls::Admitted(As("county.auditor", method)));
  }
  for (const char* method : {"GrantPost", "EndPost", "SetActing", "UnlockAccount", "ResetPassword"}) {
    CHECK_FALSE(testing::Calls::Admitted(As("county.system", method)));
    CHECK(testing::Calls::Admitted(As("county.security", method)));
    CHECK_FALSE(testing::Calls::Admitted(As("county.auditor", method)));
  }
  CHECK(testing::Calls::Admitted(As("county.auditor", "GetAccountHistory")));
  CHECK_FALSE(testing::Calls::Admitted(As("nanma.officer", "GetAccount")));

  CHECK(Reason(Grant("county.security", "county.system", "auditor", "330783").status()) ==
        "ADMINISTRATORS_NOT_SEPARATE");
  CHECK(Reason(Grant("county.security", "county.system", "county_officer", "330783").status()) ==
        "ADMINISTRATOR_WITH_OTHER_POST");
  CHECK(Reason(Grant("county.security", "county.security", "security_admin", "330783118").status()) ==
        "ROLE_NOT_AT_LEVEL");
  CHECK(Reason(Grant("county.security", "county.security", "county_officer", "330783").status()) ==
        "OWN_ACCOUNT");
}

TEST_CASE_METHOD(IdentityFixture,
                 "A post is granted inside the granter's reach, at a level of its role, once") {
  CHECK(Reason(Grant("county.security", "nanma.mediator", "city_supervisor", "3307").status()) ==
        "OUT_OF_REACH");
  CHECK(Reason(Grant("other.security", "nanma.mediator", "county_officer", "330702").status()) ==
        "NOT_FOUND");
  CHECK(Reason(Grant("county.security", "nanma.mediator", "county_officer", "330783118").status()) ==
        "ROLE_NOT_AT_LEVEL");
  CHECK(Reason(Grant("county.security", "nanma.mediator", "emperor", "330783").status()) == "ROLE_UNKNOWN");
  CHECK(Reason(Grant("county.security", "nanma.mediator", "mediator", "330783999").status()) ==
        "ORGANISATION_UNKNOWN");
  CHECK(Reason(Grant("county.security", "nanma.mediator", "mediator", "330783118-00").status()) ==
        "POST_HELD_ALREADY");
  const auto granted = Grant("county.security", "nanma.mediator", "committee_head", "330783118-00");
  REQUIRE_OK(granted.status());
  CHECK(granted->posts_size() == 2);
  CHECK(granted->posts(1).granted_by() == ClaimsOf("county.security").sub());
  CHECK(ClaimsOf("nanma.mediator").grants_size() == 2);
}

TEST_CASE_METHOD(IdentityFixture,
                 "A granter whose own post does not cover what is below cannot give a post that does") {
  const auto created = Create("county.system", "county.narrow", "330783");
  REQUIRE_OK(Grant("county.security", "county.narrow", "security_admin", "330783").status());
  Open("county.narrow", *created);
  REQUIRE_OK(Create("county.system", "county.clerk", "330783").status());
  CHECK(Reason(Grant("county.narrow", "county.clerk", "county_officer", "330783", true).status()) ==
        "OUT_OF_REACH");
  CHECK(Reason(Grant("county.narrow", "county.clerk", "county_officer", "330783").status()) == "");
}

TEST_CASE_METHOD(
    IdentityFixture,
    "A post that ends is gone from the next token on, and the present token is void within one sync") {
  const auto tokens = LogIn("nanma.officer");
  v1::GetAccountRequest get;
  get.set_id("nanma.officer");
  auto read = As("county.security", "GetAccount");
  const auto before = identity.accounts.Get(read, get);
  v1::EndPostRequest r;
  r.set_id("nanma.officer");
  r.set_post(before->posts(0).id());
  auto call = As("county.security", "EndPost");
  REQUIRE_OK(identity.accounts.EndPost(call, r).status());
  CHECK(Reason(Verify(tokens.access_token()).status()) == "TOKEN_REVOKED");
  const auto refreshed = Refresh(tokens.refresh_token());
  REQUIRE_OK(refreshed.status());
  const auto claims = Verify(refreshed->access_token());
  REQUIRE_OK(claims.status());
  CHECK(claims->grants().empty());
}

TEST_CASE_METHOD(IdentityFixture,
                 "代理: who acts for another holds his posts for the period, and says for whom") {
  v1::SetActingRequest r;
  r.set_id("nanma.mediator");
  r.set_principal("nanma.officer");
  r.set_valid_from("2026-03-02");
  r.set_valid_to("2026-03-03");
  r.set_reason("出差");
  auto call = As("county.security", "SetActing");
  v1::SetActingRequest over = r;
  over.set_valid_from("2026-02-01");
  over.set_valid_to("2026-02-10");
  CHECK(Reason(identity.accounts.SetActing(call, over).status()) == "PERIOD_OVER");
  REQUIRE_OK(identity.accounts.SetActing(call, r).status());
  auto twice = As("county.security", "SetActing");
  CHECK(Reason(identity.accounts.SetActing(twice, r).status()) == "ACTING_ALREADY");
  const auto claims = ClaimsOf("nanma.mediator");
  REQUIRE(claims.grants_size() == 2);
  CHECK(claims.grants(0).acting_for().empty());
  CHECK(claims.grants(1).role() == "justice_officer");
  CHECK(claims.grants(1).acting_for() == ClaimsOf("nanma.officer").sub());

  SECTION("What is done under another's post says for whom, in the journal") {
    rpc::Call acting = calls.Of("/sifa.identity.v1.AccountService/EditAccount", [&] {
      auto grant = testing::GrantOf("system_admin", "330783", "/33/3307/330783/", 3, true);
      grant.set_acting_for("PRINCIPAL");
      return testing::ClaimsOf("DEPUTY", "county.deputy", {grant});
    }());
    v1::EditAccountRequest edit;
    edit.set_id("nanma.mediator");
    edit.set_phone("13800138001");
    REQUIRE_OK(identity.accounts.Edit(acting, edit).status());
    auto read = As("county.auditor", "GetAccountHistory");
    casework::v1::GetHistoryRequest of;
    of.set_id("nanma.mediator");
    const auto history = identity.accounts.History(read, of);
    REQUIRE_OK(history.status());
    CHECK(history->entries(history->entries_size() - 1).action() == "EDIT");
    CHECK(history->entries(history->entries_size() - 1).acting_for() == "PRINCIPAL");
  }
  SECTION("It ends with its last day") {
    base.clock.Advance(absl::Hours(48));
    CHECK(ClaimsOf("nanma.mediator").grants_size() == 1);
  }
  SECTION("It ends with the principal's account, at once") {
    const auto tokens = LogIn("nanma.mediator");
    auto disable = As("county.system", "DisableAccount");
    REQUIRE_OK(identity.accounts.Disable(disable, ActOf("nanma.officer")).status());
    CHECK(Reason(Verify(tokens.access_token()).status()) == "TOKEN_REVOKED");
    CHECK(ClaimsOf("nanma.mediator").grants_size() == 1);
  }
  SECTION("Nobody acts for an administrator") {
    r.set_principal("county.system");
    auto again = As("county.security", "SetActing");
    CHECK(Reason(identity.accounts.SetActing(again, r).status()) == "ADMINISTRATOR_NOT_ACTED_FOR");
  }
}

TEST_CASE_METHOD(IdentityFixture, "A disabled account neither logs in nor goes on; enabled again it does") {
  const auto tokens = LogIn("nanma.officer");
  auto disable = As("county.system", "DisableAccount");
  REQUIRE_OK(identity.accounts.Disable(disable, ActOf("nanma.officer")).status());
  CHECK(Reason(Verify(tokens.access_token()).status()) == "TOKEN_REVOKED");
  CHECK(Reason(Refresh(tokens.refresh_token()).status()) == "SESSION_ENDED");
  CHECK(Reason(LogIn("nanma.officer", passwords["nanma.officer"]).status()) == "ACCOUNT_DISABLED");
  CHECK(Reason(LogIn("nanma.officer", "wrong").status()) == "LOG_IN_REFUSED");
  auto enable = As("county.system", "EnableAccount");
  REQUIRE_OK(identity.accounts.Enable(enable, ActOf("nanma.officer")).status());
  LogIn("nanma.officer");
}

TEST_CASE_METHOD(IdentityFixture,
                 "调动: an account is placed elsewhere inside the administrator's reach, and no longer seen "
                 "where it was") {
  const auto move = [&](const std::string& organisation) {
    auto call = As("county.system", "EditAccount");
    v1::EditAccountRequest r;
    r.set_id("nanma.mediator");
    r.set_organisation(organisation);
    return identity.accounts.Edit(call, r);
  };
  CHECK(Reason(move("330702").status()) == "OUT_OF_REACH");
  CHECK(move("330783")->organisation_path() == "/33/3307/330783/");
  auto list = As("county.security", "ListAccounts");
  v1::ListAccountsRequest below;
  below.set_below("330783118");
  CHECK(identity.accounts.List(list, below)->accounts_size() == 1);
}

TEST_CASE_METHOD(IdentityFixture,
                 "Log-in names are unique, lists are bounded by reach, and secrets never leave the door") {
  REQUIRE_OK(Create("county.system", "nanma.new").status());
  auto call = As("county.system", "CreateAccount");
  v1::CreateAccountRequest r;
  r.set_account("nanma.new");
  r.set_display_name("另一人");
  r.set_organisation("330783118");
  CHECK(Reason(identity.accounts.Create(call, r).status()) == "ACCOUNT_TAKEN");
  r.set_account("wucheng.new");
  r.set_organisation("330702");
  CHECK(Reason(identity.accounts.Create(call, r).status()) == "OUT_OF_REACH");

  auto list = As("county.security", "ListAccounts");
  CHECK(identity.accounts.List(list, {})->accounts_size() == 6);
  auto foreign = As("other.security", "ListAccounts");
  CHECK(identity.accounts.List(foreign, {})->accounts_size() == 1);
  v1::ListAccountsRequest by_phone;
  by_phone.set_phone("13800138000");
  auto find = As("county.security", "ListAccounts");
  auto found = identity.accounts.List(find, by_phone);
  REQUIRE(found->accounts_size() == 1);
  contract::Mask(&*found);
  CHECK_FALSE(found->accounts(0).has_credentials());
  CHECK(found->accounts(0).phone() == "138****8000");
  contract::MaskSecrets(&*found);
  CHECK(found->DebugString().find("argon2") == std::string::npos);
}

TEST_CASE_METHOD(IdentityFixture, "移交: services read each order once it is sealed, and then no more") {
  v1::HandOverRequest r;
  r.set_id("nanma.mediator");
  r.set_to("nanma.officer");
  r.set_reason("调离");
  auto order = As("county.system", "HandOver");
  REQUIRE_OK(identity.accounts.HandOver(order, r).status());
  auto service = calls.Of("/sifa.identity.v1.HandoverService/ListHandovers");
  v1::ListHandoversRequest after;
  CHECK(identity.handovers.List(service, after)->orders().empty());
  testing::TempDir directory("sifa-anchor");
  journal::Sealer sealer(*base.pool, *base.keyring, base.clock,
                         {.holder = "test", .anchor_path = directory / "anchor"});
  while (*sealer.SealOnce() > 0) {
  }
  const auto listed = identity.handovers.List(service, after);
  REQUIRE(listed->orders_size() == 1);
  CHECK(listed->orders(0).from() == ClaimsOf("nanma.mediator").sub());
  CHECK(listed->orders(0).handover().to() == ClaimsOf("nanma.officer").sub());
  REQUIRE(listed->orders(0).grants_size() == 1);
  CHECK(listed->orders(0).grants(0).role() == "justice_officer");
  after.set_after_position(listed->position());
  CHECK(identity.handovers.List(service, after)->orders().empty());
}

TEST_CASE_METHOD(IdentityFixture, "移交: only to who has a post that works where the giver worked") {
  const auto hand_over = [&](const std::string& from, const std::string& to) {
    v1::HandOverRequest r;
    r.set_id(from);
    r.set_to(to);
    r.set_reason("调离");
    auto call = As("county.system", "HandOver");
    return Reason(identity.accounts.HandOver(call, r).status());
  };
  REQUIRE_OK(Create("county.system", "nanma.new").status());
  CHECK(hand_over("nanma.mediator", "nanma.new") == "SUCCESSOR_NOT_ENTITLED");       // no post
  CHECK(hand_over("nanma.mediator", "county.auditor") == "SUCCESSOR_NOT_ENTITLED");  // other work
  CHECK(hand_over("nanma.mediator", "nanma.mediator") == "ACTING_FOR_ONESELF");
  REQUIRE_OK(Grant("county.security", "nanma.new", "mediator", "330783118").status());
  CHECK(hand_over("nanma.mediator", "nanma.new") == "SUCCESSOR_NOT_ENTITLED");  // another place
  CHECK(hand_over("nanma.officer", "nanma.new").empty());
  REQUIRE_OK(Grant("county.security", "nanma.new", "mediator", "330783118-00").status());
  CHECK(hand_over("nanma.mediator", "nanma.new").empty());
  // Who has lost his posts has left his work in his organisation.
  v1::Account giver;
  giver.set_organisation_path("/33/3307/330783/330783118/330783118-00/");
  v1::Account receiver;
  *receiver.add_posts() = Grant("county.security", "nanma.new", "committee_head", "330783118-00")->posts(2);
  REQUIRE_OK(base.pool->WithConnection([&](mysql::Connection& connection) {
    return CheckSuccessor(*base.backend, connection, calls.authority(), giver, receiver, absl::CivilDay(2026, 3, 2));
  }));
}

TEST_CASE_METHOD(IdentityFixture,
                 "Every act stands in the sealed journal, and every object is what its last act made of it") {
  REQUIRE_OK(Grant("county.security", "nanma.mediator", "committee_head", "330783118-00").status());
  testing::TempDir directory("sifa-anchor");
  journal::Sealer sealer(*base.pool, *base.keyring, base.clock,
                         {.holder = "test", .anchor_path = directory / "anchor"});
  while (*sealer.SealOnce() > 0) {
  }
  const auto report =
      casework::VerifyAll(*base.pool, *base.keyring, base.objects->types(), base.clock.Now(), {.own = directory / "anchor"});
  REQUIRE_OK(report.status());
  CHECK(report->findings.empty());
  CHECK(report->rows > 12);
}

}  // namespace sifa::identity
