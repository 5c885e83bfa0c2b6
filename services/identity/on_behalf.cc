#include "services/identity/on_behalf.h"

#include "libs/core/status.h"
#include "libs/rpc/on_behalf.h"
#include "libs/rpc/token.h"
#include "services/identity/account_table.h"
#include "services/identity/revocations.h"
#include "services/identity/settings.h"

namespace sifa::identity {

void OnBehalfService::Register(rpc::DescribedService& service) { service.On("IssueOnBehalf", this, &OnBehalfService::Issue); }

absl::StatusOr<v1::OnBehalfToken> OnBehalfService::Issue(rpc::Call& call, const v1::IssueOnBehalfRequest& r) {
  ASSIGN_OR_RETURN(const Id id, ParseId(r.account()));
  v1::TokenClaims claims;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    claims.Clear();
    ASSIGN_OR_RETURN(const auto account, LoadAccount(backend_, connection, accounts_, id));
    if (!account || account->state() == v1::Account::DISABLED) {
      return Error(absl::StatusCode::kFailedPrecondition, "ACCOUNT_DISABLED", "该账号已停用，不能以其名义办理");
    }
    ASSIGN_OR_RETURN(const uint32_t issued, IssueSecond(backend_, connection, id));
    claims.set_iss("sifa-identity");
    claims.set_sub(account->id());
    claims.set_sid(rpc::SessionOfService(call.peer()));
    claims.set_iat(issued);
    claims.set_exp(static_cast<uint32_t>(absl::ToUnixSeconds(call.now() + kTokenLife)));
    claims.set_account(account->account());
    ASSIGN_OR_RETURN(auto grants, GrantsOn(backend_, connection, accounts_, *account, call.today()));
    claims.mutable_grants()->Assign(grants.begin(), grants.end());
    return absl::OkStatus();
  }));
  const casework::SigningKey key = keys_.Signing();
  v1::OnBehalfToken token;
  ASSIGN_OR_RETURN(*token.mutable_access_token(), rpc::SignToken(claims, key.id, key.private_pem));
  return token;
}

}  // namespace sifa::identity
