// Single fields of a message in wire form, for what the gateway itself reads or adds without knowing the type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace sifa::gateway {

// The last value of a length-delimited field (string, bytes, message) at the top level; nullopt where it is absent.
std::optional<absl::string_view> FindBytes(absl::string_view wire, int field);
void AppendBytes(std::string* wire, int field, absl::string_view value);
void AppendVarint(std::string* wire, int field, uint64_t value);

}  // namespace sifa::gateway
