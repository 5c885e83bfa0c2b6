// Evidence (证据): what is kept as it came and is no act, such as the rows of an agency's file. Blocks of bytes are appended to
// streams, encrypted, and never changed; when a stream is complete, its digest goes into the object of an act, and so into the
// journal. From then on a block that was altered, moved, added or taken away is found.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/core/id.h"
#include "libs/crypto/keyring.h"
#include "libs/journal/verify.h"
#include "libs/mysql/mysql.h"
#include "sifa/evidence/v1/evidence.pb.h"

namespace sifa::evidence {

// The table of the blocks, as a step of the schema of the service that keeps evidence.
extern const char kTables[];

// Block `number` of a stream, from 0; at most 12 MB. ALREADY_EXISTS "DATABASE_DUPLICATE" where it is there.
absl::Status Append(const crypto::Keyring& keyring, mysql::Connection& connection, const Id& stream, int64_t number,
                    absl::string_view content, absl::Time now);

// As it was appended. DATA_LOSS "EVIDENCE_DAMAGED" where it is not there or was altered.
absl::StatusOr<std::string> Read(const crypto::Keyring& keyring, mysql::Connection& connection, const Id& stream, int64_t number);

// How many blocks a stream has.
absl::StatusOr<int64_t> Count(mysql::Connection& connection, const Id& stream);

// All blocks so far, to be kept with the object of an act.
absl::StatusOr<v1::Sealed> Seal(mysql::Connection& connection, const Id& stream);

// Names a sealed stream whose blocks are not those that were sealed, as the finding EVIDENCE_CHANGED.
absl::Status Verify(mysql::Connection& connection, const v1::Sealed& sealed, std::vector<journal::Finding>* findings);

// Removes a stream that was never sealed: of an upload that was cut off.
absl::Status Discard(mysql::Connection& connection, const Id& stream);

}  // namespace sifa::evidence
