// The two suites, for GetSuite. Not for use outside libs/crypto.
#pragma once

#include "libs/crypto/suite.h"

namespace sifa::crypto::internal {

const Suite& International();
const Suite& Guomi();

constexpr size_t kKeySize = 32;  // of both suites' Encrypt

// What every failed Decrypt says, so that nothing tells apart the ways in which a text can be wrong.
absl::Status Damaged();

}  // namespace sifa::crypto::internal
