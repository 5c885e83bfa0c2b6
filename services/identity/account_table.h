// Accounts as every part of identity needs them: found by log-in name, read whole with their credentials, and
// what must change with them in the same transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/acts.h"
#include "libs/casework/backend.h"
#include "sifa/identity/v1/account.pb.h"
#include "sifa/identity/v1/token.pb.h"

namespace sifa::identity {

// Log-in names are kept in lower case without spaces around.
std::string NormalName(absl::string_view name);

// Of an account id or a log-in name; nullopt where there is none.
absl::StatusOr<std::optional<Id>> FindAccountId(const casework::Backend& backend, mysql::Connection& connection,
                                                const casework::ObjectType& type, const std::string& text);
absl::StatusOr<std::optional<v1::Account>> LoadAccount(const casework::Backend& backend,
                                                       mysql::Connection& connection,
                                                       const casework::ObjectType& type, const Id& id,
                                                       bool lock = false);

// What an account is found by.
casework::Index IndexOfAccount(const v1::Account& account);

// What ObjectType::project of Account does: the log-in name is unique; tokens issued under other posts are
// void at once; sessions end with the password or the account.
absl::Status ProjectAccount(const casework::Backend& backend, mysql::Connection& connection,
                            const v1::Account* before, const v1::Account& after);

// The account's own posts that are valid on a day, as claims of a token.
absl::StatusOr<std::vector<v1::TokenGrant>> OwnGrantsOn(const casework::Backend& backend, mysql::Connection& connection,
                                                        const v1::Account& account, absl::CivilDay day);
// What an account may do on a day: its own valid posts and those of the accounts it acts for, as claims of a
// token.
absl::StatusOr<std::vector<v1::TokenGrant>> GrantsOn(const casework::Backend& backend,
                                                     mysql::Connection& connection,
                                                     const casework::ObjectType& type,
                                                     const v1::Account& account, absl::CivilDay day);

}  // namespace sifa::identity
