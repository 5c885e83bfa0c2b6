#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"
#include "libs/redis/redis.h"

namespace sifa::redis {

absl::StatusOr<Address> ParseAddress(absl::string_view text) {
  const absl::Status malformed = Error(absl::StatusCode::kInvalidArgument, "REDIS_ADDRESS_MALFORMED",
                                       "Redis地址应为套接字路径或 主机:端口");
  Address address;
  if (text.empty()) return address;
  const bool is_socket = absl::ConsumePrefix(&text, "unix:");
  if (is_socket || text[0] == '/') {
    if (text.empty() || text[0] != '/') return malformed;
    address.socket = std::string(text);
    return address;
  }
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(text.substr(colon + 1), &address.port))
    return malformed;
  absl::string_view host = text.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[") && !absl::ConsumeSuffix(&host, "]")) return malformed;
  if (host.empty() || address.port < 1 || address.port > 65535) return malformed;
  address.host = std::string(host);
  return address;
}

}  // namespace sifa::redis
