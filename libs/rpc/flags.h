// Flags that every process of the suite takes. Each can also come from the environment as SIFA_<NAME>; a flag on the
// command line wins. Unknown flags refuse to start.
#pragma once

#include <map>
#include <string>

#include "absl/flags/declare.h"
#include "absl/status/statusor.h"

ABSL_DECLARE_FLAG(std::string, listen);
ABSL_DECLARE_FLAG(std::string, inner);
ABSL_DECLARE_FLAG(std::string, tls);
ABSL_DECLARE_FLAG(std::string, peers);
ABSL_DECLARE_FLAG(std::string, clock);
ABSL_DECLARE_FLAG(std::string, config);
ABSL_DECLARE_FLAG(std::string, log_level);

namespace sifa::rpc {

// Parses the command line and the environment. Exits with a usage message where they are wrong.
void ParseFlags(int argc, char** argv, const std::string& usage);

// --peers=identity=127.0.0.1:7001,mediation=127.0.0.1:7002
absl::StatusOr<std::map<std::string, std::string>> ParsePeers(const std::string& text);

}  // namespace sifa::rpc
