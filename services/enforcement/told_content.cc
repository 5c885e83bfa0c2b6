#include "services/enforcement/told_content.h"

#include "absl/algorithm/container.h"
#include "libs/core/status.h"

namespace sifa::enforcement {

absl::StatusOr<ToldContent::Open*> ToldContent::Find(mysql::Connection& connection, const Id& batch) {
  if (const auto known = open_.find(batch); known != open_.end()) return &known->second;
  const casework::ObjectType& type = backend_.objects->Of<Batch>();
  ASSIGN_OR_RETURN(const auto stored, backend_.store.Load(connection, type, batch, casework::Lock::kNone));
  if (!stored) return NotFound(type.label);
  Open open{.batch = static_cast<const Batch&>(*stored->object)};
  ASSIGN_OR_RETURN(open.rows, BatchRows::Of(backend_, open.batch));
  ASSIGN_OR_RETURN(open.agencies, Agencies::Of(backend_, connection, open.batch));
  return &open_.emplace(batch, std::move(open)).first->second;
}

absl::StatusOr<const Batch*> ToldContent::BatchOf(mysql::Connection& connection, const Id& batch) {
  ASSIGN_OR_RETURN(const Open* open, Find(connection, batch));
  return &open->batch;
}

absl::StatusOr<const BatchRows*> ToldContent::RowsOf(mysql::Connection& connection, const Id& batch) {
  ASSIGN_OR_RETURN(const Open* open, Find(connection, batch));
  return open->rows.get();
}

absl::StatusOr<ReadRow> ToldContent::RowOf(mysql::Connection& connection, const Telling& telling) {
  ASSIGN_OR_RETURN(Open* open, Find(connection, telling.source));
  if (open->block != telling.block) {
    ASSIGN_OR_RETURN(open->read, open->rows->Block(connection, telling.block));
    open->block = telling.block;
  }
  const auto row = absl::c_find_if(open->read, [&](const ReadRow& read) { return read.entry.origin().row() == telling.row; });
  if (row == open->read.end()) return Internal("a block of raw rows lacks a row that was taken");
  ReadRow read = *row;
  Judge(open->agencies, &read);
  return read;
}

absl::StatusOr<Entry> ToldContent::Of(mysql::Connection& connection, const Telling& telling) {
  if (!telling.body.empty()) return TypedEntry(backend_.keyring, telling);
  ASSIGN_OR_RETURN(ReadRow row, RowOf(connection, telling));
  return std::move(row.entry);
}

}  // namespace sifa::enforcement
