#include <algorithm>
#include <catch2/catch.hpp>

#include "libs/testing/procedure_checks.h"
#include "services/identity/account_procedure.h"
#include "services/identity/identity.h"

namespace sifa::identity {

TEST_CASE("identity's definitions hold, and docs/procedures says what its tables do") {
  testing::CheckService(Definition(), SIFA_ROOT);
}

TEST_CASE("an act that takes no permission is guarded to one's own account, or the suite's own") {
  const auto contract = contract::Contract::Load();
  REQUIRE(contract.ok());
  const auto objects = casework::Objects::Of("identity", Definition().objects, *contract);
  REQUIRE(objects.ok());
  for (const auto& row : kAccountProcedure.rows) {
    if (!(*objects)->Of<v1::Account>().PermissionOf(row.act).empty() || row.level == procedure::Level::kSystem) continue;
    CHECK(std::any_of(row.guards.begin(), row.guards.end(),
                      [](const auto* guard) { return guard->reason == "NOT_OWN_ACCOUNT"; }));
  }
}

}  // namespace sifa::identity
