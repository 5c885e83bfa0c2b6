// Revocations of tokens, in the order in which services follow them. Positions are taken under a lock that
// lasts until the commit, so no later commit has an earlier position.
#pragma once

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "sifa/identity/v1/token.pb.h"

namespace sifa::identity {

// Voids all access tokens of an account issued so far. Sessions go on and get new ones. Inside the caller's
// transaction.
absl::Status RevokeTokens(const casework::Backend& backend, mysql::Connection& connection, const Id& account);
// Ends a session and voids its tokens. False where it had ended. Inside the caller's transaction.
absl::StatusOr<bool> EndSession(const casework::Backend& backend, mysql::Connection& connection,
                                const Id& session);
// All sessions of an account but `except`; the number ended.
absl::StatusOr<int> EndSessions(const casework::Backend& backend, mysql::Connection& connection,
                                const Id& account, const Id& except);

// The time of issue, in seconds, for a token that no revocation of the account so far voids.
absl::StatusOr<uint32_t> IssueSecond(const casework::Backend& backend, mysql::Connection& connection,
                                     const Id& account);

// Revocations after a position, at most 1,000, that can still matter; sets the position answered.
absl::Status ListRevocations(const casework::Backend& backend, int64_t after,
                             v1::SyncTokensResponse* response);
// The positions of rows that are not as they were written, or are gone: for the verifier.
absl::StatusOr<std::vector<int64_t>> AlteredRevocations(const crypto::Keyring& keyring, mysql::Connection& connection);
// Forgets what no living token can meet.
absl::Status PruneRevocations(const casework::Backend& backend);

}  // namespace sifa::identity
