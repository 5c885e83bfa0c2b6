#include "services/identity/revocations.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/identity/session_store.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

constexpr char kCounter[] = "revocation";
constexpr int kMost = 1000;

int64_t Seconds(absl::Time time) { return absl::ToUnixSeconds(time); }

std::string SealOf(const crypto::Keyring& keyring, int64_t position, const Id& account, const Id& session, int64_t before) {
  return keyring.BlindIndex("revocation", absl::StrCat(position, " ", before, " ", account.AsBytes(), session.AsBytes()));
}

bool Genuine(const crypto::Keyring& keyring, const mysql::Row& row) {
  return row.Bytes(4) == SealOf(keyring, row.Int(0), row.AsId(1), row.AsId(2), row.Int(3));
}

absl::Status Insert(const casework::Backend& backend, mysql::Connection& connection,
                    const std::optional<Id>& account, const std::optional<Id>& session, int64_t before) {
  ASSIGN_OR_RETURN(const int64_t position, backend.store.NextNumber(connection, kCounter));
  return connection
      .Execute("INSERT INTO revocation (position, account_id, session_id, before_second, seal) VALUES (?,?,?,?,?)",
               {position, account, session, before,
                SealOf(backend.keyring, position, account.value_or(Id{}), session.value_or(Id{}), before)})
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
  ASSIGN_OR_RETURN(const bool ended, MarkEnded(backend, connection, session));
  if (!ended) return false;
  // No token of an ended session is issued any more: so any second that lies beyond all of them.
  RETURN_IF_ERROR(Insert(backend, connection, std::nullopt, session, Seconds(backend.clock.Now() + kTokenLife)));
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
                     connection.Query("SELECT position, account_id, session_id, before_second, seal FROM revocation"
                                      " WHERE position > ? ORDER BY position LIMIT ?",
                                      {from, kMost}));
    response->set_position(rows.empty() ? from : rows.back().Int(0));
    for (const auto& row : rows) {
      if (!Genuine(backend.keyring, row)) continue;  // the verifier names it
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
  // From the first on, so that what is left has no gaps: one would be a row that was taken away.
  return backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query("SELECT MIN(position) FROM revocation WHERE before_second >= ?", {oldest}));
    if (!rows[0].IsNull(0)) {
      return connection.Execute("DELETE FROM revocation WHERE position < ?", {rows[0].Int(0)}).status();
    }
    return connection.Execute("DELETE FROM revocation WHERE before_second < ?", {oldest}).status();
  });
}

absl::StatusOr<std::vector<int64_t>> AlteredRevocations(const crypto::Keyring& keyring, mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT position, account_id, session_id, before_second, seal FROM revocation"
                                    " ORDER BY position"));
  ASSIGN_OR_RETURN(const auto counter, connection.Query("SELECT last FROM counter WHERE name = ?", {kCounter}));
  std::vector<int64_t> altered;
  int64_t last = rows.empty() ? 0 : rows[0].Int(0) - 1;
  for (const auto& row : rows) {
    for (++last; last < row.Int(0); ++last) altered.push_back(last);
    if (!Genuine(keyring, row)) altered.push_back(row.Int(0));
  }
  const int64_t head = counter.empty() ? 0 : counter[0].Int(0);
  while (!rows.empty() && last < head) altered.push_back(++last);
  return altered;
}

}  // namespace sifa::identity
