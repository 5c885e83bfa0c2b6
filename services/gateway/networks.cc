#include "services/gateway/networks.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "boost/asio/ip/address.hpp"
#include "libs/core/status.h"

namespace sifa::gateway {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

// Canonical: with the bits beyond the prefix cleared, so that 10.42.7.1/16 is 10.42.0.0/16.
template <class Network>
bool Holds(const Network& network, const decltype(network.address())& address) {
  return Network(address, network.prefix_length()).canonical() == network.canonical();
}

}  // namespace

absl::StatusOr<Networks> Networks::Parse(absl::string_view text) {
  Networks networks;
  for (absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    const std::string word(absl::StripAsciiWhitespace(part));
    error_code error;
    const ip::address address = ip::make_address(word, error);
    if (!error && address.is_v4()) {
      networks.v4_.emplace_back(address.to_v4(), 32);
    } else if (!error) {
      networks.v6_.emplace_back(address.to_v6(), 128);
    } else if (const auto v4 = ip::make_network_v4(word, error); !error) {
      networks.v4_.push_back(v4);
    } else if (const auto v6 = ip::make_network_v6(word, error); !error) {
      networks.v6_.push_back(v6);
    } else {
      return Error(absl::StatusCode::kInvalidArgument, "FLAG_INVALID", absl::StrCat("neither an address nor a network: ", word));
    }
  }
  return networks;
}

bool Networks::Contain(const std::string& text) const {
  error_code error;
  ip::address address = ip::make_address(text, error);
  if (error) return false;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
  if (address.is_v4()) return absl::c_any_of(v4_, [&](const auto& network) { return Holds(network, address.to_v4()); });
  return absl::c_any_of(v6_, [&](const auto& network) { return Holds(network, address.to_v6()); });
}

}  // namespace sifa::gateway
