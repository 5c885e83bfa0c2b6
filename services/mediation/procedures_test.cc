#include "services/mediation/procedures.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "libs/contract/contract.h"
#include "services/mediation/case_procedure.h"
#include "services/mediation/committee_procedure.h"
#include "services/mediation/confirmation_procedure.h"
#include "services/mediation/correction.h"

namespace sifa::mediation {
namespace {

std::string Read(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

template <class T>
void CheckPermissions(const contract::Contract& contract, const procedure::Procedure<T>& procedure) {
  for (const auto& row : procedure.rows) {
    INFO(procedure::LabelOf(procedure.acts(), row.act));
    const bool known = std::any_of(contract.methods().begin(), contract.methods().end(),
                                   [&](const auto& method) { return method.access.permission() == std::string(row.permission); });
    CHECK(known);
    CHECK_FALSE(row.law.Present().instrument.empty());
  }
}

}  // namespace

TEST_CASE("docs/procedures says what the tables do (renew with tools/sifa docs)") {
  for (const auto& [file, text] : ProcedurePages()) {
    INFO(file);
    CHECK(Read(std::string(SIFA_ROOT) + "/docs/procedures/" + file) == text);
  }
}

TEST_CASE("every row of a table cites its law and needs a permission that the contract knows") {
  const auto contract = contract::Contract::Load();
  REQUIRE(contract.ok());
  CheckPermissions(*contract, kCaseProcedure);
  CheckPermissions(*contract, kCommitteeProcedure);
  CheckPermissions(*contract, kConfirmationProcedure);
  CheckPermissions(*contract, kCorrectionProcedure);
}

}  // namespace sifa::mediation
