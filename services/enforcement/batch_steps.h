// What the steps of batches (batch_work.h) share.
#pragma once

#include <functional>

#include "libs/casework/acts.h"
#include "libs/casework/backend.h"
#include "services/enforcement/batch.h"

namespace sifa::enforcement {

// The act by which the suite ends a step. Of two processes that end the same step one does it.
absl::Status FinishStep(const casework::Backend& backend, const Batch& batch, Batch::Act act,
                        const std::function<absl::Status(Batch&)>& change);

// Of the acts on cases that come of a batch: they are part of the act by which it was asked for ("TAKE"), whose row in the batch's history
// says who asked and when.
absl::StatusOr<casework::ActInput> InputBy(const casework::Backend& backend, mysql::Connection& connection, const Batch& batch,
                                           absl::string_view asked);

}  // namespace sifa::enforcement
