// Calls as the door would make them, to test handlers without a network: with the contract's access of the
// method, the roles of config/, and any claims. Header only, so that sifa_testing itself needs no rpc.
#pragma once

#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/rpc/call.h"
#include "libs/testing/process.h"

namespace sifa::testing {

inline rpc::Grant GrantOf(const std::string& role, const std::string& organisation, const std::string& path,
                          uint32_t level, bool descendants) {
  rpc::Grant grant;
  grant.set_role(role);
  grant.set_organisation(organisation);
  grant.set_path(path);
  grant.set_level(level);
  grant.set_descendants(descendants);
  return grant;
}

inline identity::v1::TokenClaims ClaimsOf(const std::string& account_id, const std::string& account,
                                          std::initializer_list<rpc::Grant> grants) {
  identity::v1::TokenClaims claims;
  claims.set_sub(account_id);
  claims.set_account(account);
  for (const rpc::Grant& grant : grants) *claims.add_grants() = grant;
  return claims;
}

// Makes calls of one service process. References outlive it.
class Calls {
 public:
  // `service`: whose process; `config`: the directory of roles.textproto and peers.textproto.
  Calls(absl::string_view service, const std::string& config, const Clock& clock)
      : contract_(Loaded(contract::Contract::Load(service))), authority_(Loaded(rpc::Authority::Load(config))), clock_(clock) {}

  // "/sifa.identity.v1.AccountService/CreateAccount". Admitted tells whether the door
  // would let the call in.
  rpc::Call Of(const std::string& path, const identity::v1::TokenClaims& claims = {}, const std::string& purpose = "",
               const std::string& address = "") const {
    const contract::Method* method = contract_.Find(path);
    if (method == nullptr) Die(absl::StrCat("no such method: ", path));
    rpc::Call call(*method, authority_, clock_);
    rpc::Call::Fields fields;
    fields.claims = claims;
    fields.purpose = purpose;
    fields.peer = "gateway";
    fields.caller_address = address;
    call.Fill(std::move(fields));
    return call;
  }
  // Whether the door would let the call in: of step (4), the method's permission.
  static bool Admitted(const rpc::Call& call) {
    const std::string& permission = call.method().access.permission();
    return permission.empty() || !call.GrantsFor(permission).empty();
  }
  const rpc::Authority& authority() const { return authority_; }

 private:
  template <class T>
  static T Loaded(absl::StatusOr<T> loaded) {
    if (!loaded.ok()) Die(loaded.status().ToString());
    return *std::move(loaded);
  }

  contract::Contract contract_;
  rpc::Authority authority_;
  const Clock& clock_;
};

}  // namespace sifa::testing
