// The rows of a batch out of its evidence: read again from the cells as they were sent, by the map by which they were first read, so always
// to the same values.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/casework/backend.h"
#include "libs/ingest/record.h"
#include "sifa/enforcement/v1/batch.pb.h"
#include "sifa/enforcement/v1/case.pb.h"
#include "sifa/enforcement/v1/raw_rows.pb.h"

namespace sifa::enforcement {

using v1::Batch;
using v1::Entry;

// One row of a file and what was read of it.
struct ReadRow {
  ingest::Row raw;
  ingest::Record record;
  Entry entry;  // with its origin; its key where it has one
};

// Immutable, thread-safe.
class BatchRows {
 public:
  // FAILED_PRECONDITION "COLUMN_MAP_MISSING" where the map by which the batch was read is not there.
  static absl::StatusOr<std::unique_ptr<BatchRows>> Of(const casework::Backend& backend, const Batch& batch);

  int64_t blocks() const { return batch_.raw().blocks(); }
  const ingest::Header& header() const { return header_; }
  // DATA_LOSS where the evidence was altered.
  absl::StatusOr<std::vector<ReadRow>> Block(mysql::Connection& connection, int64_t number) const;
  ReadRow Read(const v1::RawRow& raw) const;

 private:
  BatchRows(const casework::Backend& backend, const Batch& batch) : backend_(backend), batch_(batch) {}

  const casework::Backend& backend_;
  const Batch batch_;
  ingest::Header header_;
  std::unique_ptr<ingest::RecordReader> reader_;
};

v1::RawRow RawOf(const ingest::Row& row);
void Restore(const v1::RawRow& raw, ingest::Row* row);

// What a record says, field by field: which column is which field stands beside the field (entry.proto).
Entry EntryOf(const ingest::ColumnMap& map, const ingest::Record& record);

// The column of the map that holds a field of Entry; -1 where it has none.
int ColumnOf(const ingest::ColumnMap& map, const google::protobuf::FieldDescriptor& field);

// `headers`: of the file, as sent.
void Describe(const ingest::Finding& finding, const std::vector<std::string>& headers, v1::BatchFinding* told);

}  // namespace sifa::enforcement
