#include "services/enforcement/enforcement.h"

#include <catch2/catch.hpp>

#include "libs/testing/procedure_checks.h"

namespace sifa::enforcement {

TEST_CASE("enforcement's definitions hold, and docs/procedures says what its tables do") {
  testing::CheckService(Definition(), SIFA_ROOT);
}

}  // namespace sifa::enforcement
