// The contract of the tests' own service: what the suite's other services declare does not touch these tests.
#pragma once

#include "libs/contract/contract.h"
#include "libs/contract/contracttest.pb.h"

namespace sifa::contract {

inline Contract ContractOfTests() {
  return *Contract::Of({contracttest::v1::Case::descriptor()->file()->FindServiceByName("CaseService")});
}

}  // namespace sifa::contract
