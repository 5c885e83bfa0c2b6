#include "services/mediation/procedures.h"

#include <catch2/catch.hpp>

#include "libs/testing/procedure_checks.h"
#include "services/mediation/case_procedure.h"
#include "services/mediation/committee_procedure.h"
#include "services/mediation/confirmation_procedure.h"
#include "services/mediation/correction.h"
#include "services/mediation/screening_procedure.h"

namespace sifa::mediation {

TEST_CASE("docs/procedures says what the tables do (renew with tools/sifa docs)") {
  testing::CheckPages(ProcedurePages(), SIFA_ROOT);
}

TEST_CASE("every row of a table cites its law and needs a permission that the contract knows") {
  const auto contract = contract::Contract::Load();
  REQUIRE(contract.ok());
  testing::CheckRows(*contract, kCaseProcedure);
  testing::CheckRows(*contract, kCommitteeProcedure);
  testing::CheckRows(*contract, kConfirmationProcedure);
  testing::CheckRows(*contract, kCorrectionProcedure);
  testing::CheckRows(*contract, kScreeningProcedure);
}

}  // namespace sifa::mediation
