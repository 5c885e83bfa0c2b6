// The journal: every act is one append-only row, written with the state it changed. Audit, history, events, statistics and
// the sealed chain of evidence are readings of it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "libs/core/id.h"
#include "libs/mysql/mysql.h"

namespace sifa::journal {

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
  std::string image;               // the object after the act and the reason given, encrypted

  // The bytes that are sealed: every column, each with its length before it, so that no two rows share them.
  std::string SealedBytes() const;
};

// Appends rows inside the caller's transaction, together with the objects they change.
absl::Status Append(mysql::Connection& connection, absl::Span<const Row> rows);

// The select list that ReadRow reads, of table `journal` under the alias j.
extern const char kColumns[];
inline constexpr int kColumnCount = 15;
Row ReadRow(const mysql::Row& row, int first_column);

struct Sealed {
  int64_t position = 0;
  std::string digest;
  Row row;
};
// Sealed rows after a position, in order.
absl::StatusOr<std::vector<Sealed>> ReadSealed(mysql::Connection& connection, int64_t after, int limit);

// The last sealed position; 0 at first.
absl::StatusOr<int64_t> HeadPosition(mysql::Connection& connection);

extern const mysql::Migration kSchema[];
extern const size_t kSchemaSteps;

}  // namespace sifa::journal
