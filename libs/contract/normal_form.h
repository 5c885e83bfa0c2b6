// Brings the texts of a request to their normal forms, once, before it is checked and used (sifa.options.v1.field).
#pragma once

#include "google/protobuf/message.h"

namespace sifa::contract {

// Each string by the rule of its field, further in as well; what stands in map keys and in google.protobuf types stays.
// Idempotent, thread-safe.
void ToNormalForm(google::protobuf::Message* message);

}  // namespace sifa::contract
