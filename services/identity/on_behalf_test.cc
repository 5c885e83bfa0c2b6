// Acting for a person between services.
#include "libs/rpc/on_behalf.h"

#include "services/identity/identity_fixture.h"

namespace sifa::identity {
namespace {

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

absl::StatusOr<v1::OnBehalfToken> Issue(IdentityFixture& at, const std::string& account) {
  auto call = at.calls.Of("/sifa.identity.v1.OnBehalfService/IssueOnBehalf");
  rpc::Call::Fields fields;
  fields.peer = "hotline";
  call.Fill(std::move(fields));
  v1::IssueOnBehalfRequest r;
  r.set_account(account);
  return at.identity.on_behalf.Issue(call, r);
}

}  // namespace

TEST_CASE_METHOD(IdentityFixture, "A service acts for a person with his posts of the day, and only in its own hands") {
  const v1::TokenClaims own = ClaimsOf("nanma.officer");
  const auto token = Issue(*this, own.sub());
  REQUIRE_OK(token.status());
  const auto claims = Verify(token->access_token());
  REQUIRE_OK(claims.status());
  CHECK(claims->sub() == own.sub());
  CHECK(claims->account() == "nanma.officer");
  REQUIRE(claims->grants_size() == 1);
  CHECK(claims->grants(0).SerializeAsString() == own.grants(0).SerializeAsString());
  CHECK(rpc::MayPresent("hotline", *claims));
  CHECK_FALSE(rpc::MayPresent("gateway", *claims));
}

TEST_CASE_METHOD(IdentityFixture, "Nobody acts for who has left, and what was issued before ends with the posts") {
  const v1::TokenClaims own = ClaimsOf("nanma.officer");
  const auto token = Issue(*this, own.sub());
  REQUIRE_OK(token.status());
  auto disable = As("county.system", "DisableAccount");
  REQUIRE_OK(identity.accounts.Disable(disable, ActOf("nanma.officer")).status());
  CHECK(Reason(Verify(token->access_token()).status()) == "TOKEN_REVOKED");
  CHECK(Reason(Issue(*this, own.sub()).status()) == "ACCOUNT_DISABLED");
  CHECK(Reason(Issue(*this, "00000000000000000000000000").status()) == "ACCOUNT_DISABLED");
}

}  // namespace sifa::identity
