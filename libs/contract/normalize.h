// Wire messages as they may come: fields in any order, repeated fields in pieces, scalars more than once,
// submessages to be merged. The codec prints those in normal order directly and brings the others into it
// first.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "libs/contract/message_table.h"

namespace sifa::contract {

enum class Order { kNormal, kLoose, kMalformed };

// Looks at the fields of the message itself, not into its submessages. kNormal: well formed, known fields by
// number, each singular one once, one member of each oneof.
Order CheckOrder(const MessageTable& table, absl::string_view wire);

// The same message in normal order by protobuf's rules: the last scalar wins, submessages merge, the last
// member of a oneof wins. REQUIRES: kLoose. Unknown fields are dropped.
std::string Normalize(const MessageTable& table, absl::string_view wire);

// The last value of a singular field (after its tag); empty where it has none. REQUIRES: not malformed.
absl::string_view LastValue(const FieldTable& field, absl::string_view wire);
// All values of a message field, joined, which merges them.
std::string Merged(const FieldTable& field, absl::string_view wire);

}  // namespace sifa::contract
