#include "services/hotline/hotline.h"

#include <catch2/catch.hpp>

#include "libs/testing/procedure_checks.h"

namespace sifa::hotline {

TEST_CASE("hotline's definitions hold, and docs/procedures says what its tables do") {
  testing::CheckService(Definition(), SIFA_ROOT);
}

}  // namespace sifa::hotline
