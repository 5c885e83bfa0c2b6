#include <catch2/catch.hpp>

#include "libs/testing/procedure_checks.h"
#include "services/mediation/mediation.h"

namespace sifa::mediation {

TEST_CASE("mediation's definitions hold, and docs/procedures says what its tables do") {
  testing::CheckService(Definition(), SIFA_ROOT);
}

}  // namespace sifa::mediation
