// 疑似重复: two cases that may be one, found by the suite when cases are taken, settled by a person.
#pragma once

#include <vector>

#include "libs/casework/definition.h"
#include "services/enforcement/case.h"
#include "services/enforcement/likeness.h"
#include "sifa/enforcement/v1/duplicate.pb.h"

namespace sifa::enforcement {

using v1::Duplicate;

extern const procedure::Procedure<Duplicate> kDuplicateProcedure;
extern const casework::Definition<Duplicate> kDuplicate;

// Looks for cases that these, as the transaction has just written them, may be told twice of: also among those of agencies that
// nobody here may read. Pairs that were settled as different are remembered until one of the two has changed.
absl::Status FindDuplicates(const casework::Backend& backend, mysql::Connection& connection, const casework::ActInput& cause,
                            const std::vector<Case>& cases);

}  // namespace sifa::enforcement
