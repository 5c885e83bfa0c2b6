#include "libs/rpc/flags.h"

#include <catch2/catch.hpp>

#include "libs/core/status.h"

namespace sifa::rpc {

TEST_CASE("a peer is one name, one address, or the addresses of its replicas") {
  const auto peers = ParsePeers(
      "identity=127.0.0.1:7001,127.0.0.1:7101,mediation=mediation.sifa.svc:7000,hotline=10.0.0.1:7000,"
      "corrections=dns:///corrections:7000,enforcement=ipv4:10.0.0.2:1,10.0.0.3:1");
  REQUIRE(peers.ok());
  CHECK(*peers == std::map<std::string, std::string>{{"identity", "ipv4:127.0.0.1:7001,127.0.0.1:7101"},
                                                     {"mediation", "dns:///mediation.sifa.svc:7000"},
                                                     {"hotline", "dns:///10.0.0.1:7000"},
                                                     {"corrections", "dns:///corrections:7000"},
                                                     {"enforcement", "ipv4:10.0.0.2:1,10.0.0.3:1"}});
  CHECK(ParsePeers("")->empty());
}

TEST_CASE("peers that nobody could reach are refused") {
  for (const char* bad : {"127.0.0.1:7001", "identity=", "=127.0.0.1:1", "identity=a:1,b:1", "identity=a:1,identity=b:1"}) {
    CHECK(ReasonOf(ParsePeers(bad).status()) == "FLAG_INVALID");
  }
}

}  // namespace sifa::rpc
