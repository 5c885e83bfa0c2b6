#include "libs/core/organisation_path.h"

#include "catch2/catch.hpp"

namespace sifa {
namespace {

TEST_CASE("封存: an organisation has a path of its own in the compartment, and gets its own back") {
  CHECK(Seal("/33/3307/") == "/sealed/33/3307/");
  CHECK(Unseal(Seal("/33/3307/")) == "/33/3307/");
  CHECK(Unseal("/33/3307/") == "/33/3307/");
  CHECK(IsSealed(Seal("/33/")));
  CHECK_FALSE(IsSealed("/33/sealed/"));
}

TEST_CASE("封存: codes of the compartment are found by themselves") {
  CHECK(OrganisationsOf("/33/3307/") == std::vector<std::string>{"33", "3307"});
  CHECK(OrganisationsOf("/sealed/33/3307/") == std::vector<std::string>{"~33", "~3307"});
  CHECK(LastOrganisationOf("=/33/3307/") == "3307");
  CHECK(LastOrganisationOf("/sealed/33/") == SealedCode("33"));
  CHECK(LastOrganisationOf("/").empty());
}

}  // namespace
}  // namespace sifa
