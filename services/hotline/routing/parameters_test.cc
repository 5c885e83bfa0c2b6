#include "services/hotline/routing/parameters.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

namespace sifa::hotline::routing {

TEST_CASE("data/hotline/routing.csv is read, and a line that is no parameter is named") {
  std::ostringstream file;
  file << std::ifstream(SIFA_ROOT "/data/hotline/routing.csv").rdbuf();
  const auto parameters = ReadParameters(file.str());
  REQUIRE(parameters.ok());
  CHECK(parameters->offer_phone == 20'000);
  CHECK(ReadParameters("name,value\nringing,1000\n")->ringing == 1000);
  CHECK(ReadParameters("name,value\n\nringin,1000\n").status().message() ==
        "routing.csv line 3: not a parameter with a number: ringin,1000");
  CHECK_FALSE(ReadParameters("name,value\nringing,-1\n").ok());
  CHECK_FALSE(ReadParameters("name,value\nringing,soon\n").ok());
}

}  // namespace sifa::hotline::routing
