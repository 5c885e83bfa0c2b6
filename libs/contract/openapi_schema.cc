#include "libs/contract/openapi_schema.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/contract/rules.h"
#include "sifa/options/v1/options.pb.h"

namespace sifa::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using options::v1::FieldRule;

// The schema of a type whose JSON is no object of its fields, as name and value of its keywords; nullptr for
// others.
const std::vector<std::pair<std::string, std::string>>* WellKnownSchema(const Descriptor& type) {
  using Keywords = std::vector<std::pair<std::string, std::string>>;
  static const auto& kSchemas = *new absl::flat_hash_map<std::string, Keywords>{
      {"Timestamp", {{"type", "string"}, {"format", "date-time"}}},
      {"Duration", {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$"}}},
      {"FieldMask", {{"type", "string"}}},
      {"Struct", {{"type", "object"}}},
      {"Value", {}},
      {"ListValue", {{"type", "array"}}},
      {"Any", {{"type", "object"}, {"description", "@type为类型，其余为该类型的字段"}}},
      {"BoolValue", {{"type", "boolean"}}},
      {"Int32Value", {{"type", "integer"}, {"format", "int32"}}},
      {"UInt32Value", {{"type", "integer"}, {"format", "uint32"}}},
      {"Int64Value", {{"type", "string"}, {"format", "int64"}}},
      {"UInt64Value", {{"type", "string"}, {"format", "uint64"}}},
      {"FloatValue", {{"type", "number"}, {"format", "float"}}},
      {"DoubleValue", {{"type", "number"}, {"format", "double"}}},
      {"StringValue", {{"type", "string"}}},
      {"BytesValue", {{"type", "string"}, {"contentEncoding", "base64"}}},
  };
  if (type.file()->package() != "google.protobuf") return nullptr;
  const auto at = kSchemas.find(type.name());
  return at == kSchemas.end() ? nullptr : &at->second;
}

// The pattern that a format stands for; dates have a keyword of their own.
absl::string_view PatternOf(options::v1::Format format) {
  switch (format) {
    case options::v1::FORMAT_ID:
      return "^[0-7][0-9A-HJKMNP-TV-Z]{25}$";
    case options::v1::FORMAT_REGION:
      return "^[0-9]{6}([0-9]{3}([0-9]{3})?)?$";
    case options::v1::FORMAT_CITIZEN_ID:
      return "^[0-9]{17}[0-9Xx]$";
    default:
      return "";
  }
}

}  // namespace

void SchemaWriter::Reference(const std::string& name) {
  out_.String("$ref", absl::StrCat("#/components/schemas/", name));
}

void SchemaWriter::Reference(const Descriptor& type) {
  const bool input = use_ == Use::kRequest && both_.contains(&type);
  const std::string name = input ? type.full_name() + ".Input" : type.full_name();
  messages_.emplace(name, Component{&type, use_});
  Reference(name);
}

void SchemaWriter::Type(const Descriptor& type) {
  out_.Open('{');
  if (const auto* keywords = WellKnownSchema(type)) {
    for (const auto& [name, value] : *keywords) out_.String(name, value);
  } else {
    Reference(type);
  }
  out_.Close();
}

// The keywords of one value, inside an open object.
void SchemaWriter::Value(const FieldDescriptor& field) {
  const auto typed = [&](absl::string_view type, absl::string_view format) {
    out_.String("type", type);
    if (!format.empty()) out_.String("format", format);
  };
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      return typed("boolean", "");
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_SINT32:
    case FieldDescriptor::TYPE_SFIXED32:
      return typed("integer", "int32");
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_FIXED32:
      return typed("integer", "uint32");
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SINT64:
    case FieldDescriptor::TYPE_SFIXED64:
      return typed("string", "int64");  // JavaScript's numbers lose digits
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
      return typed("string", "uint64");
    case FieldDescriptor::TYPE_FLOAT:
      return typed("number", "float");
    case FieldDescriptor::TYPE_DOUBLE:
      return typed("number", "double");
    case FieldDescriptor::TYPE_STRING:
      return StringRule(field);
    case FieldDescriptor::TYPE_BYTES:
      out_.String("type", "string");
      out_.String("contentEncoding", "base64");
      return;
    case FieldDescriptor::TYPE_ENUM:
      if (field.enum_type()->full_name() == "google.protobuf.NullValue") return typed("null", "");
      enums_.emplace(field.enum_type()->full_name(), field.enum_type());
      return Reference(field.enum_type()->full_name());
    default:
      break;
  }
  if (const auto* keywords = WellKnownSchema(*field.message_type())) {
    for (const auto& [name, value] : *keywords) out_.String(name, value);
    return;
  }
  Reference(*field.message_type());
}

void SchemaWriter::StringRule(const FieldDescriptor& field) {
  const FieldRule rule = RuleOf(field);
  out_.String("type", "string");
  const auto format = rule.format();
  if (use_ == Use::kAnswer && rule.sensitive() != options::v1::SENSITIVE_UNSPECIFIED) return;  // may be masked
  if (format == options::v1::FORMAT_DATE || format == options::v1::FORMAT_PAST_DATE)
    out_.String("format", "date");
  if (use_ == Use::kAnswer) return;
  if (rule.max_length() != 0) out_.Number("maxLength", rule.max_length());
  if (!rule.pattern().empty()) {
    out_.String("pattern", absl::StrCat("^(?:", rule.pattern(), ")$"));
  } else if (!PatternOf(format).empty()) {
    out_.String("pattern", PatternOf(format));
  }
}

void SchemaWriter::Bounds(const FieldDescriptor& field) {
  const FieldRule rule = RuleOf(field);
  if (field.is_repeated() && rule.min_items() != 0)
    out_.Number(field.is_map() ? "minProperties" : "minItems", rule.min_items());
  if (field.is_repeated() && rule.max_items() != 0)
    out_.Number(field.is_map() ? "maxProperties" : "maxItems", rule.max_items());
  const bool in_string = field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 ||
                         field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
  if (rule.has_minimum()) out_.Number(in_string ? "x-minimum" : "minimum", rule.minimum());
  if (rule.has_maximum()) out_.Number(in_string ? "x-maximum" : "maximum", rule.maximum());
}

// What the rule says of the field itself. Keywords may stand beside $ref since OpenAPI 3.1.
void SchemaWriter::Keywords(const FieldDescriptor& field) {
  const FieldRule rule = RuleOf(field);
  if (!rule.label().empty()) out_.String("title", rule.label());
  if (use_ == Use::kRequest) Bounds(field);
  if (rule.output_only()) out_.Bool("readOnly", true);
  if (rule.immutable()) out_.Bool("x-immutable", true);
  if (rule.sensitive() == options::v1::SENSITIVE_SECRET) out_.Bool("writeOnly", true);
  if (rule.sensitive() != options::v1::SENSITIVE_UNSPECIFIED)
    out_.String("x-sensitive", options::v1::Sensitive_Name(rule.sensitive()));
  if (!rule.code_table().empty()) out_.String("x-code-table", rule.code_table());
}

void SchemaWriter::Field(const FieldDescriptor& field) {
  out_.Open('{');
  if (field.is_map()) {
    out_.String("type", "object").Open("additionalProperties", '{');
    Value(*field.message_type()->FindFieldByNumber(2));
    out_.Close();
  } else if (field.is_repeated()) {
    out_.String("type", "array").Open("items", '{');
    Value(field);
    out_.Close();
  } else {
    Value(field);
  }
  Keywords(field);
  out_.Close();
}

void SchemaWriter::Object(const Descriptor& type, absl::Span<const FieldDescriptor* const> left_out) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldRule rule = RuleOf(*type.field(i));
    const bool never = use_ == Use::kRequest ? rule.output_only() : rule.sensitive() == options::v1::SENSITIVE_SECRET;
    if (!never && std::find(left_out.begin(), left_out.end(), type.field(i)) == left_out.end())
      fields.push_back(type.field(i));
  }
  out_.Open('{').String("type", "object").Open("properties", '{');
  for (const FieldDescriptor* field : fields) {
    out_.Key(field->json_name());
    Field(*field);
  }
  out_.Close();
  const auto is_required = [&](const FieldDescriptor* field) {
    return use_ == Use::kRequest && RuleOf(*field).required();
  };
  if (std::any_of(fields.begin(), fields.end(), is_required)) {
    out_.Open("required", '[');
    for (const FieldDescriptor* field : fields) {
      if (is_required(field)) out_.String(field->json_name());
    }
    out_.Close();
  }
  out_.Close();
}

void SchemaWriter::Enum(const EnumDescriptor& type) {
  std::vector<std::pair<std::string, std::string>> labels;
  out_.Open('{').String("type", "string").Open("enum", '[');
  for (int i = 0; i < type.value_count(); ++i) {
    const auto& value = *type.value(i);
    out_.String(value.name());
    const std::string& label = value.options().GetExtension(options::v1::label);
    if (!label.empty()) labels.emplace_back(value.name(), label);
  }
  out_.Close();
  if (!labels.empty()) {
    out_.Open("x-enum-labels", '{');
    for (const auto& [name, label] : labels) out_.String(name, label);
    out_.Close();
  }
  out_.Close();
}

void SchemaWriter::Components() {
  // Writing one may add others; in the order of names, all in the end. So the set is closed first, without
  // writing.
  JsonText ignored;
  SchemaWriter closure(&ignored, both_);
  closure.messages_ = messages_;
  closure.enums_ = enums_;
  for (size_t before = 0; before != closure.messages_.size();) {
    before = closure.messages_.size();
    const auto known = closure.messages_;
    ignored.Open('[');
    for (const auto& [name, component] : known) {
      closure.For(component.use);
      closure.Object(*component.type, {});
    }
    ignored.Close();
  }
  out_.Open('{');
  for (const auto& [name, component] : closure.messages_) {
    out_.Key(name);
    For(component.use);
    Object(*component.type, {});
  }
  for (const auto& [name, type] : closure.enums_) {
    out_.Key(name);
    Enum(*type);
  }
  out_.Close();
}

}  // namespace sifa::contract
