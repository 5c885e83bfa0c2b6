#include "services/identity/revocations.h"

#include <algorithm>

#include "libs/core/status.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

constexpr char kCounter[] = "revocation";
constexpr int kMost = 1000;

int64_t Seconds(absl::Time time) { return absl::ToUnixSeconds(time); }

absl::Status Insert(const casework::Backend& backend, mysql::Connection& connection,
                    const std::optional<Id>& account, const std::optional<Id>& session, int64_t before) {
  ASSIGN_OR_RETURN(const int64_t position, backend.store.NextNumber(connection, kCounter));
  return connection
      .Execute("INSERT INTO revocation (position, account_id, session_id, before_second) VALUES (?,?,?,?)",
               {position, account, session, before})
      .status();
}

absl::StatusOr<int64_t> LastBefore(mysql::Connection& connection, const Id& account) {
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query("SELECT COALESCE(MAX(before_second), 0) FROM revocation WHERE account_id = ?",
                       {account}));
  return rows[0].Int(0);
}

}  // namespace

absl::Status RevokeTokens(const casework::Backend& backend, mysql::Connection& connection,
                          const Id& account) {
  // Tokens may be dated a second ahead (IssueSecond); this one must void them as well.
  ASSIGN_OR_RETURN(const int64_t last, LastBefore(connection, account));
  return Insert(backend, connection, account, std::nullopt, std::max(Seconds(backend.clock.Now()), last + 1));
}

absl::StatusOr<bool> EndSession(const casework::Backend& backend, mysql::Connection& connection,
                                const Id& session) {
  const absl::Time now = backend.clock.Now();
  ASSIGN_OR_RETURN(const int64_t changed,
                   connection.Execute("UPDATE session SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
                                      {now, session}));
  if (changed == 0) return false;
  // No token of an ended session is issued any more: so any second that lies beyond all of them.
  RETURN_IF_ERROR(Insert(backend, connection, std::nullopt, session, Seconds(now + kTokenLife)));
  return true;
}

absl::StatusOr<int> EndSessions(const casework::Backend& backend, mysql::Connection& connection,
                                const Id& account, const Id& except) {
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query("SELECT id FROM session WHERE account_id = ? AND ended_at IS NULL AND id <> ?",
                       {account, except}));
  int ended = 0;
  for (const auto& row : rows) {
    ASSIGN_OR_RETURN(const bool one, EndSession(backend, connection, row.AsId(0)));
    ended += one ? 1 : 0;
  }
  return ended;
}

absl::StatusOr<uint32_t> IssueSecond(const casework::Backend& backend, mysql::Connection& connection,
                                     const Id& account) {
  ASSIGN_OR_RETURN(const int64_t last, LastBefore(connection, account));
  return static_cast<uint32_t>(std::max(Seconds(backend.clock.Now()), last + 1));
}

absl::Status ListRevocations(const casework::Backend& backend, int64_t after,
                             v1::SyncTokensResponse* response) {
  return backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    response->clear_revocations();
    ASSIGN_OR_RETURN(const auto counter,
                     connection.Query("SELECT last FROM counter WHERE name = ?", {kCounter}));
    const int64_t head = counter.empty() ? 0 : counter[0].Int(0);
    // A follower that is ahead of us followed another database: it starts again.
    const int64_t from = after > head ? 0 : after;
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query("SELECT position, account_id, session_id, before_second FROM revocation"
                                      " WHERE position > ? ORDER BY position LIMIT ?",
                                      {from, kMost}));
    response->set_position(rows.empty() ? from : rows.back().Int(0));
    for (const auto& row : rows) {
      auto* revocation = response->add_revocations();
      if (!row.IsNull(1)) revocation->set_account(row.AsId(1).ToString());
      if (!row.IsNull(2)) revocation->set_session(row.AsId(2).ToString());
      revocation->set_before(static_cast<uint32_t>(row.Int(3)));
    }
    return absl::OkStatus();
  });
}

absl::Status PruneRevocations(const casework::Backend& backend) {
  const int64_t oldest = Seconds(backend.clock.Now() - 2 * kTokenLife - absl::Minutes(1));
  return backend.pool.WithConnection([&](mysql::Connection& connection) {
    return connection.Execute("DELETE FROM revocation WHERE before_second < ?", {oldest}).status();
  });
}

}  // namespace sifa::identity
