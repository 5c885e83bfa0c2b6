// Percent-encoding as REST requests use it (RFC 3986), decoded strictly.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace sifa::contract {

enum class Percent {
  kSegment,    // all escapes
  kSegments,   // all but %2F, which is not a separator between the segments of one variable
  kParameter,  // all, and '+' is a space, as HTML forms encode a query
};

// False for a bad escape, or a result that is not UTF-8 or has NUL in it.
bool PercentDecode(absl::string_view text, Percent how, std::string* decoded);

}  // namespace sifa::contract
