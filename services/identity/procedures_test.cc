#include "services/identity/procedures.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "libs/testing/procedure_checks.h"
#include "services/identity/account_procedure.h"
#include "services/identity/organisation_procedure.h"
#include "services/identity/reference/calendar.h"

namespace sifa::identity {

TEST_CASE("docs/procedures says what the tables of identity do (renew with tools/sifa docs)") {
  testing::CheckPages(ProcedurePages(), SIFA_ROOT);
}

TEST_CASE("Every row of identity's tables cites its rule and needs a permission that the contract knows") {
  const auto contract = contract::Contract::Load();
  REQUIRE(contract.ok());
  testing::CheckRows(*contract, kAccountProcedure);
  testing::CheckRows(*contract, kOrganisationProcedure);
  testing::CheckRows(*contract, reference::kCalendarProcedure);
}

TEST_CASE("A row without a permission is guarded to one's own account, or the suite's own") {
  for (const auto& row : kAccountProcedure.rows) {
    if (!row.permission.empty() || row.level == procedure::Level::kSystem) continue;
    CHECK(std::any_of(row.guards.begin(), row.guards.end(),
                      [](const auto* guard) { return guard->reason == "NOT_OWN_ACCOUNT"; }));
  }
}

}  // namespace sifa::identity
