// The journal's proof, and that every object still is what its last act made of it.
#pragma once

#include <vector>

#include "absl/time/time.h"
#include "libs/casework/object_type.h"
#include "libs/journal/verify.h"
#include "libs/statistics/cube.h"

namespace sifa::casework {

// journal::Verify, and a finding for each object that is not what its versions in the journal say: its body, its index (columns,
// search terms, by which it is found and is on worklists), the row of each version after the one before. Then for what acts leave
// beside it (verify_beside.h), and for the figures where `cubes` are given. `types`: all of the service, with their index; what they do besides (project, counts) is not needed.
absl::StatusOr<journal::Report> VerifyAll(mysql::Pool& pool, const crypto::Keyring& keyring,
                                          const std::vector<const ObjectType*>& types, absl::Time now,
                                          const journal::Anchors& anchors, const statistics::Cubes* cubes = nullptr);

}  // namespace sifa::casework
