#include "services/identity/procedures.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "libs/contract/contract.h"
#include "libs/testing/process.h"
#include "services/identity/account_procedure.h"
#include "services/identity/organisation_procedure.h"
#include "services/identity/reference/calendar.h"

namespace sifa::identity {
namespace {

template <class T>
void CheckRows(const contract::Contract& contract, const procedure::Procedure<T>& procedure) {
  for (const auto& row : procedure.rows) {
    INFO(procedure::LabelOf(procedure.acts(), row.act));
    CHECK_FALSE(row.law.Present().instrument.empty());
    if (row.permission.empty()) continue;  // one's own account, or the suite itself
    CHECK(std::any_of(contract.methods().begin(), contract.methods().end(), [&](const auto& method) {
      return method.access.permission() == std::string(row.permission);
    }));
  }
}

}  // namespace

TEST_CASE("docs/procedures says what the tables of identity do (renew with tools/sifa docs)") {
  for (const auto& [file, text] : ProcedurePages()) {
    INFO(file);
    CHECK(testing::ReadFile(std::string(SIFA_ROOT) + "/docs/procedures/" + file) == text);
  }
}

TEST_CASE("Every row of identity's tables cites its rule and needs a permission that the contract knows") {
  const auto contract = contract::Contract::Load();
  REQUIRE(contract.ok());
  CheckRows(*contract, kAccountProcedure);
  CheckRows(*contract, kOrganisationProcedure);
  CheckRows(*contract, reference::kCalendarProcedure);
}

TEST_CASE("A row without a permission is guarded to one's own account, or the suite's own") {
  for (const auto& row : kAccountProcedure.rows) {
    if (!row.permission.empty() || row.level == procedure::Level::kSystem) continue;
    CHECK(std::any_of(row.guards.begin(), row.guards.end(),
                      [](const auto* guard) { return guard->reason == "NOT_OWN_ACCOUNT"; }));
  }
}

}  // namespace sifa::identity
