#include "libs/rpc/flags.h"

#include <arpa/inet.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/flags/usage.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/status.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:0", "address of the service, host:port");
ABSL_FLAG(std::string, inner, "127.0.0.1:0", "plain inner address of /metrics, /healthz and /readyz");
ABSL_FLAG(std::string, tls, "", "directory with ca.pem, cert.pem and key.pem");
ABSL_FLAG(std::string, peers, "", "neighbours: name=host:port,name=host:port; replicas of one: name=host:port,host:port");
ABSL_FLAG(std::string, clock, "", "file with the demonstration clock's offset in seconds; with --demonstration only");
ABSL_FLAG(bool, demonstration, false, "this process belongs to a demonstration: its clock may be moved, and nothing it does counts");
ABSL_FLAG(std::string, config, "config", "directory of roles.textproto and peers.textproto");
ABSL_FLAG(std::string, log_level, "info", "debug, info, warn or error");
ABSL_FLAG(absl::Duration, lame_duck, absl::Seconds(5),
          "how long calls are served as before when the process is told to stop and /readyz says so");
ABSL_FLAG(absl::Duration, connection_age, absl::Minutes(5),
          "after which a neighbour is asked to connect anew, so that load spreads over replicas that came later");
ABSL_FLAG(absl::Duration, wait_at_start, absl::Minutes(1), "how long a start waits for database, schema and keys");

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
  // A limit counted by a moved clock is wrong in law, and an environment variable left over from a trial is enough to move it.
  if (!absl::GetFlag(FLAGS_clock).empty() && !absl::GetFlag(FLAGS_demonstration)) {
    std::cerr << "--clock is the demonstration clock and is refused in production; a demonstration says --demonstration as well\n";
    std::exit(2);
  }
}

namespace {

absl::Status InvalidPeer(absl::string_view part) {
  return Error(absl::StatusCode::kInvalidArgument, "FLAG_INVALID", absl::StrCat("--peers: ", part));
}

bool IsIpv4(absl::string_view address) {
  in_addr ignored;
  return inet_pton(AF_INET, std::string(address.substr(0, address.rfind(':'))).c_str(), &ignored) == 1;
}

absl::StatusOr<std::string> TargetOf(absl::string_view addresses) {
  constexpr std::array<absl::string_view, 4> kSchemes = {"dns:", "ipv4:", "ipv6:", "unix:"};
  if (absl::c_any_of(kSchemes, [&](absl::string_view scheme) { return absl::StartsWith(addresses, scheme); })) {
    return std::string(addresses);
  }
  const std::vector<absl::string_view> each = absl::StrSplit(addresses, ',');
  if (each.size() == 1) return absl::StrCat("dns:///", addresses);
  if (!absl::c_all_of(each, IsIpv4)) return InvalidPeer(addresses);
  return absl::StrCat("ipv4:", addresses);
}

}  // namespace

absl::StatusOr<std::map<std::string, std::string>> ParsePeers(const std::string& text) {
  std::map<std::string, std::string> peers;
  std::string* last = nullptr;
  for (absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    const std::pair<std::string, std::string> peer = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (!absl::StrContains(part, '=') && last != nullptr) {
      absl::StrAppend(last, ",", part);
    } else if (peer.first.empty() || peer.second.empty() || peers.contains(peer.first)) {
      return InvalidPeer(part);
    } else {
      last = &(peers[peer.first] = peer.second);
    }
  }
  for (auto& [name, addresses] : peers) {
    ASSIGN_OR_RETURN(addresses, TargetOf(addresses));
  }
  return peers;
}

}  // namespace sifa::rpc
