// The check of a batch, which changes nothing, and its taking into the book.
#pragma once

#include "services/enforcement/batch_steps.h"

namespace sifa::enforcement {

// The verdict of every row, as it would be taken now; ends with FINISH_CHECK.
absl::Status CheckRows(const casework::Backend& backend, const Batch& batch);

// The next portion, checked again against what stands now; after the last one FINISH_TAKE.
absl::Status TakePortion(const casework::Backend& backend, const Batch& batch);

// What was last decided of the rows of a block: one code for each, in their order (v1::BatchRow::Verdict).
struct BlockVerdicts {
  bool checked = false;
  int64_t with_findings = 0;  // rows
  std::string codes;
};
absl::StatusOr<BlockVerdicts> VerdictsOf(mysql::Connection& connection, const Id& batch, int64_t block);

}  // namespace sifa::enforcement
