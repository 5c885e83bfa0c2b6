// 复判: all cases of a region judged by a set of rules beside what is in force, and the difference kept until it is read.
#pragma once

#include <string>

#include "libs/casework/service.h"
#include "services/enforcement/rule_set.h"

namespace sifa::enforcement {

// Judges for the oldest set that waits for it, and says in the set what came out. Begins anew where a process ended before. False
// where none waits.
absl::StatusOr<bool> ReplayNext(const casework::Backend& backend);

void ServeReplays(casework::Service& service, rpc::DescribedService& methods);

}  // namespace sifa::enforcement
