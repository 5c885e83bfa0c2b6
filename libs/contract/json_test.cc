#include "libs/contract/json.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "libs/contract/contracttest.pb.h"
#include "libs/core/status.h"

namespace sifa::contract {
namespace {

using contracttest::v1::Everything;

const MessageTable& Table() { return TableOf(Everything::descriptor()); }

// "REASON path"
std::string ErrorOf(const absl::Status& status) {
  google::rpc::BadRequest bad;
  const google::rpc::Status proto = ToProto(status);
  for (const auto& detail : proto.details()) {
    if (detail.Is<google::rpc::BadRequest>()) detail.UnpackTo(&bad);
  }
  return ReasonOf(status) + " " + (bad.field_violations_size() > 0 ? bad.field_violations(0).field() : "-");
}

std::string Refusal(const std::string& json) {
  std::string wire;
  const absl::Status status = JsonToWire(Table(), json, &wire);
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  return ErrorOf(status);
}

Everything Read(const std::string& json) {
  std::string wire;
  const absl::Status status = JsonToWire(Table(), json, &wire);
  INFO(json << " " << ErrorOf(status));
  REQUIRE(status.ok());
  Everything message;
  REQUIRE(message.ParseFromString(wire));
  return message;
}

std::string Print(const std::string& wire) {
  std::string json;
  const absl::Status status = WireToJson(Table(), wire, &json);
  return status.ok() ? json : ReasonOf(status);
}

std::string PrintText(const std::string& text) {
  Everything message;
  REQUIRE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return Print(message.SerializeAsString());
}

std::string Nested(int depth) {  // objects in objects
  std::string json;
  for (int i = 1; i < depth; ++i) json += "{\"child\":";
  json += "{\"aBool\":true}" + std::string(depth - 1, '}');
  return json;
}

}  // namespace

TEST_CASE("both names, numbers in strings and null are read") {
  const Everything message =
      Read(R"({"anInt64":"-9223372036854775808","a_uint64":18446744073709551615,"an_int32":"1e3",
      "aUint32":2.0,"aDouble":"-Infinity","aFloat":"1.5","aString":null,"maybeInt":0,"color":"VERT","colors":[2,"RED",77],
      "children":[{},{"aBool":true}],"anotherName":"x","someBytes":"-_-_","blobs":["+/+/","YQ","YQ=="]})");
  CHECK(message.an_int64() == INT64_MIN);
  CHECK(message.a_uint64() == UINT64_MAX);
  CHECK(message.an_int32() == 1000);
  CHECK(message.a_uint32() == 2);
  CHECK(message.a_double() < -1e308);
  CHECK(message.has_maybe_int());
  CHECK(message.color() == contracttest::v1::GREEN);
  CHECK(message.colors(2) == 77);
  CHECK(message.children(1).a_bool());
  CHECK(message.renamed() == "x");
  CHECK(message.some_bytes() == "\xfb\xff\xbf");
  CHECK(message.blobs(0) == "\xfb\xff\xbf");
  CHECK(message.blobs(1) == "a");
  CHECK(message.blobs(2) == "a");
}

TEST_CASE("every mistake has its reason and its place") {
  CHECK(Refusal("{") == "JSON_MALFORMED ");
  CHECK(Refusal("") == "JSON_MALFORMED ");
  CHECK(Refusal("{} {}") == "JSON_MALFORMED ");
  CHECK(Refusal("{\"aString\":\"\xff\"}") == "UTF8_INVALID ");
  CHECK(Refusal(R"({"aString":"\udc00"})") == "JSON_MALFORMED ");  // half a surrogate pair
  CHECK(Refusal(R"({"children":[{},{"nobody":1}]})") == "FIELD_UNKNOWN children[1].nobody");
  CHECK(Refusal(R"({"child":{"anInt32":"x"}})") == "FIELD_TYPE child.anInt32");
  CHECK(Refusal(R"({"byNumber":{"7":{"aBool":1}}})") == "FIELD_TYPE byNumber[\"7\"].aBool");
  CHECK(Refusal(R"({"byNumber":{"x":{}}})") == "FIELD_TYPE byNumber[\"x\"]");
  CHECK(Refusal(R"({"color":"BLUE"})") == "ENUM_UNKNOWN color");
  CHECK(Refusal(R"({"aString":"a","a_string":"b"})") == "FIELD_DUPLICATE aString");
  CHECK(Refusal(R"({"labels":{"a":"1","a":"2"}})") == "FIELD_DUPLICATE labels[\"a\"]");
  CHECK(Refusal(R"({"textChoice":"a","numberChoice":"2"})") == "FIELD_DUPLICATE numberChoice");
  CHECK(Refusal(R"({"ints":[1,2147483648]})") == "NUMBER_RANGE ints[1]");
  CHECK(Refusal(R"({"aUint32":-1})") == "NUMBER_RANGE aUint32");
  CHECK(Refusal(R"({"anInt64":"9223372036854775808"})") == "NUMBER_RANGE anInt64");
  CHECK(Refusal(R"({"anInt64":1.5})") == "FIELD_TYPE anInt64");
  CHECK(Refusal(R"({"aFloat":1e39})") == "NUMBER_RANGE aFloat");
  for (const char* hexadecimal : {"0x7", "0X10", "-0x1p3"}) {
    CHECK(Refusal(absl::StrCat(R"({"anInt64":")", hexadecimal, R"("})")) == "FIELD_TYPE anInt64");
  }
  CHECK(Refusal(R"({"aDouble":"inf"})") == "FIELD_TYPE aDouble");
  CHECK(Refusal(R"({"strings":["a",null]})") == "FIELD_TYPE strings[1]");
  CHECK(Refusal(R"({"strings":"a"})") == "FIELD_TYPE strings");
  CHECK(Refusal(R"({"someBytes":"a"})") == "FIELD_TYPE someBytes");
  CHECK(Refusal(R"({"at":"2023-02-29T00:00:00Z"})") == "FIELD_TYPE at");
  CHECK(Refusal(R"({"at":"2023-02-28"})") == "FIELD_TYPE at");
  CHECK(Refusal(R"({"lasts":"5"})") == "FIELD_TYPE lasts");
  CHECK(Refusal(R"({"mask":"a_B"})") == "FIELD_TYPE mask");
  CHECK(Refusal(R"({"any":{"@type":"x/no.Such"}})") == "FIELD_TYPE any.@type");
  CHECK(Refusal(R"({"any":{"@type":"x/sifa.contracttest.v1.Item","type":"a"}})") == "FIELD_TYPE any.type");
  CHECK(Refusal("[]") == "FIELD_TYPE ");
  CHECK(Refusal("{\"" + std::string(5000, 'x') + "\":1}") == "FIELD_UNKNOWN …");
}

TEST_CASE("RFC 8259 §8.1: a byte order mark before a document is passed over") {
  CHECK(Read("\ufeff{\"aBool\":true}").a_bool());
  CHECK(Refusal("{\ufeff}") == "JSON_MALFORMED ");
  CHECK(Refusal("\ufeff") == "JSON_MALFORMED ");
}

TEST_CASE("JSON nests 32 deep and no deeper, in large documents too") {
  const std::string padding(100000, ' ');
  CHECK(Read(Nested(kMaxJsonDepth)).has_child());
  CHECK(Refusal(Nested(kMaxJsonDepth + 1)) == "JSON_TOO_DEEP ");
  CHECK(Refusal(Nested(kMaxJsonDepth + 1) + padding) == "JSON_TOO_DEEP ");
  CHECK(Read(Nested(kMaxJsonDepth) + padding + padding).has_child());
  CHECK(Refusal(Nested(kMaxJsonDepth + 1) + std::string(2 << 20, ' ')) == "JSON_TOO_DEEP ");
  CHECK(Refusal(std::string(100000, '[') + "1" + std::string(100000, ']')) == "JSON_TOO_DEEP ");
}

TEST_CASE("F3: lists are judged by their length, and documents by the number of their values, before anything is made of them") {
  const auto list = [](int items, const char* item) {
    std::string json = "[";
    for (int i = 0; i < items; ++i) json += absl::StrCat(i == 0 ? "" : ",", item);
    return json + "]";
  };
  std::string wire;
  CHECK(JsonToWire(Table(), absl::StrCat("{\"children\":", list(1000, "{}"), "}"), &wire).ok());
  CHECK(Refusal(absl::StrCat("{\"children\":", list(1'200'000, "{}"), "}")) == "TOO_MANY_ITEMS children");
  CHECK(Refusal(absl::StrCat("{\"ints\":", list(1001, "0"), "}")) == "TOO_MANY_ITEMS ints");
  CHECK(Refusal(absl::StrCat("{\"children\":[{\"strings\":", list(1001, "\"\""), "}]}")) == "TOO_MANY_ITEMS children[0].strings");
  const auto& cases = TableOf(contracttest::v1::Case::descriptor());
  CHECK(ErrorOf(JsonToWire(cases, absl::StrCat("{\"parties\":", list(4, "{}"), "}"), &wire)) == "TOO_MANY_ITEMS parties");
  // Each list is short, all together are not.
  const std::string hundred = absl::StrCat("{\"children\":", list(100, "{\"ints\":[0,0,0,0,0,0,0,0]}"), "}");
  const std::string all = absl::StrCat("{\"children\":", list(200, hundred.c_str()), "}");
  CHECK(absl::StartsWith(Refusal(all), "JSON_TOO_MANY_VALUES children["));
  // Values without a type of their own are counted too.
  CHECK(absl::StartsWith(Refusal(absl::StrCat("{\"values\":[", list(150'000, "0"), "]}")), "TOO_MANY_ITEMS values[0]"));
}

TEST_CASE("times are read with any offset and printed in UTC") {
  CHECK(Read(R"({"at":"2024-09-27T08:30:00.5+08:00"})").at().seconds() == 1727397000);
  CHECK(PrintText("at { seconds: 1727397000 nanos: 500000000 } lasts { seconds: -1 nanos: -500000000 }") ==
        R"({"at":"2024-09-27T00:30:00.500Z","lasts":"-1.500s"})");
  CHECK(PrintText("at { seconds: 253402300800 }") == "WIRE_MALFORMED");
}

TEST_CASE("defaults are left out, what has presence is kept") {
  CHECK(PrintText("a_bool: false an_int32: 0 a_string: ''") == "{}");
  CHECK(PrintText("maybe_int: 0 maybe_string: '' text_choice: '' child {} int32_value {} empty {}") ==
        R"({"child":{},"maybeInt":0,"maybeString":"","textChoice":"","empty":{},"int32Value":0})");
  CHECK(Print(std::string("\x08\x00\x10\x00\xaa\x01\x00", 7)) == "{}");  // written out, as others may
}

TEST_CASE("enums print by the first of their names, unknown ones as numbers") {
  CHECK(PrintText("color: VERT colors: [FAR, BELOW]") == R"({"color":"GREEN","colors":["FAR","BELOW"]})");
  CHECK(Print(std::string("\x80\x01\x63", 3)) == R"({"color":99})");
}

TEST_CASE("texts come out escaped and are checked to be UTF-8") {
  CHECK(PrintText(R"(a_string: "\"\\\n\001司法/longer than eight bytes\t")") ==
        R"({"aString":"\"\\\n\u0001司法/longer than eight bytes\t"})");
  std::string json;
  const absl::Status status = WireToJson(Table(), std::string("\x8a\x01\x03\x72\x01\xff", 6), &json);
  CHECK(ReasonOf(status) == "UTF8_INVALID");
  CHECK(absl::StrContains(status.message(), "child.a_string"));
}

TEST_CASE("the wire may come in any order, packed or not, in pieces") {
  CHECK(Print(std::string("\x10\x05\x08\x01\x10\x07", 6)) == R"({"aBool":true,"anInt32":7})");
  // ints = 21: one alone, another field between, two packed
  CHECK(Print(std::string("\xa8\x01\x01\x08\x01\xaa\x01\x02\x02\x03", 10)) ==
        R"({"aBool":true,"ints":[1,2,3]})");
  // ints with an unknown field between
  CHECK(Print(std::string("\xa8\x01\x01\xb8\x3e\x01\xa8\x01\x02", 9)) == R"({"ints":[1,2]})");
  // child twice merges; of the oneof the last member stays
  CHECK(Print(std::string("\x8a\x01\x02\x08\x01\x8a\x01\x02\x10\x02", 10)) ==
        R"({"child":{"aBool":true,"anInt32":2}})");
  CHECK(Print(std::string("\xfa\x01\x01x\x80\x02\x05", 7)) == R"({"numberChoice":"5"})");
  // a map's key twice
  CHECK(Print(std::string("\xe2\x01\x06\x0a\x01k\x12\x01"
                          "a\xe2\x01\x06\x0a\x01k\x12\x01"
                          "b",
                          18)) == R"({"labels":{"k":"b"}})");
}

TEST_CASE("broken wire bytes are refused") {
  for (const std::string& wire :
       {std::string("\x08"), std::string("\x72\x05x"), std::string("\x00\x01", 2), std::string("\x0b\x0c"),
        std::string("\x69\x01"), std::string("\xaa\x01\x01\x80"), std::string(11, '\xff')}) {
    CHECK(Print(wire) == "WIRE_MALFORMED");
  }
  std::string deep;
  for (int i = 0; i < 200; ++i) {
    Everything message;
    message.mutable_child()->ParseFromString(deep);
    deep = message.SerializeAsString();
    if (i == 50) CHECK(Print(deep) != "WIRE_MALFORMED");
    if (i == 98) break;
  }
  std::string deeper = deep;
  for (int i = 0; i < 50; ++i) {
    std::string outer = "\x8a\x01";
    for (size_t n = deeper.size();; n >>= 7) {
      outer.push_back(static_cast<char>((n & 0x7f) | (n >= 0x80 ? 0x80 : 0)));
      if (n < 0x80) break;
    }
    deeper = outer + deeper;
  }
  CHECK(Print(deeper) == "WIRE_MALFORMED");
}

TEST_CASE("an error's details print by their types, unknown types as bytes") {
  const auto& table = TableOf(google::rpc::Status::descriptor());
  google::rpc::Status status = ToProto(InvalidField("parties[0].name", "FIELD_REQUIRED", "不能为空"));
  auto* unknown = status.add_details();
  unknown->set_type_url("type.googleapis.com/no.Such");
  unknown->set_value("abc");
  std::string json;
  REQUIRE(WireToJson(table, status.SerializeAsString(), &json).ok());
  CHECK(absl::StrContains(
      json,
      R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"FIELD_REQUIRED","domain":"sifa"})"));
  CHECK(
      absl::StrContains(json, R"("fieldViolations":[{"field":"parties[0].name","description":"不能为空"}])"));
  CHECK(absl::StrContains(json, R"({"@type":"type.googleapis.com/no.Such","value":"YWJj"})"));
}

TEST_CASE("tables are built once, from many threads at a time") {
  std::vector<std::thread> threads;
  std::vector<const MessageTable*> tables(8);
  for (size_t i = 0; i < tables.size(); ++i) {
    threads.emplace_back([&, i] { tables[i] = &TableOf(contracttest::v1::ListCasesResponse::descriptor()); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const MessageTable* table : tables) CHECK(table == tables[0]);
}

}  // namespace sifa::contract
