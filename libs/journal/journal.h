// The journal: every act is one append-only row, written with the state it changed. Audit, history, events, statistics and
// the sealed chain of evidence are readings of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "libs/core/id.h"
#include "libs/crypto/keyring.h"
#include "libs/mysql/mysql.h"

namespace sifa::journal {

// A text of a row as it is stored. What is sealed is the digest alone: so the text can be encrypted again under another key, or
// erased by law, and the chain still holds.
struct Text {
  std::string sealed;  // encrypted; empty where nothing is kept
  std::string digest;  // a keyed MAC of the plain text, so that nobody can try guesses on it; empty where nothing is kept
};

struct Row {
  Id id;
  Id object_id;
  std::string object_type;
  int64_t version = 0;             // of the object after the act; 0 for readings
  std::string organisation;        // in whose name the actor acted
  std::string organisation_path;
  std::string region;
  std::string actor;               // account id, or "system"
  std::string action;
  std::string from_state;
  std::string to_state;
  absl::CivilDay occurred_on;      // true date of the act
  absl::Time recorded_at;
  std::string record;              // serialized casework.v1.ActRecord; no personal data
  std::optional<absl::Time> occurred_at;  // the true instant of the act; none where only its day is known
  Text image;                             // the object after the act and the reason given
  Text request;                           // what was asked: method and bytes
  // The rest is the Writer's.
  Id writer;
  int64_t number = 0;  // of the rows of this writer, from 1
  std::string remark;  // what the writer says of other numbers: see writer.h
  std::string link;    // Digest() of the object's row of the version before; empty for version 1 and for readings
  std::string mac;     // of SignedBytes(), by the keyring

  // What the MAC is of: every column but itself, each with its length before it, so that no two rows share them. Of the texts
  // it has the digests.
  std::string SignedBytes() const;
  // What is sealed: the same with the MAC.
  std::string SealedBytes() const;
  // SM3 of what is sealed: the link of the object's next row.
  std::string Digest() const;
};

// The texts of a row by name: "image", "request". They are bound to the row's id, type and version, which are set before.
Text EncryptText(const crypto::Keyring& keyring, const Row& row, absl::string_view name, absl::string_view plain);
// DATA_LOSS where the text is not the row's.
absl::StatusOr<std::string> DecryptText(const crypto::Keyring& keyring, const Row& row, absl::string_view name, const Text& text);
// The text can be read and is what its digest says; or there is none of both.
bool IsWhole(const crypto::Keyring& keyring, const Row& row, absl::string_view name, const Text& text);

// The select list that ReadRow reads, of table `journal` under the alias j: all but the encrypted texts.
extern const char kColumns[];
// And the one that ReadWholeRow reads.
extern const char kWholeColumns[];
Row ReadRow(const mysql::Row& row, int first_column);
Row ReadWholeRow(const mysql::Row& row, int first_column);

struct Sealed {
  int64_t position = 0;
  std::string digest;
  Row row;
};
// Sealed rows after a position, in order; without their texts.
absl::StatusOr<std::vector<Sealed>> ReadSealed(mysql::Connection& connection, int64_t after, int limit);

// The last sealed position; 0 at first.
absl::StatusOr<int64_t> HeadPosition(mysql::Connection& connection);

// The tables to which a service's process may only add.
inline constexpr absl::string_view kAppendOnly[] = {"journal", "journal_seal", "journal_head", "journal_quarantine"};

extern const mysql::Migration kSchema[];
extern const size_t kSchemaSteps;

}  // namespace sifa::journal
