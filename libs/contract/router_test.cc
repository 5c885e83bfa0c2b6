#include "libs/contract/router.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "libs/contract/contract_fixture.h"

namespace sifa::contract {
namespace {

struct Fixture {
  Contract contract = ContractOfTests();
  Router router{contract};

  // "Method field=value …", "404" or "405".
  std::string Route(absl::string_view http_method, absl::string_view path) {
    bool known = false;
    const std::optional<Match> match = router.Route(http_method, path, &known);
    if (!match.has_value()) return known ? "405" : "404";
    std::string text = match->method->descriptor->name();
    for (const Binding& binding : match->bindings)
      absl::StrAppend(&text, " ", binding.field, "=", binding.value);
    return text;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "requests find their methods and bind their variables") {
  CHECK(Route("GET", "/v1/contracttest/cases/X") == "GetCase id=X");
  CHECK(Route("DELETE", "/v1/contracttest/cases/X") == "DeleteCase id=X");
  CHECK(Route("PATCH", "/v1/contracttest/cases/X") == "UpdateCase case.number=X");
  CHECK(Route("POST", "/v1/contracttest/cases") == "CreateCase");
  CHECK(Route("GET", "/v1/contracttest/cases") == "ListCases");
  CHECK(Route("GET", "/v1/contracttest/committees/7/cases") == "ListCases committee=committees/7");
  CHECK(Route("GET", "/v1/contracttest/files/a/b.txt") == "ReadFile id=a/b.txt");
  CHECK(Route("GET", "/v1/contracttest/files") == "ReadFile id=");
}

TEST_CASE_METHOD(Fixture, "a verb is a verb only where there is one") {
  CHECK(Route("POST", "/v1/contracttest/cases/X:accept") == "AcceptCase id=X");
  CHECK(Route("GET", "/v1/contracttest/cases/X:accept") == "GetCase id=X:accept");
  CHECK(Route("GET", "/v1/contracttest/cases:watch") == "WatchCases");
  CHECK(Route("GET", "/v1/contracttest/cases/urn:x:1") == "GetCase id=urn:x:1");
  CHECK(Route("POST", "/v1/contracttest/cases/X%3Aaccept") == "405");
  CHECK(Route("GET", "/v1/contracttest/cases/:accept") == "GetCase id=:accept");  // nothing to accept
}

TEST_CASE_METHOD(Fixture, "a literal goes before a variable, which is tried after it") {
  CHECK(Route("GET", "/v1/contracttest/cases/ping") == "Ping");
  CHECK(Route("DELETE", "/v1/contracttest/cases/ping") == "DeleteCase id=ping");
  CHECK(Route("GET", "/v1/contracttest/cases/p%69ng") == "Ping");
}

TEST_CASE_METHOD(Fixture, "an unknown path is 404, another HTTP method's is 405") {
  CHECK(Route("PUT", "/v1/contracttest/cases") == "405");
  CHECK(Route("PATCH", "/v1/contracttest/cases/X:accept") == "UpdateCase case.number=X:accept");
  CHECK(Route("GET", "/v1/contracttest") == "404");
  CHECK(Route("GET", "/v1/contracttest/cases/") == "404");
  CHECK(Route("GET", "/v1/contracttest/cases/X/") == "404");
  CHECK(Route("GET", "//v1/contracttest/cases") == "404");
  CHECK(Route("GET", "") == "404");
  CHECK(Route("GET", "v1/contracttest/cases") == "404");
  CHECK_FALSE(router.Route("GET", "/no", nullptr).has_value());
}

TEST_CASE_METHOD(Fixture, "escapes are decoded once and strictly") {
  CHECK(Route("GET", "/v1/contracttest/cases/%E5%8F%B8%2F%2525+") == "GetCase id=司/%25+");
  CHECK(Route("GET", "/v1/contracttest/files/a%2Fb/c%20d") == "ReadFile id=a%2Fb/c d");
  for (const char* bad : {"%", "%1", "%zz", "%FF", "%00", "a%C3"})
    CHECK(Route("GET", absl::StrCat("/v1/contracttest/cases/", bad)) == "404");
}

TEST_CASE_METHOD(Fixture, "the rule of the body comes with the match") {
  CHECK(router.Route("POST", "/v1/contracttest/cases", nullptr)->body == "case");
  CHECK(router.Route("POST", "/v1/contracttest/cases/X:accept", nullptr)->body == "*");
  CHECK(router.Route("GET", "/v1/contracttest/committees/7/cases", nullptr)->response_body == "cases");
}

}  // namespace sifa::contract
