// 登录失败处理: failures are counted by the name tried, whether it exists or not, and by the network of the caller. Five lock the
// name for that network; what is tried from networks from which the holder has never signed in is slowed down besides, so
// that no stranger's guesses lock the holder out. The journal is what is counted: an attempt that is not in it is a finding of
// its verifier. Thread-safe.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/identity/account.h"
#include "services/identity/fair_turns.h"

namespace sifa::identity {

// One attempt to sign in with a name, oldest first in a list.
struct Attempt {
  absl::Time at;
  std::string network;
  bool failed = false;
};

// From when on an attempt from `network` is judged: the past where it is at once. `known`: the networks from which the holder has
// signed in before.
absl::Time NextAttempt(absl::Span<const Attempt> attempts, const std::set<std::string>& known, const std::string& network,
                       absl::Time now);
// Whether a network is locked.
bool AnyLocked(absl::Span<const Attempt> attempts, absl::Time now);

class Lockout {
 public:
  Lockout(const casework::Backend& backend, const casework::Casework<v1::Account>& accounts)
      : backend_(backend), accounts_(accounts) {}

  // Where the caller stands, if an attempt may be judged now: otherwise PERMISSION_DENIED "ACCOUNT_LOCKED" for the caller's
  // network, or RESOURCE_EXHAUSTED "LOG_IN_SLOWED" for strangers. `account` is null where there is none of that name.
  absl::StatusOr<Caller> Admit(const rpc::Call& call, const std::string& normal_name, const v1::Account* account);
  // Journals a failure; locks where it was one too many. Returns `refusal`, or why it could not be counted.
  absl::Status Fail(const rpc::Call& call, const std::string& normal_name, const v1::Account* account,
                    absl::Status refusal);
  // What a right password entails, in the transaction that opens the session: the network is known from now on.
  absl::Status Succeed(mysql::Connection& connection, const rpc::Call& call, const v1::Account& account);
  // Whether some network is locked: then the account stays 锁定.
  absl::StatusOr<bool> AnyLocked(const rpc::Call& call, const v1::Account& account);

 private:
  absl::StatusOr<std::vector<Attempt>> Attempts(mysql::Connection& connection, const std::string& normal_name,
                                                const v1::Account* account, absl::Time now) const;

  const casework::Backend& backend_;
  const casework::Casework<v1::Account>& accounts_;
};

// Where a call came from, for the journal; "" where the gateway did not say.
std::string Origin(const rpc::Call& call);

// Forgets networks from which the account has not been used for a long time.
absl::Status PruneKnownNetworks(const casework::Backend& backend);

}  // namespace sifa::identity
