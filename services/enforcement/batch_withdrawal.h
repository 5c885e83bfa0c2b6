// The withdrawal of a batch: of each party to which it told something the newest version that is left stands again; a case of which nothing is
// left is void. What a later batch has told since stays.
#pragma once

#include "services/enforcement/batch_steps.h"

namespace sifa::enforcement {

// The next cases; after the last ones FINISH_WITHDRAWAL.
absl::Status WithdrawPortion(const casework::Backend& backend, const Batch& batch);

}  // namespace sifa::enforcement
