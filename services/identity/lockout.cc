#include "services/identity/lockout.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/identity/session_events.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

// The failures of each network since it last succeeded, within the window.
std::map<std::string, std::vector<absl::Time>> Failures(absl::Span<const Attempt> attempts, absl::Time now) {
  std::map<std::string, std::vector<absl::Time>> failures;
  for (const Attempt& attempt : attempts) {
    if (now - attempt.at >= kFailureWindow) continue;
    auto& own = failures[attempt.network];
    if (attempt.failed) {
      own.push_back(attempt.at);
    } else {
      own.clear();
    }
  }
  return failures;
}

std::string KeyOf(const casework::Backend& backend, const A& account, const std::string& network) {
  return backend.keyring.BlindIndex("known_network", absl::StrCat(account.id(), "/", network));
}

absl::StatusOr<std::set<std::string>> KnownOf(const casework::Backend& backend, mysql::Connection& connection, const A* account,
                                              absl::Span<const Attempt> attempts, const std::string& network) {
  std::set<std::string> known;
  if (account == nullptr) return known;
  ASSIGN_OR_RETURN(const Id id, ParseId(account->id()));
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT network FROM known_network WHERE account_id = ?", {id}));
  std::set<std::string> keys;
  for (const auto& row : rows) keys.insert(row.Bytes(0));
  const auto look = [&](const std::string& of) {
    if (keys.count(KeyOf(backend, *account, of)) > 0) known.insert(of);
  };
  look(network);
  for (const Attempt& attempt : attempts) look(attempt.network);
  return known;
}

}  // namespace

absl::Time NextAttempt(absl::Span<const Attempt> attempts, const std::set<std::string>& known, const std::string& network,
                       absl::Time now) {
  absl::Time next = absl::InfinitePast(), last = absl::InfinitePast();
  int of_strangers = 0;
  for (const auto& [from, failures] : Failures(attempts, now)) {
    if (failures.empty()) continue;
    if (from == network && failures.size() >= kFailuresToLock)
      next = failures[failures.size() - kFailuresToLock] + kFailureWindow;
    if (known.count(from) > 0) continue;
    of_strangers += static_cast<int>(failures.size());
    last = std::max(last, failures.back());
  }
  if (known.count(network) == 0 && of_strangers >= kFailuresToSlow) next = std::max(next, last + kStrangersPause);
  return next;
}

bool AnyLocked(absl::Span<const Attempt> attempts, absl::Time now) {
  const auto failures = Failures(attempts, now);
  return std::any_of(failures.begin(), failures.end(), [](const auto& f) { return f.second.size() >= kFailuresToLock; });
}

std::string Origin(const rpc::Call& call) {
  return call.caller_address().empty() ? "" : absl::StrCat("来自 ", call.caller_address());
}

absl::StatusOr<std::vector<Attempt>> Lockout::Attempts(mysql::Connection& connection, const std::string& normal_name,
                                                       const A* account, absl::Time now) const {
  absl::Time since = now - kFailureWindow;
  if (account != nullptr) since = std::max(since, absl::FromUnixMillis(account->credentials().failures_from()));
  ASSIGN_OR_RETURN(const auto events, EventsSince(backend_, connection, Subject(backend_, normal_name, account).id, since,
                                                  {A::LOG_IN, A::LOG_IN_FAILED}));
  std::vector<Attempt> attempts;
  for (const PastEvent& event : events) {
    attempts.push_back({event.id.MadeAt(), event.event.network(), event.event.act() == A::LOG_IN_FAILED});
  }
  return attempts;
}

absl::StatusOr<Caller> Lockout::Admit(const rpc::Call& call, const std::string& normal_name, const A* account) {
  Caller caller{NetworkOf(call.caller_address())};
  absl::Time next;
  bool locked = false;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto attempts, Attempts(connection, normal_name, account, call.now()));
    ASSIGN_OR_RETURN(const auto known, KnownOf(backend_, connection, account, attempts, caller.network));
    caller.known = call.signed_in() || known.count(caller.network) > 0;
    next = NextAttempt(attempts, known, caller.network, call.now());
    locked = NextAttempt(attempts, {caller.network}, caller.network, call.now()) > call.now();
    return absl::OkStatus();
  }));
  if (next <= call.now()) return caller;
  if (locked) {
    return Error(
        absl::StatusCode::kPermissionDenied, "ACCOUNT_LOCKED",
        absl::StrCat("口令错误次数过多，请 ", absl::ToInt64Minutes(next - call.now()) + 1, " 分钟后再试，或联系安全管理员解锁"));
  }
  return Error(
      absl::StatusCode::kResourceExhausted, "LOG_IN_SLOWED",
      absl::StrCat("此账号近来多次输错口令，首次在此处登录请 ", absl::ToInt64Seconds(next - call.now()) + 1, " 秒后再试"));
}

absl::Status Lockout::Fail(const rpc::Call& call, const std::string& normal_name, const A* account,
                           absl::Status refusal) {
  bool locks = false;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    v1::SessionEvent event;
    event.set_network(NetworkOf(call.caller_address()));
    RETURN_IF_ERROR(JournalEvent(backend_, connection, Subject(backend_, normal_name, account), A::LOG_IN_FAILED,
                                 casework::Actor::Of(call).id(), Origin(call), event));
    ASSIGN_OR_RETURN(const auto attempts, Attempts(connection, normal_name, account, call.now()));
    locks = identity::AnyLocked(attempts, call.now());
    return absl::OkStatus();
  }));
  backend_.committed();
  if (locks && account != nullptr && account->state() == A::ACTIVE) {
    ASSIGN_OR_RETURN(const Id id, ParseId(account->id()));
    // The name is locked already; a colleague's act in between changes nothing of that.
    (void)accounts_.ActAsSystem(A::LOCK, id);
  }
  return refusal;
}

absl::Status Lockout::Succeed(mysql::Connection& connection, const rpc::Call& call, const A& account) {
  ASSIGN_OR_RETURN(const Id id, ParseId(account.id()));
  return connection
      .Execute(
          "INSERT INTO known_network (account_id, network, last_at) VALUES (?,?,?)"
          " ON DUPLICATE KEY UPDATE last_at = VALUES(last_at)",
          {id, KeyOf(backend_, account, NetworkOf(call.caller_address())), call.now()})
      .status();
}

absl::StatusOr<bool> Lockout::AnyLocked(const rpc::Call& call, const A& account) {
  bool locked = false;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto attempts, Attempts(connection, account.account(), &account, call.now()));
    locked = identity::AnyLocked(attempts, call.now());
    return absl::OkStatus();
  }));
  return locked;
}

absl::Status PruneKnownNetworks(const casework::Backend& backend) {
  return backend.pool.WithConnection([&](mysql::Connection& connection) {
    return connection.Execute("DELETE FROM known_network WHERE last_at < ?", {backend.clock.Now() - kNetworkKnown}).status();
  });
}

}  // namespace sifa::identity
