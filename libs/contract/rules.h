// The field rules of a message type, made ready once: limits filled in, patterns compiled.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "re2/re2.h"
#include "sifa/options/v1/options.pb.h"

namespace sifa::contract {

struct TypeRules;

struct FieldCheck {
  const google::protobuf::FieldDescriptor* field = nullptr;
  options::v1::FieldRule rule;
  size_t max_length = 0;  // characters of a string, bytes of bytes
  int max_items = 0;
  bool lines = false;     // of a string: prose, which may have line breaks and tabs
  bool name = false;      // of a string: of a person or body
  bool exposed = false;   // of a string: a line of any words, shown to all who see the object
  std::string (*normal)(absl::string_view text) = nullptr;  // of a string: its normal form; nullptr where it stays as typed
  std::unique_ptr<const RE2> pattern;  // may be null
  // Of the message (or a map's message values) that the field holds, where there is something to check in it.
  const TypeRules* inner = nullptr;
};

struct TypeRules {
  bool checks_any = false;  // here or further in
  std::vector<FieldCheck> checks;
};

// How many values a repeated field may have.
int MaxItemsOf(const options::v1::FieldRule& rule);

// Cached for the process, thread-safe.
const TypeRules& FieldRulesOf(const google::protobuf::Descriptor* type);

// What makes a rule impossible to apply, in English for the contract's author; "" where nothing does.
std::string MistakeOf(const google::protobuf::FieldDescriptor& field, const options::v1::FieldRule& rule);

}  // namespace sifa::contract
