// The reading of a batch's file: from the evidence of its bytes to the evidence of its rows.
#pragma once

#include <string>

#include "services/enforcement/batch_steps.h"

namespace sifa::enforcement {

// Ends with READ_ROWS, or with FAIL where the file is none that can be read.
absl::Status ReadFile(const casework::Backend& backend, const std::string& spill, const Batch& batch);

}  // namespace sifa::enforcement
