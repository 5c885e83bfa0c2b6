// JSON Schemas (2020-12, as OpenAPI 3.1 uses them) of message types.
#pragma once

#include <map>
#include <string>

#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"
#include "libs/contract/json_text.h"

namespace sifa::contract {

// Writes schemas and remembers which components they refer to.
class SchemaWriter {
 public:
  explicit SchemaWriter(JsonText* out) : out_(*out) {}

  // One schema value: a reference, or the JSON form of a well-known type.
  void Type(const google::protobuf::Descriptor& type);
  // With list or map around the value, and all that the field's rule says.
  void Field(const google::protobuf::FieldDescriptor& field);
  // An object with the type's fields but for those left out, in place.
  void Object(const google::protobuf::Descriptor& type,
              absl::Span<const google::protobuf::FieldDescriptor* const> left_out);
  // `components.schemas`: all that was referred to, and what they refer to, by name.
  void Components();

 private:
  void Reference(const std::string& name);
  void Value(const google::protobuf::FieldDescriptor& field);
  void StringRule(const google::protobuf::FieldDescriptor& field);
  void Keywords(const google::protobuf::FieldDescriptor& field);
  void Enum(const google::protobuf::EnumDescriptor& type);

  JsonText& out_;
  std::map<std::string, const google::protobuf::Descriptor*> messages_;
  std::map<std::string, const google::protobuf::EnumDescriptor*> enums_;
};

}  // namespace sifa::contract
