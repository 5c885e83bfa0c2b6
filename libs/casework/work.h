// How much work there is: open objects by type and colour, for the dashboard beside a worklist (queries.h,
// ListWork).
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/queries.h"

namespace sifa::casework {

struct WorkCount {
  const ObjectType* type = nullptr;
  int64_t green = 0;
  int64_t yellow = 0;
  int64_t red = 0;
  int64_t without_limit = 0;
};

// One for each type of `query`, in its order; page and kind of the query do not count. `permission` bounds
// the reach.
absl::StatusOr<std::vector<WorkCount>> CountWork(const Backend& backend, const rpc::Call& call,
                                                 absl::string_view permission, const WorkQuery& query);

}  // namespace sifa::casework
