// Flags that every process of the suite takes. Each can also come from the environment as SIFA_<NAME>; a flag on the
// command line wins. Unknown flags refuse to start.
#pragma once

#include <map>
#include <string>

#include "absl/flags/declare.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

ABSL_DECLARE_FLAG(std::string, listen);
ABSL_DECLARE_FLAG(std::string, inner);
ABSL_DECLARE_FLAG(std::string, tls);
ABSL_DECLARE_FLAG(std::string, peers);
ABSL_DECLARE_FLAG(std::string, clock);
ABSL_DECLARE_FLAG(std::string, config);
ABSL_DECLARE_FLAG(std::string, log_level);
ABSL_DECLARE_FLAG(absl::Duration, lame_duck);
ABSL_DECLARE_FLAG(absl::Duration, connection_age);
ABSL_DECLARE_FLAG(absl::Duration, wait_at_start);

namespace sifa::rpc {

// Parses the command line and the environment. Exits with a usage message where they are wrong.
void ParseFlags(int argc, char** argv, const std::string& usage);

// --peers=identity=127.0.0.1:7001,mediation=127.0.0.1:7002,127.0.0.1:7003,hotline=hotline.sifa.svc:7000
//
// The target of each peer's channel, as gRPC names it. Several addresses of one peer are its replicas; they are IPv4 addresses,
// or one name that stands for all of them (dns).
absl::StatusOr<std::map<std::string, std::string>> ParsePeers(const std::string& text);

}  // namespace sifa::rpc
