#include "libs/rpc/flags.h"

#include <cstdlib>
#include <iostream>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/flags/usage.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/status.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:0", "address of the service, host:port");
ABSL_FLAG(std::string, inner, "127.0.0.1:0", "plain inner address of /metrics, /healthz and /readyz");
ABSL_FLAG(std::string, tls, "", "directory with ca.pem, cert.pem and key.pem");
ABSL_FLAG(std::string, peers, "", "neighbours: name=host:port,name=host:port");
ABSL_FLAG(std::string, clock, "", "file with the demonstration clock's offset in seconds; empty in production");
ABSL_FLAG(std::string, config, "config", "directory of roles.textproto and peers.textproto");
ABSL_FLAG(std::string, log_level, "info", "debug, info, warn or error");

namespace sifa::rpc {

void ParseFlags(int argc, char** argv, const std::string& usage) {
  absl::SetProgramUsageMessage(usage);
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    const char* value = std::getenv(absl::StrCat("SIFA_", absl::AsciiStrToUpper(name)).c_str());
    std::string error;
    if (value != nullptr && !flag->ParseFrom(value, &error)) {
      std::cerr << "SIFA_" << absl::AsciiStrToUpper(name) << ": " << error << "\n";
      std::exit(2);
    }
  }
  const auto rest = absl::ParseCommandLine(argc, argv);
  if (rest.size() > 1) {
    std::cerr << "unexpected argument: " << rest[1] << "\n" << usage << "\n";
    std::exit(2);
  }
}

absl::StatusOr<std::map<std::string, std::string>> ParsePeers(const std::string& text) {
  std::map<std::string, std::string> peers;
  for (absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    const std::pair<std::string, std::string> peer = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (peer.first.empty() || peer.second.empty()) {
      return Error(absl::StatusCode::kInvalidArgument, "FLAG_INVALID", absl::StrCat("--peers: ", part));
    }
    peers.insert(peer);
  }
  return peers;
}

}  // namespace sifa::rpc
