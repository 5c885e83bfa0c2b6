// The journal's proof, and that every object still is what its last act made of it.
#pragma once

#include <vector>

#include "absl/time/time.h"
#include "libs/casework/object_type.h"
#include "libs/journal/verify.h"
#include "libs/statistics/cube.h"

namespace sifa::casework {

// journal::Verify, and a finding OBJECT_CHANGED or OBJECT_DELETED for each object whose stored body is not the after-image
// of its latest journal row, or whose index (columns, search terms) is not what the body says: by it an object is found, and is
// on worklists. `types`: all of the service, with their index; what they do besides (project, counts) is not needed.
absl::StatusOr<journal::Report> VerifyAll(mysql::Pool& pool, const crypto::Keyring& keyring, const std::vector<ObjectType>& types,
                                          absl::Time now, const journal::Anchors& anchors,
                                          const statistics::Cubes* cubes = nullptr);

}  // namespace sifa::casework
