// Sets of addresses, as an operator writes them: "10.1.2.3", "10.42.0.0/16", "fd00::/8".
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "boost/asio/ip/network_v4.hpp"
#include "boost/asio/ip/network_v6.hpp"

namespace sifa::gateway {

class Networks {
 public:
  Networks() = default;
  // Separated by commas. INVALID_ARGUMENT "FLAG_INVALID" names what is neither an address nor a network.
  static absl::StatusOr<Networks> Parse(absl::string_view text);
  // An IPv4 address that came as IPv6 ("::ffff:10.1.2.3") is one all the same.
  bool Contain(const std::string& address) const;

 private:
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

}  // namespace sifa::gateway
