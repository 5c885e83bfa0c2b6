#include "services/corrections/corrections.h"

#include <catch2/catch.hpp>

#include "libs/testing/procedure_checks.h"

namespace sifa::corrections {

TEST_CASE("the definitions of corrections hold, and docs/procedures says what its tables do") {
  testing::CheckService(Definition(), SIFA_ROOT);
}

}  // namespace sifa::corrections
