// Small steps with unix sockets for the helpers of this library.
#pragma once

#include <string>

namespace sifa::testing {

// A connected descriptor or -1.
int ConnectUnix(const std::string& path);

}  // namespace sifa::testing
