#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"
#include "libs/redis/redis.h"

namespace sifa::redis {
namespace {

absl::Status Malformed() {
  return Error(absl::StatusCode::kInvalidArgument, "REDIS_ADDRESS_MALFORMED", "Redis地址应为套接字路径或 主机:端口");
}

absl::StatusOr<std::pair<std::string, int>> ParsePlace(absl::string_view text) {
  int port = 0;
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(text.substr(colon + 1), &port)) return Malformed();
  absl::string_view host = text.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[") && !absl::ConsumeSuffix(&host, "]")) return Malformed();
  if (host.empty() || port < 1 || port > 65535) return Malformed();
  return std::pair(std::string(host), port);
}

}  // namespace

absl::StatusOr<Address> ParseAddress(absl::string_view text, const std::string& master) {
  Address address;
  if (text.empty()) return address;
  if (!master.empty()) {
    address.master = master;
    for (absl::string_view each : absl::StrSplit(text, ',')) {
      ASSIGN_OR_RETURN(address.sentinels.emplace_back(), ParsePlace(each));
    }
    return address;
  }
  const bool is_socket = absl::ConsumePrefix(&text, "unix:");
  if (is_socket || text[0] == '/') {
    if (text.empty() || text[0] != '/') return Malformed();
    address.socket = std::string(text);
    return address;
  }
  ASSIGN_OR_RETURN(std::tie(address.host, address.port), ParsePlace(text));
  return address;
}

}  // namespace sifa::redis
