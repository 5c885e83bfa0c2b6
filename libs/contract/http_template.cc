#include "libs/contract/http_template.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/api/annotations.pb.h"

namespace sifa::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Template = "/" Segments [":" verb]; Segments = Segment {"/" Segment};
// Segment = "*" | "**" | literal | "{" field ["=" Segments] "}".
class Parser {
 public:
  explicit Parser(absl::string_view text) : text_(text) {}

  absl::StatusOr<Template> Parse() {
    if (!Take('/')) return Mistake("'/' expected");
    if (absl::Status status = Segments(false); !status.ok()) return status;
    if (Take(':')) {
      result_.verb = std::string(Word());
      if (result_.verb.empty()) return Mistake("verb expected");
    }
    if (at_ != text_.size()) return Mistake("end expected");
    return std::move(result_);
  }

 private:
  absl::Status Mistake(absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat("path template ", text_, ": ", what, " at ", at_));
  }

  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  absl::string_view Word() {
    const size_t begin = at_;
    while (at_ < text_.size() && (absl::ascii_isalnum(text_[at_]) || absl::StrContains("-_.~", text_[at_])))
      ++at_;
    return text_.substr(begin, at_ - begin);
  }

  absl::Status Segments(bool in_variable) {
    do {
      if (!result_.segments.empty() && result_.segments.back().kind == Segment::kRest)
        return Mistake("nothing may follow **");
      if (absl::Status status = One(in_variable); !status.ok()) return status;
    } while (Take('/'));
    return absl::OkStatus();
  }

  absl::Status One(bool in_variable) {
    if (Take('*')) {
      result_.segments.push_back({Take('*') ? Segment::kRest : Segment::kOne, ""});
      return absl::OkStatus();
    }
    if (!in_variable && Take('{')) return InBraces();
    const absl::string_view literal = Word();
    if (literal.empty()) return Mistake("segment expected");
    result_.segments.push_back({Segment::kLiteral, std::string(literal)});
    return absl::OkStatus();
  }

  absl::Status InBraces() {
    Variable variable{std::string(Word()), result_.segments.size(), 0};
    if (variable.field.empty()) return Mistake("field expected");
    for (const Variable& other : result_.variables) {
      if (other.field == variable.field) return Mistake("variable used twice");
    }
    if (Take('=')) {
      if (absl::Status status = Segments(true); !status.ok()) return status;
    } else {
      result_.segments.push_back({Segment::kOne, ""});
    }
    if (!Take('}')) return Mistake("'}' expected");
    variable.end = result_.segments.size();
    result_.variables.push_back(std::move(variable));
    return absl::OkStatus();
  }

  const absl::string_view text_;
  size_t at_ = 0;
  Template result_;
};

HttpRule RuleOf(const google::api::HttpRule& rule) {
  HttpRule result{"", "", rule.body(), rule.response_body()};
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      result.http_method = "GET";
      result.path = rule.get();
      break;
    case google::api::HttpRule::kPut:
      result.http_method = "PUT";
      result.path = rule.put();
      break;
    case google::api::HttpRule::kPost:
      result.http_method = "POST";
      result.path = rule.post();
      break;
    case google::api::HttpRule::kDelete:
      result.http_method = "DELETE";
      result.path = rule.delete_();
      break;
    case google::api::HttpRule::kPatch:
      result.http_method = "PATCH";
      result.path = rule.patch();
      break;
    default:
      break;
  }
  return result;
}

const FieldDescriptor* FieldByEitherName(const Descriptor& type, const std::string& name) {
  if (const FieldDescriptor* field = type.FindFieldByName(name)) return field;
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->json_name() == name) return type.field(i);
  }
  return nullptr;
}

}  // namespace

std::string Template::Shape() const {
  std::string shape;
  for (const Segment& segment : segments) {
    absl::StrAppend(&shape, "/",
                    segment.kind == Segment::kLiteral ? segment.literal
                    : segment.kind == Segment::kOne   ? "*"
                                                      : "**");
  }
  if (!verb.empty()) absl::StrAppend(&shape, ":", verb);
  return shape;
}

absl::StatusOr<Template> ParseTemplate(absl::string_view text) { return Parser(text).Parse(); }

std::vector<HttpRule> RulesOf(const google::protobuf::MethodDescriptor& method) {
  std::vector<HttpRule> rules;
  if (!method.options().HasExtension(google::api::http)) return rules;
  const google::api::HttpRule& own = method.options().GetExtension(google::api::http);
  rules.push_back(RuleOf(own));
  for (const google::api::HttpRule& more : own.additional_bindings()) rules.push_back(RuleOf(more));
  return rules;
}

absl::InlinedVector<const FieldDescriptor*, 4> ResolvePath(const Descriptor& type, absl::string_view path) {
  absl::InlinedVector<const FieldDescriptor*, 4> fields;
  const Descriptor* at = &type;
  for (absl::string_view name : absl::StrSplit(path, '.')) {
    if (at == nullptr) return {};  // goes on below a scalar or a repeated field
    const FieldDescriptor* field = FieldByEitherName(*at, std::string(name));
    if (field == nullptr) return {};
    fields.push_back(field);
    at = field->is_repeated() ? nullptr : field->message_type();
  }
  return fields;
}

}  // namespace sifa::contract
