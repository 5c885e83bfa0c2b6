// The contract as an OpenAPI 3.1 document, for front ends and for the neighbours' engineers.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "libs/contract/contract.h"

namespace sifa::contract {

// JSON text, the same bytes for the same contract. Only routed methods appear.
std::string OpenApi(const Contract& contract, absl::string_view title, absl::string_view version);

}  // namespace sifa::contract
