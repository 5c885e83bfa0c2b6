// The codec against protobuf's own JSON, over random messages and damaged bytes.
#include <catch2/catch.hpp>
#include <sstream>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/util/json_util.h"
#include "libs/contract/contracttest.pb.h"
#include "libs/contract/json.h"
#include "libs/contract/random_message.h"
#include "libs/core/status.h"
#include "simdjson.h"

namespace sifa::contract {
namespace {

using contracttest::v1::Everything;
using google::protobuf::util::JsonPrintOptions;
using google::protobuf::util::JsonStringToMessage;
using google::protobuf::util::MessageToJsonString;

const MessageTable& Table() { return TableOf(Everything::descriptor()); }

// The first lines in which two messages differ, "" where they are equal; NaN and -0 included, maps sorted,
// Any expanded.
std::string Difference(Everything ours, Everything theirs) {
  ours.DiscardUnknownFields();
  theirs.DiscardUnknownFields();
  std::istringstream a(ours.DebugString()), b(theirs.DebugString());
  std::string line, other;
  while (true) {
    const bool more_a = static_cast<bool>(std::getline(a, line)),
               more_b = static_cast<bool>(std::getline(b, other));
    if (!more_a && !more_b) return "";
    if (more_a != more_b || line != other) return line + " | " + other;
  }
}

Everything ParseOurs(const std::string& json) {
  std::string wire;
  const absl::Status status = JsonToWire(Table(), json, &wire);
  INFO(json << "\n" << ToProto(status).DebugString());
  REQUIRE(status.ok());
  Everything message;
  REQUIRE(message.ParseFromString(wire));
  return message;
}

}  // namespace

TEST_CASE("what protobuf prints is read as protobuf reads it") {
  for (uint64_t seed = 0; seed < 1500; ++seed) {
    Everything message;
    RandomMessage(seed).Fill(&message);
    JsonPrintOptions options;
    options.preserve_proto_field_names = seed % 3 == 1;
    options.always_print_enums_as_ints = seed % 5 == 1;
    options.always_print_primitive_fields = seed % 7 == 1;
    options.add_whitespace = seed % 2 == 1;
    std::string json;
    REQUIRE(MessageToJsonString(message, &json, options).ok());
    Everything theirs;
    REQUIRE(JsonStringToMessage(json, &theirs).ok());
    INFO("seed " << seed << "\n" << json);
    REQUIRE(Difference(ParseOurs(json), theirs) == "");
  }
}

TEST_CASE("what is printed, protobuf and the codec itself read back as it was") {
  for (uint64_t seed = 0; seed < 1500; ++seed) {
    Everything message, theirs;
    RandomMessage(seed).Fill(&message);
    std::string json, their_json;
    REQUIRE(WireToJson(Table(), message.SerializeAsString(), &json).ok());
    INFO("seed " << seed << "\n" << json);
    REQUIRE(Difference(ParseOurs(json), message) == "");
    const auto status = JsonStringToMessage(json, &theirs);
    INFO(status.ToString());
    REQUIRE(status.ok());
    REQUIRE(Difference(theirs, message) == "");
    // The same members with the same values, so nothing is printed that protobuf leaves out or the other way
    // round.
    REQUIRE(MessageToJsonString(message, &their_json).ok());
    google::protobuf::Struct ours_as_values, theirs_as_values;
    REQUIRE(JsonStringToMessage(json, &ours_as_values).ok());
    REQUIRE(JsonStringToMessage(their_json, &theirs_as_values).ok());
    REQUIRE(ours_as_values.ByteSizeLong() == theirs_as_values.ByteSizeLong());
  }
}

TEST_CASE("messages one after another on the wire merge as protobuf merges them") {
  for (uint64_t seed = 0; seed < 800; ++seed) {
    RandomMessage random(seed);
    std::string wire;
    for (int i = 0; i < 3; ++i) {
      Everything message;
      random.Fill(&message, 2);
      wire += message.SerializeAsString();
    }
    Everything merged;
    REQUIRE(merged.ParseFromString(wire));
    std::string json;
    const absl::Status status = WireToJson(Table(), wire, &json);
    INFO("seed " << seed << " " << status << "\n" << json);
    if (!status.ok()) continue;  // a merged duration or time may leave its range
    REQUIRE(Difference(ParseOurs(json), merged) == "");
  }
}

TEST_CASE("damaged JSON is refused with a reason or read into a valid message") {
  int read = 0, refused = 0;
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    RandomMessage random(seed);
    Everything message;
    random.Fill(&message, 2);
    std::string json, wire;
    REQUIRE(WireToJson(Table(), message.SerializeAsString(), &json).ok());
    json = random.Mutate(json);
    const absl::Status status = JsonToWire(Table(), json, &wire);
    INFO("seed " << seed << "\n" << json);
    if (status.ok()) {
      ++read;
      REQUIRE(message.ParseFromString(wire));
    } else {
      ++refused;
      REQUIRE(status.code() == absl::StatusCode::kInvalidArgument);
      REQUIRE_FALSE(ReasonOf(status).empty());
    }
  }
  CHECK(read > 500);
  CHECK(refused > 1000);
}

TEST_CASE("damaged wire bytes are refused or print as protobuf understands them") {
  const google::protobuf::LogSilencer silence;  // it warns of each damaged type name
  int compared = 0, refused = 0;
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    RandomMessage random(seed);
    Everything message, theirs, ours;
    random.Fill(&message, 2);
    const std::string wire = random.Mutate(message.SerializeAsString());
    std::string json, back;
    if (!WireToJson(Table(), wire, &json).ok()) {
      ++refused;
      continue;
    }
    INFO("seed " << seed << "\n" << json);
    simdjson::dom::parser parser;
    REQUIRE(parser.parse(json).error() == simdjson::SUCCESS);
    if (!theirs.ParseFromString(wire) || !JsonToWire(Table(), json, &back).ok())
      continue;  // an Any of no known type
    ++compared;
    REQUIRE(ours.ParseFromString(back));
    // Theirs once through the codec in normal order: inside an Any protobuf keeps what it does not know.
    theirs.DiscardUnknownFields();
    REQUIRE(WireToJson(Table(), theirs.SerializeAsString(), &json).ok());
    REQUIRE(Difference(ours, ParseOurs(json)) == "");
  }
  CHECK(compared > 1000);
  CHECK(refused > 1000);
}

}  // namespace sifa::contract
