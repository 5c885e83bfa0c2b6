#include "libs/rpc/authority.h"

#include <catch2/catch.hpp>

#include "libs/rpc/call.h"

namespace sifa::rpc {

TEST_CASE("a star covers what begins so, and nothing else") {
  CHECK(Covers("mediation.*", "mediation.case.accept"));
  CHECK(Covers("mediation.case.*", "mediation.case.accept"));
  CHECK_FALSE(Covers("mediation.case.*", "mediation.committee.manage"));
  CHECK_FALSE(Covers("mediation.case.accept", "mediation.case.accept.more"));
}

TEST_CASE("a grant reaches its organisation, and those below only where it says so") {
  Grant grant;
  grant.set_path("/33/3307/330783/");
  CHECK(Reaches(grant, "/33/3307/330783/"));
  CHECK_FALSE(Reaches(grant, "/33/3307/330783/330783118/"));
  grant.set_descendants(true);
  CHECK(Reaches(grant, "/33/3307/330783/330783118/"));
  CHECK_FALSE(Reaches(grant, "/33/3307/330784/"));
  CHECK_FALSE(Reaches(grant, "/33/3307/"));
}

TEST_CASE("the files of authority load; mediation may not call what is not its own") {
  const auto authority = Authority::Load(std::string(SIFA_ROOT) + "/config");
  REQUIRE(authority.ok());
  CHECK(authority->RoleHolds("mediator", "mediation.case.accept"));
  CHECK_FALSE(authority->RoleHolds("mediator", "mediation.correction.approve"));
  CHECK_FALSE(authority->RoleHolds("no such role", "mediation.case.accept"));
  CHECK(authority->PeerMayCall("gateway", "/sifa.mediation.v1.CaseService/GetCase", false));
  CHECK(authority->PeerMayCall("mediation", "/sifa.identity.v1.TokenService/SyncTokens", true));
  CHECK_FALSE(authority->PeerMayCall("mediation", "/sifa.identity.v1.AccountService/CreateAccount", false));
  CHECK_FALSE(authority->PeerMayCall("stranger", "/sifa.mediation.v1.CaseService/GetCase", false));
}

TEST_CASE("the gateway may call for people, and nothing that services alone call") {
  const auto authority = Authority::Load(std::string(SIFA_ROOT) + "/config");
  REQUIRE(authority.ok());
  const auto contract = contract::Contract::Load();
  REQUIRE(contract.ok());
  int for_people = 0, for_services = 0;
  for (const auto& method : contract->methods()) {
    const bool service = method.access.service();
    INFO(method.path);
    CHECK(authority->PeerMayCall("gateway", method.path, service) == !service);
    ++(service ? for_services : for_people);
  }
  CHECK(for_people > 50);
  CHECK(for_services > 3);
}

TEST_CASE("the operator's certificate opens nothing that asks for no token") {
  const auto authority = Authority::Load(std::string(SIFA_ROOT) + "/config");
  REQUIRE(authority.ok());
  CHECK(authority->PeerMayCall("operator", "/sifa.mediation.v1.CaseService/GetCase", false));
  CHECK_FALSE(authority->PeerMayCall("operator", "/sifa.identity.v1.TokenService/SyncTokens", true));
}

}  // namespace sifa::rpc
