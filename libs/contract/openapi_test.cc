#include "libs/contract/openapi.h"

#include <catch2/catch.hpp>
#include <set>

#include "libs/contract/contract_fixture.h"
#include "simdjson.h"

namespace sifa::contract {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

struct Fixture {
  Contract contract = ContractOfTests();
  std::string text = OpenApi(contract, "司法", "1");
  simdjson::dom::parser parser;
  element document;

  Fixture() { REQUIRE(parser.parse(text).get(document) == simdjson::SUCCESS); }

  // The value at a JSON pointer as JSON; "" where there is none.
  std::string At(const std::string& pointer) {
    element found;
    return document.at_pointer(pointer).get(found) == simdjson::SUCCESS ? simdjson::minify(found) : "";
  }
};

constexpr char kCase[] = "/components/schemas/sifa.contracttest.v1.Case";
constexpr char kCaseInput[] = "/components/schemas/sifa.contracttest.v1.Case.Input";

simdjson::dom::array Array(const element& at) { return at.get_array().value_unsafe(); }
simdjson::dom::object Object(const element& at) { return at.get_object().value_unsafe(); }

void CollectReferences(const element& at, std::set<std::string>* references) {
  if (at.type() == element_type::ARRAY) {
    for (const element item : Array(at)) CollectReferences(item, references);
  } else if (at.type() == element_type::OBJECT) {
    for (const auto& [key, value] : Object(at)) {
      if (key == "$ref") references->insert(std::string(value.get_string().value_unsafe()));
      CollectReferences(value, references);
    }
  }
}

// No object has a key twice, which simdjson would not notice.
bool HasDuplicateKeys(const element& at) {
  std::set<std::string_view> keys;
  if (at.type() == element_type::ARRAY) {
    for (const element item : Array(at))
      if (HasDuplicateKeys(item)) return true;
  } else if (at.type() == element_type::OBJECT) {
    for (const auto& [key, value] : Object(at))
      if (!keys.insert(key).second || HasDuplicateKeys(value)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE_METHOD(Fixture,
                 "every reference resolves, no key is there twice, and the text is always the same") {
  std::set<std::string> references;
  CollectReferences(document, &references);
  CHECK(references.size() > 5);
  for (const std::string& reference : references) {
    INFO(reference);
    REQUIRE(reference.substr(0, 2) == "#/");
    CHECK_FALSE(At(reference.substr(1)).empty());
  }
  CHECK_FALSE(HasDuplicateKeys(document));
  CHECK(OpenApi(contract, "司法", "1") == text);
}

TEST_CASE_METHOD(Fixture, "operations say who may call them and how they stream") {
  CHECK(At("/openapi") == "\"3.1.0\"");
  CHECK(At("/paths/~1v1~1contracttest~1cases~1{id}:accept/post/x-permission") ==
        "\"contracttest.case.accept\"");
  CHECK(At("/paths/~1v1~1contracttest~1cases~1{id}:accept/post/security") == R"([{"bearer":[]}])");
  CHECK(At("/paths/~1v1~1contracttest~1cases~1ping/get/security") == "[]");
  CHECK(At("/paths/~1v1~1contracttest~1cases~1{id}:accept/post/operationId") ==
        "\"contracttest.v1.CaseService.AcceptCase\"");
  CHECK(At("/paths/~1v1~1contracttest~1cases:watch/get/x-streaming") == "\"server\"");
  CHECK_FALSE(
      At("/paths/~1v1~1contracttest~1cases:watch/get/responses/200/content/application~1x-ndjson").empty());
  CHECK(At("/components/securitySchemes/bearer/scheme") == "\"bearer\"");
  CHECK_FALSE(At("/components/schemas/google.rpc.Status/properties/details").empty());
}

TEST_CASE_METHOD(Fixture, "parameters and bodies divide the request between them") {
  CHECK(At("/paths/~1v1~1contracttest~1cases~1{id}/get/parameters/0") ==
        R"({"name":"id","in":"path","required":true,"schema":{"type":"string","maxLength":100,"title":"编号"}})");
  CHECK(At("/paths/~1v1~1contracttest~1cases/get/parameters/0/name") == "\"pageSize\"");
  CHECK(At("/paths/~1v1~1contracttest~1cases/get/parameters/3/name") == "\"party.title\"");
  CHECK(At("/paths/~1v1~1contracttest~1cases/get/requestBody").empty());
  CHECK(At("/paths/~1v1~1contracttest~1cases/post/parameters/0/name") == "\"requestId\"");
  const std::string body =
      "/paths/~1v1~1contracttest~1cases~1{id}:accept/post/requestBody/content/application~1json/schema";
  CHECK(At(body + "/properties/id").empty());
  CHECK(At(body + "/properties/etag") == R"({"type":"string","maxLength":64,"title":"版本"})");
  CHECK(At("/paths/~1v1~1contracttest~1{committee}~1cases/get/parameters/0/schema/pattern") ==
        "\"^committees/[^/]+$\"");
  CHECK(At("/paths/~1v1~1contracttest~1{committee}~1cases/get/responses/200/content/application~1json/schema/"
           "type") == "\"array\"");
}

TEST_CASE_METHOD(Fixture, "the rules of fields are keywords of what is sent") {
  const std::string properties = std::string(kCaseInput) + "/properties/";
  CHECK(At(std::string(kCaseInput) + "/required") == R"(["color","rank"])");
  CHECK(At(properties + "id").empty());
  CHECK(At(properties + "dueOn") == R"({"type":"string","format":"date"})");
  CHECK(At(properties + "number/pattern") == "\"^(?:[A-Z]{2}[0-9]+)$\"");
  CHECK(At(properties + "score") == R"({"type":"integer","format":"int32","minimum":0,"maximum":100})");
  CHECK(At(properties + "amountFen") == R"({"type":"string","format":"int64","x-minimum":1})");
  CHECK(At(properties + "parties/maxItems") == "3");
  CHECK(At(properties + "kind/x-code-table") == "\"dispute_kind\"");
  CHECK(At(properties + "parent") == R"({"$ref":"#/components/schemas/sifa.contracttest.v1.Case.Input"})");
  const std::string party = "/components/schemas/sifa.contracttest.v1.Party.Input/properties/";
  CHECK(At(party + "password/writeOnly") == "true");
  CHECK(At(party + "name/maxLength") == "5");
  CHECK(At("/components/schemas/sifa.contracttest.v1.Color/x-enum-labels") == R"({"RED":"红","GREEN":"绿"})");
}

TEST_CASE_METHOD(Fixture, "an answer is bound by types only: it may be masked, or a record of earlier years") {
  const std::string properties = std::string(kCase) + "/properties/";
  CHECK(At(std::string(kCase) + "/required").empty());
  CHECK(At(properties + "id") == R"({"type":"string","title":"编号","readOnly":true})");
  CHECK(At(properties + "score") == R"({"type":"integer","format":"int32"})");
  CHECK(At(properties + "parent") == R"({"$ref":"#/components/schemas/sifa.contracttest.v1.Case"})");
  const std::string party = "/components/schemas/sifa.contracttest.v1.Party/properties/";
  CHECK(At(party + "idNumber") == R"({"type":"string","x-sensitive":"SENSITIVE_ID_NUMBER"})");
  CHECK(At(party + "password").empty());
}

TEST_CASE_METHOD(Fixture, "headers are told where they count") {
  CHECK(At("/paths/~1v1~1contracttest~1cases/post/parameters/1/$ref") == "\"#/components/parameters/IdempotencyKey\"");
  CHECK(At("/paths/~1v1~1contracttest~1cases/post/parameters/2/$ref") == "\"#/components/parameters/Purpose\"");
  CHECK(At("/components/parameters/Purpose/name") == "\"X-Purpose\"");
}

}  // namespace sifa::contract
