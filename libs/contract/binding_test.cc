#include "libs/contract/binding.h"

#include <catch2/catch.hpp>

#include "google/rpc/error_details.pb.h"
#include "libs/contract/contract_fixture.h"
#include "libs/core/status.h"

namespace sifa::contract {
namespace {

using namespace contracttest::v1;  // NOLINT

struct Fixture {
  Contract contract = ContractOfTests();
  Router router{contract};

  absl::Status Build(absl::string_view http_method, absl::string_view path, absl::string_view query,
                     absl::string_view body, std::string* wire) {
    const auto match = router.Route(http_method, path, nullptr);
    REQUIRE(match.has_value());
    return BuildRequest(*match, query, body, wire);
  }

  template <class Request>
  Request Read(absl::string_view http_method, absl::string_view path, absl::string_view query = "",
               absl::string_view body = "") {
    std::string wire;
    const absl::Status status = Build(http_method, path, query, body, &wire);
    INFO(status);
    REQUIRE(status.ok());
    Request request;
    REQUIRE(request.ParseFromString(wire));
    return request;
  }

  // "REASON field"
  std::string Refusal(absl::string_view http_method, absl::string_view path, absl::string_view query = "",
                      absl::string_view body = "") {
    std::string wire;
    const absl::Status status = Build(http_method, path, query, body, &wire);
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    google::rpc::BadRequest bad;
    const google::rpc::Status proto = ToProto(status);
    for (const auto& detail : proto.details()) {
      if (detail.Is<google::rpc::BadRequest>()) detail.UnpackTo(&bad);
    }
    return ReasonOf(status) + " " + (bad.field_violations_size() > 0 ? bad.field_violations(0).field() : "-");
  }
};

constexpr char kCases[] = "/v1/contracttest/cases";
constexpr char kCase[] = "/v1/contracttest/cases/AB1";
constexpr char kAccept[] = "/v1/contracttest/cases/AB1:accept";

}  // namespace

TEST_CASE_METHOD(Fixture, "query parameters fill fields by either name, nested, repeated and encoded") {
  const auto request =
      Read<ListCasesRequest>("GET", kCases,
                             "page_size=20&pageToken=a%2Bb+c&colors=RED&colors=2&party.occupation=1&party.title="
                             "%E5%BC%A0&since=2024-01-01T00%3A00%3A00Z&open=false&");
  CHECK(request.page_size() == 20);
  CHECK(request.page_token() == "a+b c");
  CHECK(request.colors_size() == 2);
  CHECK(request.colors(1) == GREEN);
  CHECK(request.party().title() == "张");
  CHECK(request.party().occupation() == "1");
  CHECK(request.since().seconds() == 1704067200);
  CHECK(request.has_open());
  CHECK(Read<GetCaseRequest>("GET", kCase, "mask=aB,c").mask().paths(0) == "a_b");
}

TEST_CASE_METHOD(Fixture, "what is wrong with a parameter is said with its name") {
  CHECK(Refusal("GET", kCases, "nobody=1") == "FIELD_UNKNOWN nobody");
  CHECK(Refusal("GET", kCases, "party.nobody=1") == "FIELD_UNKNOWN party.nobody");
  CHECK(Refusal("GET", kCases, "page_size.x=1") == "FIELD_UNKNOWN pageSize.x");
  CHECK(Refusal("GET", kCases, "pageSize=x") == "FIELD_TYPE pageSize");
  CHECK(Refusal("GET", kCases, "page_size=99999999999") == "NUMBER_RANGE pageSize");
  CHECK(Refusal("GET", kCases, "colors=BLUE") == "ENUM_UNKNOWN colors");
  CHECK(Refusal("GET", kCases, "party=x") == "FIELD_TYPE party");
  CHECK(Refusal("GET", kCases, "page_size=1&pageSize=2") == "QUERY_CONFLICT pageSize");
  CHECK(Refusal("GET", kCases, "page_token=%zz") == "QUERY_MALFORMED ");
  CHECK(Refusal("GET", kCases, "page_token=%ff") == "QUERY_MALFORMED ");
  CHECK(Refusal("GET", kCases, "party.idNumber=1") == "FIELD_NOT_IN_ADDRESS party.idNumber");
}

TEST_CASE_METHOD(Fixture, "the body is the whole request or one field of it") {
  const auto created =
      Read<CreateCaseRequest>("POST", kCases, "requestId=r1", R"({"score":5,"parties":[{"name":"张三"}]})");
  CHECK(created.case_().score() == 5);
  CHECK(created.case_().parties(0).name() == "张三");
  CHECK(created.request_id() == "r1");
  const auto accepted = Read<AcceptCaseRequest>("POST", kAccept, "", R"({"requestId":"r2","etag":"e"})");
  CHECK(accepted.id() == "AB1");
  CHECK(accepted.etag() == "e");
  CHECK(Read<AcceptCaseRequest>("POST", kAccept).id() == "AB1");
  CHECK(Refusal("GET", kCase, "", "{}") == "FIELD_UNKNOWN ");
  CHECK(Refusal("POST", kCases, "", R"({"parties":[{"x":1}]})") == "FIELD_UNKNOWN case.parties[0].x");
  CHECK(Refusal("POST", kCases, "", "[]") == "FIELD_TYPE case");
}

TEST_CASE("a field is named as the caller wrote it") {
  CHECK(PathAsSent("case.parties[0].id_number", "case") == "parties[0].idNumber");
  CHECK(PathAsSent("case", "case").empty());
  CHECK(PathAsSent("cases.id_number", "case") == "cases.idNumber");
  CHECK(PathAsSent("request_id", "*") == "requestId");
  CHECK(PathAsSent("helpers[\"a_b\"].id_number", "") == "helpers[\"a_b\"].idNumber");
}

TEST_CASE_METHOD(Fixture, "path and body may say the same, not different things") {
  CHECK(Read<AcceptCaseRequest>("POST", kAccept, "", R"({"id":"AB1"})").id() == "AB1");
  CHECK(Refusal("POST", kAccept, "", R"({"id":"AB2"})") == "PATH_BODY_CONFLICT id");
  CHECK(Read<UpdateCaseRequest>("PATCH", kCase, "", R"({"number":"AB1","score":1})").case_().score() == 1);
  CHECK(Read<UpdateCaseRequest>("PATCH", kCase, "", R"({"score":1})").case_().number() == "AB1");
  CHECK(Read<UpdateCaseRequest>("PATCH", kCase).case_().number() == "AB1");
  CHECK(Refusal("PATCH", kCase, "", R"({"number":"AB2"})") == "PATH_BODY_CONFLICT case.number");
}

TEST_CASE_METHOD(Fixture, "a parameter does not repeat what path or body give") {
  CHECK(Refusal("GET", kCase, "id=AB1") == "QUERY_CONFLICT id");
  CHECK(Refusal("POST", kAccept, "etag=e", "{}") == "QUERY_CONFLICT etag");
  CHECK(Refusal("PATCH", kCase, "case.score=3", "{}") == "QUERY_CONFLICT case.score");
  CHECK(Read<UpdateCaseRequest>("PATCH", kCase, "request_id=r", "{}").request_id() == "r");
}

TEST_CASE_METHOD(Fixture, "a route may answer with one field") {
  ListCasesResponse response;
  response.add_cases()->set_score(7);
  response.set_next_page_token("t");
  std::string json;
  const auto one = router.Route("GET", "/v1/contracttest/committees/7/cases", nullptr);
  REQUIRE(AnswerToJson(*one, response.SerializeAsString(), &json).ok());
  CHECK(json == R"([{"score":7}])");
  REQUIRE(AnswerToJson(*one, "", &json).ok());
  CHECK(json == "[]");
  const auto whole = router.Route("GET", kCases, nullptr);
  REQUIRE(AnswerToJson(*whole, response.SerializeAsString(), &json).ok());
  CHECK(json == R"({"cases":[{"score":7}],"nextPageToken":"t"})");
  CHECK(ReasonOf(AnswerToJson(*one, "\x0a\x05", &json)) == "WIRE_MALFORMED");
}

}  // namespace sifa::contract
