// What holds of the tables of every service, and of their pages. Header only, so that sifa_testing itself needs no procedure.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "libs/contract/contract.h"
#include "libs/procedure/pages.h"
#include "libs/procedure/procedure.h"
#include "libs/testing/process.h"

namespace sifa::testing {

// docs/procedures under `root` says what the tables do.
inline void CheckPages(const procedure::Pages& pages, const std::string& root) {
  for (const auto& [file, text] : pages) {
    INFO(file);
    CHECK(ReadFile(root + "/docs/procedures/" + file) == text);
  }
}

// Every row cites its rule, and needs a permission that the contract knows. None: one's own account, or the suite itself. A voided
// record is no work, so VOIDED, which no row names, is terminal.
template <class T>
void CheckRows(const contract::Contract& contract, const procedure::Procedure<T>& procedure) {
  const auto* voided = procedure.states()->FindValueByName("VOIDED");
  CHECK((voided == nullptr || procedure.terminal.Has(voided->number())));
  for (const auto& row : procedure.rows) {
    INFO(procedure::LabelOf(procedure.acts(), row.act));
    CHECK_FALSE(row.law.Present().instrument.empty());
    if (row.permission.empty()) continue;
    CHECK(std::any_of(contract.methods().begin(), contract.methods().end(),
                      [&](const auto& method) { return method.access.permission() == std::string(row.permission); }));
  }
}

}  // namespace sifa::testing
