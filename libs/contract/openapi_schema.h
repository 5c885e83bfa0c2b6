// JSON Schemas (2020-12, as OpenAPI 3.1 uses them) of message types.
#pragma once

#include <map>
#include <set>
#include <string>

#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"
#include "libs/contract/json_text.h"

namespace sifa::contract {

// A rule binds what is sent. An answer may hold less (records of earlier years) and other (masked values), so its schema
// says of a field no more than its type.
enum class Use { kRequest, kAnswer };

// Writes schemas and remembers which components they refer to.
class SchemaWriter {
 public:
  // `both`: the types that requests and answers hold; in requests they are the component "<name>.Input".
  SchemaWriter(JsonText* out, std::set<const google::protobuf::Descriptor*> both) : out_(*out), both_(std::move(both)) {}

  // What is written from now on is for.
  void For(Use use) { use_ = use; }

  // One schema value: a reference, or the JSON form of a well-known type.
  void Type(const google::protobuf::Descriptor& type);
  // With list or map around the value, and all that the field's rule says.
  void Field(const google::protobuf::FieldDescriptor& field);
  // An object with the type's fields but for those left out, in place; what a request may not set and what an answer never
  // shows is left out by itself.
  void Object(const google::protobuf::Descriptor& type,
              absl::Span<const google::protobuf::FieldDescriptor* const> left_out);
  // `components.schemas`: all that was referred to, and what they refer to, by name.
  void Components();

 private:
  struct Component {
    const google::protobuf::Descriptor* type;
    Use use;
  };
  void Reference(const std::string& name);
  void Reference(const google::protobuf::Descriptor& type);
  void Value(const google::protobuf::FieldDescriptor& field);
  void StringRule(const google::protobuf::FieldDescriptor& field);
  void Bounds(const google::protobuf::FieldDescriptor& field);
  void Keywords(const google::protobuf::FieldDescriptor& field);
  void Enum(const google::protobuf::EnumDescriptor& type);

  JsonText& out_;
  const std::set<const google::protobuf::Descriptor*> both_;
  Use use_ = Use::kAnswer;
  std::map<std::string, Component> messages_;
  std::map<std::string, const google::protobuf::EnumDescriptor*> enums_;
};

}  // namespace sifa::contract
