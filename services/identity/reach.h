// How far an administrator reaches: nobody gives, takes away or opens more than his own posts cover.
#pragma once

#include "libs/rpc/call.h"
#include "services/identity/account_table.h"
#include "services/identity/organisation_table.h"

namespace sifa::identity {

// PERMISSION_DENIED "OUT_OF_REACH" unless the caller's permission for the method covers a post there: the
// organisation, and what is below it where the post covers that.
absl::Status CheckReach(const rpc::Call& call, const OrganisationRow& organisation, bool descendants);
absl::Status CheckReach(const casework::Backend& backend, mysql::Connection& connection, const rpc::Call& call,
                        const v1::Post& post);

// The same for every post of `account` that has not ended.
absl::Status CheckPostsReached(const casework::Backend& backend, mysql::Connection& connection, const rpc::Call& call,
                               const v1::Account& account);
// And for those of the accounts that it acts for: for whoever could take the account over.
absl::Status CheckAccountReached(const casework::Backend& backend, mysql::Connection& connection,
                                 const casework::ObjectType& type, const rpc::Call& call,
                                 const v1::Account& account);

// 移交: the receiver must hold, today and in his own right, a post that works on cases where the giver's work lies: in reach of
// one of the giver's posts or, where he has none any more, of his organisation. INVALID_ARGUMENT "SUCCESSOR_NOT_ENTITLED" `to`.
// Which object goes over is judged by the service that has it (libs/casework/handover.h).
absl::Status CheckSuccessor(const casework::Backend& backend, mysql::Connection& connection, const rpc::Authority& authority,
                            const v1::Account& giver, const v1::Account& receiver, absl::CivilDay day);

}  // namespace sifa::identity
