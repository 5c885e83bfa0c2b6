// What was told of the parties of cases, by whom, when: of every row that was ever taken the case, the party, a keyed digest of its content
// and the day for which its sender vouched. From them follow what stands, whether a content was ever told before, and what stands again
// when a batch is withdrawn. Rows are never deleted: those of a withdrawn batch are marked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "sifa/enforcement/v1/case.pb.h"

namespace sifa::enforcement {

struct Telling {
  Id source;          // the batch; of what a clerk typed an id of its own
  int64_t row = 0;    // in its file; 0 of what was typed
  int64_t block = 0;  // of its batch's evidence that holds the row
  Id case_id;
  std::string entry;   // Entry.key, 16 bytes
  std::string digest;  // 16 bytes
  absl::CivilDay data_date;
  std::string body;  // of what was typed: the entry, encrypted
};

// The telling that stands for its entry. Equal content counts from when it was first received: an old file that is sent again never undoes
// a correction. Of the contents the one with the latest data date stands, of one day the one received last. Null where there is none.
const Telling* Standing(const std::vector<Telling>& tellings, absl::string_view entry);

// Of these cases all that was told and not withdrawn, in the order of receiving.
absl::StatusOr<std::map<Id, std::vector<Telling>>> TellingsOf(mysql::Connection& connection, const std::vector<Id>& cases);

absl::Status InsertTellings(mysql::Connection& connection, const std::vector<Telling>& tellings);

// What was told of parties of one case is told of another one: a filing that was joined to its decision.
absl::Status MoveTellings(mysql::Connection& connection, const Id& from, const std::string& entry, const Id& to);

// What a clerk typed is told as of today, whatever it says: going back on purpose is possible here, and only here.
absl::Status TellTyped(const casework::Backend& backend, mysql::Connection& connection, const Id& case_id, const v1::Entry& entry);
absl::StatusOr<v1::Entry> TypedEntry(const crypto::Keyring& keyring, const Telling& telling);

// The digest of what an entry says, whoever told it.
std::string ContentDigest(const crypto::Keyring& keyring, const v1::Entry& entry);

}  // namespace sifa::enforcement
