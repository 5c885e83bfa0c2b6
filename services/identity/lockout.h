// 登录失败处理: failures are counted by the name tried, whether it exists or not, and lock it for a while.
// Whoever shows a password, at the log-in or to change it, passes here. Thread-safe.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/identity/account.h"

namespace sifa::identity {

class Lockout {
 public:
  Lockout(const casework::Backend& backend, casework::Casework<v1::Account, kAccountProcedure>& accounts)
      : backend_(backend), accounts_(accounts) {}

  // PERMISSION_DENIED "ACCOUNT_LOCKED" while the name is locked.
  absl::Status Check(const rpc::Call& call, const std::string& normal_name);
  // Counts and journals a failure; locks where it was one too many. `account` null where the name belongs to
  // nobody. Returns `refusal`, or why it could not be counted.
  absl::Status Fail(const rpc::Call& call, const std::string& normal_name, const v1::Account* account,
                    absl::Status refusal);

 private:
  const casework::Backend& backend_;
  casework::Casework<v1::Account, kAccountProcedure>& accounts_;
};

// Where a call came from, for the journal; "" where the gateway did not say.
std::string Origin(const rpc::Call& call);

}  // namespace sifa::identity
