// The path of a field as JSON has it: "agreement.perform_by" is agreement.performBy there.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace sifa {

// Of names as protos have them or as JSON does already. Keys of maps, in quotes, stay as they are.
std::string JsonPath(absl::string_view path);

}  // namespace sifa
