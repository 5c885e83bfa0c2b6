#include "libs/rpc/on_behalf.h"

#include <catch2/catch.hpp>

namespace sifa::rpc {

TEST_CASE("a token with which a service acts for a person is good in its hands only") {
  identity::v1::TokenClaims claims;
  claims.set_sid(SessionOfService("hotline"));
  CHECK(MayPresent("hotline", claims));
  CHECK_FALSE(MayPresent("gateway", claims));
  CHECK_FALSE(MayPresent("hotline2", claims));
  CHECK_FALSE(MayPresent("", claims));
  claims.set_sid("01HSESS10N0000000000000000");
  CHECK(MayPresent("gateway", claims));
}

}  // namespace sifa::rpc
