// Path templates of google.api.http: "/v1/cases/{case.id=committees/*/cases/*}:accept".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace sifa::contract {

struct Segment {
  enum Kind { kLiteral, kOne /* * */, kRest /* ** */ };
  Kind kind = kLiteral;
  std::string literal;
};

// A variable takes the segments [begin, end); the last may be the rest of the path.
struct Variable {
  std::string field;
  size_t begin = 0;
  size_t end = 0;
};

struct Template {
  std::vector<Segment> segments;
  std::vector<Variable> variables;
  std::string verb;

  // The template without the names of its variables: two routes with the same shape are one.
  std::string Shape() const;
};

// INVALID_ARGUMENT with the place of the mistake.
absl::StatusOr<Template> ParseTemplate(absl::string_view text);

// One rule of a method: its own or one of its additional_bindings.
struct HttpRule {
  absl::string_view http_method;  // "GET"
  std::string path;
  std::string body;
  std::string response_body;
};

// The rules that a method declares, its own first; empty where it is not routed. A rule without a pattern, or with a
// custom one, has an empty http_method.
std::vector<HttpRule> RulesOf(const google::protobuf::MethodDescriptor& method);

// The fields of a dotted path of proto or JSON names, from `type` down; each but the last a singular message.
// Empty where the path names no field.
absl::InlinedVector<const google::protobuf::FieldDescriptor*, 4> ResolvePath(
    const google::protobuf::Descriptor& type, absl::string_view path);

}  // namespace sifa::contract
