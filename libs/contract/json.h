// Standard ProtoJSON to protobuf wire format and back, directly: tables built once per message type from its
// descriptor, no message objects and no reflection in between. Both directions are thread-safe.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace sifa::contract {

class MessageTable;

// The table of a type of the generated pool; built with all types that it reaches at the first call, kept for
// the life of the process, found without a lock afterwards.
const MessageTable& TableOf(const google::protobuf::Descriptor* type);

// Depth of nested objects and arrays that JsonToWire reads.
inline constexpr int kMaxJsonDepth = 32;
// Values in one document, at all depths. Three bytes of JSON can become a message of a hundred.
inline constexpr int kMaxJsonValues = 100'000;

// Reads one JSON value (an object, save for well-known types) into *wire, which is replaced. Accepts
// lowerCamel and proto names; numbers, also as strings; enums by name or number; null as absent; base64 in
// both alphabets. Every error is InvalidField with the path of the field by proto names
// ("parties[1].id_number"; unknown names as they were sent) and one of the reasons JSON_MALFORMED,
// JSON_TOO_DEEP, UTF8_INVALID, FIELD_UNKNOWN, FIELD_TYPE, FIELD_DUPLICATE (also a second member of a oneof),
// ENUM_UNKNOWN, NUMBER_RANGE, TOO_MANY_ITEMS (by the field's max_items, before the message is made), JSON_TOO_MANY_VALUES. *wire
// is unspecified then.
absl::Status JsonToWire(const MessageTable& table, absl::string_view json, std::string* wire);

// Replaces *json (unspecified on error) by the JSON of `wire`, in order of field numbers, without fields that
// have their default value. Fields that the type does not know are dropped; enum numbers that it does not
// know are printed as numbers; an Any of an unknown type as its "@type" and base64 "value". INTERNAL with
// reason WIRE_MALFORMED, or UTF8_INVALID for a string that is not UTF-8: the answerer is at fault, not the
// caller.
absl::Status WireToJson(const MessageTable& table, absl::string_view wire, std::string* json);

}  // namespace sifa::contract
