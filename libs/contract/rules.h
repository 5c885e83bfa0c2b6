// The field rules of a message type, made ready once: limits filled in, patterns compiled.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"
#include "re2/re2.h"
#include "sifa/options/v1/options.pb.h"

namespace sifa::contract {

// A field that requests have alike, with the rule that the contract supplies for it, in text form.
struct KnownField {
  static constexpr int kAnyNumber = 0;
  absl::string_view name;
  int number;
  google::protobuf::FieldDescriptor::Type type;
  absl::string_view rule;
};
// First the head of an act's request: the journal keeps requests, so these names, numbers and types are for ever. Then paging.
constexpr KnownField kKnownFields[] = {
    {"id", 1, google::protobuf::FieldDescriptor::TYPE_STRING, "label: '编号' required: true format: FORMAT_ID"},
    {"etag", 2, google::protobuf::FieldDescriptor::TYPE_STRING, "label: '版本' required: true max_length: 64"},
    {"request_id", 3, google::protobuf::FieldDescriptor::TYPE_STRING, "label: '请求编号' max_length: 64 pattern: '[!-~]*'"},
    {"occurred_on", 4, google::protobuf::FieldDescriptor::TYPE_STRING, "label: '办理日期' format: FORMAT_PAST_DATE"},
    {"reason", 5, google::protobuf::FieldDescriptor::TYPE_STRING, "label: '理由' sensitive: SENSITIVE_TEXT max_length: 2000"},
    {"occurred_at", 6, google::protobuf::FieldDescriptor::TYPE_MESSAGE, "label: '办理时间'"},
    {"page_size", KnownField::kAnyNumber, google::protobuf::FieldDescriptor::TYPE_INT32,
     "label: '每页条数' minimum: 0 maximum: 200"},
    {"page_token", KnownField::kAnyNumber, google::protobuf::FieldDescriptor::TYPE_STRING, "label: '翻页标记'"},
};
constexpr absl::Span<const KnownField> kHead(kKnownFields, 6);
// An act's request numbers its own fields from here on.
constexpr int kFirstOwnNumber = 10;

// The rule of a field: what it declares itself, with the label that its name has everywhere (编号, 单位, …) unless it has
// another, and, for a known field of a request (a message whose name ends with "Request"), what the contract supplies. A format,
// pattern or length that such a field declares takes the place of the supplied ones.
options::v1::FieldRule RuleOf(const google::protobuf::FieldDescriptor& field);

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
