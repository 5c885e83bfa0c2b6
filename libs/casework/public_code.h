// A code by which whoever has it follows something without logging in (进度查询码).
#pragma once

#include <string>

namespace sifa::casework {

// Twelve characters of Crockford base32: 60 random bits, not to be guessed within the rate limit.
std::string NewPublicCode();

}  // namespace sifa::casework
