// What holds of the definitions of every service. Header only, so that sifa_testing itself needs no casework.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libs/casework/issued_papers.h"
#include "libs/casework/pages.h"
#include "libs/casework/service.h"
#include "libs/statistics/counting.h"
#include "libs/testing/process.h"

namespace sifa::testing {

// The service would start, and docs/procedures under `root` says what its tables do (renewed with tools/sifa docs).
inline void CheckService(const casework::ServiceDefinition& definition, const std::string& root) {
  const auto contract = contract::Contract::Load();
  REQUIRE(contract.ok());
  const auto objects = casework::Objects::Of(definition.name, definition.objects, *contract);
  INFO(objects.status().ToString());
  REQUIRE(objects.ok());
  for (const auto& [file, text] : casework::ProcedurePages(**objects)) {
    INFO(file);
    CHECK(ReadFile(root + "/docs/procedures/" + file) == text);
  }
  // Each of their documents has a template that its objects can fill.
  const auto templates = casework::LoadTemplates(root + "/data", definition.name, (*objects)->types());
  INFO(templates.status().ToString());
  CHECK(templates.ok());
}

// What an object counts for.
template <class T>
std::vector<casework::v1::Count> CountsOf(const casework::Definition<T>& definition, const T& object) {
  return statistics::CountsOf(object, definition.cubes);
}

}  // namespace sifa::testing
