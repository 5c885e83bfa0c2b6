// 报送批次: a file of an agency on its way into the book.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/enforcement/v1/batch.pb.h"

namespace sifa::enforcement {

using v1::Batch;

inline constexpr char kGb18030[] = "GB18030";  // Batch.encoding, which is UTF-8 otherwise, and empty for a workbook

extern const procedure::Procedure<Batch> kBatchProcedure;
extern const casework::Definition<Batch> kBatch;

}  // namespace sifa::enforcement
