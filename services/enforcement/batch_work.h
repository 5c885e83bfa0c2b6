// What the suite does with batches that wait for it: reads their files, checks their rows, takes them into the book, withdraws them. Each
// step is a transaction of its own and known by what it left, so it goes on where a process was killed, and two processes hinder each other
// no more than by waiting.
#pragma once

#include <string>

#include "libs/casework/backend.h"
#include "sifa/enforcement/v1/batch.pb.h"

namespace sifa::enforcement {

// Rows of one transaction.
inline constexpr int kPortion = 128;

// One step for each batch that waits: the reading or the check of a whole file, one portion of a taking or withdrawal. False where none
// waited. `spill` is a directory for what of a file does not fit into memory.
absl::StatusOr<bool> WorkOnBatches(const casework::Backend& backend, const std::string& spill);

}  // namespace sifa::enforcement
