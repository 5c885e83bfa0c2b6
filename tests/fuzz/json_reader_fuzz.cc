// A body as JSON: what is read becomes a message, which comes back out as JSON that reads as the same message. The texts of a
// message have one normal form.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "libs/contract/contracttest.pb.h"
#include "libs/contract/json.h"
#include "libs/contract/message_table.h"
#include "libs/contract/normal_form.h"
#include "libs/contract/validate.h"

namespace {

using sifa::contract::JsonToWire;
using sifa::contract::TableOf;
using sifa::contract::WireToJson;

void Require(bool holds, const char* what, const std::string& at) {
  if (holds) return;
  std::fprintf(stderr, "%s\n%s\n", what, at.c_str());
  std::abort();
}

template <class Message>
void Read(absl::string_view json) {
  const auto& table = TableOf(Message::descriptor());
  std::string wire, text, again, text_again;
  if (!JsonToWire(table, json, &wire).ok()) return;
  Message message;
  Require(message.ParseFromString(wire), "the wire does not parse", std::string(json));
  Require(WireToJson(table, wire, &text).ok(), "what was read cannot be written", std::string(json));
  Require(JsonToWire(table, text, &again).ok(), "what was written cannot be read", text);
  Require(WireToJson(table, again, &text_again).ok() && text == text_again, "written twice, it differs", text + "\n" + text_again);
  sifa::contract::ToNormalForm(&message);
  const std::string normal = message.SerializeAsString();
  sifa::contract::ToNormalForm(&message);
  Require(message.SerializeAsString() == normal, "a normal form has another", text);
  sifa::contract::Validate(message, absl::CivilDay(2024, 9, 27)).IgnoreError();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const absl::string_view json(reinterpret_cast<const char*>(bytes), size);
  Read<sifa::contracttest::v1::Everything>(json);
  Read<sifa::contracttest::v1::CreateCaseRequest>(json);
  return 0;
}
