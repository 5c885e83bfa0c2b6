#include "services/identity/lockout.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/identity/session_store.h"

namespace sifa::identity {

using A = v1::Account;

std::string Origin(const rpc::Call& call) {
  return call.caller_address().empty() ? "" : absl::StrCat("来自 ", call.caller_address());
}

absl::Status Lockout::Check(const rpc::Call& call, const std::string& normal_name) {
  absl::Time until;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(until, LockedUntil(connection, FailureKey(backend_, normal_name)));
    return absl::OkStatus();
  }));
  if (until <= call.now()) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "ACCOUNT_LOCKED",
               absl::StrCat("口令错误次数过多，请 ", absl::ToInt64Minutes(until - call.now()) + 1,
                            " 分钟后再试，或联系安全管理员解锁"));
}

absl::Status Lockout::Fail(const rpc::Call& call, const std::string& normal_name, const A* account,
                           absl::Status refusal) {
  bool locks = false;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(locks, CountFailure(connection, FailureKey(backend_, normal_name), call.now()));
    return JournalEvent(backend_, connection, account, A::LOG_IN_FAILED, casework::Actor::Of(call).id(),
                        Origin(call));
  }));
  backend_.committed();
  if (locks && account != nullptr && account->state() == A::ACTIVE) {
    ASSIGN_OR_RETURN(const Id id, ParseId(account->id()));
    // The name is locked already; a colleague's act in between changes nothing of that.
    (void)accounts_.ActAsSystem(A::LOCK, id);
  }
  return refusal;
}

}  // namespace sifa::identity
