#include "libs/contract/openapi.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/rpc/status.pb.h"
#include "libs/contract/binding.h"
#include "libs/contract/http_template.h"
#include "libs/contract/json.h"
#include "libs/contract/json_text.h"
#include "libs/contract/mask.h"
#include "libs/contract/message_table.h"
#include "libs/contract/openapi_schema.h"
#include "libs/contract/rules.h"

namespace sifa::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr int kMaxQueryDepth = 3;  // messages within messages that are spelled out as parameters

struct Operation {
  const Method* method = nullptr;
  HttpRule rule;
  Template path;
  std::string id;
};

// Paths in order; under each, operations by HTTP method.
using Paths = std::map<std::string, std::map<std::string, Operation>>;

// "/v1/cases/{id}:accept". A variable of several segments stands as one: OpenAPI knows no others.
std::string PathOf(const Template& path) {
  std::string text;
  for (size_t i = 0; i < path.segments.size(); ++i) {
    const auto variable = std::find_if(path.variables.begin(), path.variables.end(),
                                       [&](const Variable& v) { return v.begin <= i && i < v.end; });
    if (variable != path.variables.end()) {
      absl::StrAppend(&text, "/{", variable->field, "}");
      i = variable->end - 1;
    } else if (path.segments[i].kind == Segment::kLiteral) {
      absl::StrAppend(&text, "/", path.segments[i].literal);
    } else {
      absl::StrAppend(&text, "/{segment", i, "}");
    }
  }
  return path.verb.empty() ? text : absl::StrCat(text, ":", path.verb);
}

// "mediation.v1.CaseService.AcceptCase"; of the office's methods, which several services have,
// "office.v1.WorkService.ListWork.mediation".
std::string IdOf(const Method& method) {
  const absl::string_view name = absl::StripPrefix(method.descriptor->full_name(), "sifa.");
  return absl::StartsWith(name, "office.") ? absl::StrCat(name, ".", method.service) : std::string(name);
}

Paths PathsOf(const Contract& contract) {
  Paths paths;
  for (const Method& method : contract.methods()) {
    int number = 0;
    for (const HttpRule& rule : method.rules) {
      Template path = *ParseTemplate(rule.path);  // checked by Contract
      const std::string name = IdOf(method);
      std::string id = ++number == 1 ? std::string(name) : absl::StrCat(name, "_", number);
      const std::string text = PathOf(path), verb = absl::AsciiStrToLower(rule.http_method);
      paths[text].emplace(verb, Operation{&method, rule, std::move(path), std::move(id)});
    }
  }
  return paths;
}

// What the value of a variable of several segments looks like.
std::string PatternOf(const Template& path, const Variable& variable) {
  std::string pattern = "^";
  for (size_t i = variable.begin; i < variable.end; ++i) {
    const Segment& segment = path.segments[i];
    absl::StrAppend(&pattern, i == variable.begin ? "" : "/",
                    segment.kind == Segment::kLiteral ? segment.literal
                    : segment.kind == Segment::kOne   ? "[^/]+"
                                                      : ".*");
  }
  return pattern + "$";
}

// A type and all that it holds.
void Reach(const Descriptor* type, std::set<const Descriptor*>* reached) {
  if (type == nullptr || !reached->insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i) Reach(type->field(i)->message_type(), reached);
}

// The types that both requests and answers hold.
std::set<const Descriptor*> InBoth(const Contract& contract) {
  std::set<const Descriptor*> requests, answers, both;
  for (const Method& method : contract.methods()) {
    Reach(method.descriptor->input_type(), &requests);
    Reach(method.descriptor->output_type(), &answers);
  }
  std::set_intersection(requests.begin(), requests.end(), answers.begin(), answers.end(), std::inserter(both, both.end()));
  return both;
}

// A stream of these can also be one run of bytes, as the gateway carries it (services/gateway/README.md).
bool CarriesBytes(const Descriptor& type) {
  const FieldDescriptor* data = type.FindFieldByName("data");
  return data != nullptr && data->type() == FieldDescriptor::TYPE_BYTES && !data->is_repeated();
}

class Document {
 public:
  explicit Document(const Contract& contract) : contract_(contract), schemas_(&out_, InBoth(contract)) {}

  std::string Write(absl::string_view title, absl::string_view version) {
    out_.Open('{').String("openapi", "3.1.0");
    out_.Open("info", '{').String("title", title).String("version", version).Close();
    out_.Open("paths", '{');
    for (const auto& [path, operations] : PathsOf(contract_)) {
      out_.Open(path, '{');
      for (const auto& [verb, operation] : operations) {
        out_.Key(verb);
        Write(operation);
      }
      out_.Close();
    }
    out_.Close();
    Components();
    return out_.Close().Take();
  }

 private:
  void Write(const Operation& operation) {
    const Method& method = *operation.method;
    out_.Open('{').String("operationId", operation.id);
    out_.Open("tags", '[').String(method.descriptor->service()->full_name()).Close();
    out_.String("x-service", method.service);
    if (!method.access.permission().empty()) out_.String("x-permission", method.access.permission());
    if (method.access.journals()) out_.Bool("x-journals", true);
    if (method.descriptor->server_streaming()) out_.String("x-streaming", "server");
    if (method.descriptor->client_streaming()) out_.String("x-streaming", "client");
    out_.Open("security", '[');  // empty: anybody
    if (!method.access.public_()) out_.Open('{').Open("bearer", '[').Close().Close();
    out_.Close();
    schemas_.For(Use::kRequest);
    Parameters(operation);
    Body(operation);
    schemas_.For(Use::kAnswer);
    Responses(operation);
    out_.Close();
  }

  void Parameters(const Operation& operation) {
    const Descriptor& input = *operation.method->descriptor->input_type();
    out_.Open("parameters", '[');
    for (size_t i = 0; i < operation.path.segments.size(); ++i) FreeSegment(operation.path, i);
    for (const Variable& variable : operation.path.variables) {
      out_.Open('{').String("name", variable.field).String("in", "path").Bool("required", true).Key("schema");
      if (variable.end - variable.begin > 1 ||
          operation.path.segments[variable.begin].kind == Segment::kRest) {
        out_.Open('{')
            .String("type", "string")
            .String("pattern", PatternOf(operation.path, variable))
            .Close();
      } else {
        schemas_.Field(*ResolvePath(input, variable.field).back());
      }
      out_.Close();
    }
    const bool bytes = operation.method->descriptor->client_streaming() && CarriesBytes(input);
    if (operation.rule.body != "*" || bytes) Query(operation, input, "", "", 0);
    if (input.FindFieldByName("request_id") != nullptr) Header("IdempotencyKey");
    if (operation.method->access.journals() && input.FindFieldByName("etag") != nullptr) Header("IfMatch");
    if (HasSensitive(operation.method->descriptor->output_type())) Header("Purpose");
    out_.Close();
  }

  void Header(const std::string& name) {
    out_.Open('{').String("$ref", "#/components/parameters/" + name).Close();
  }

  // A * outside all variables.
  void FreeSegment(const Template& path, size_t i) {
    const bool bound = std::any_of(path.variables.begin(), path.variables.end(),
                                   [&](const Variable& v) { return v.begin <= i && i < v.end; });
    if (bound || path.segments[i].kind == Segment::kLiteral) return;
    out_.Open('{').String("name", absl::StrCat("segment", i)).String("in", "path").Bool("required", true);
    out_.Open("schema", '{').String("type", "string").Close().Close();
  }

  void Query(const Operation& operation, const Descriptor& type, const std::string& name_prefix,
             const std::string& json_prefix, int depth) {
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const std::string name = name_prefix + field.name(), json_name = json_prefix + field.json_name();
      const auto& variables = operation.path.variables;
      const bool bound =
          std::any_of(variables.begin(), variables.end(), [&](const Variable& v) { return v.field == name; });
      const bool streams = operation.method->descriptor->client_streaming();
      const bool hidden = streams ? FilledByGateway(name) : operation.rule.body.empty() && IsSensitive(field);
      if (bound || hidden || name == operation.rule.body || field.is_map()) continue;
      if (IsPlainMessage(field)) {
        if (depth < kMaxQueryDepth && !field.is_repeated())
          Query(operation, *field.message_type(), name + ".", json_name + ".", depth + 1);
        continue;
      }
      out_.Open('{').String("name", json_name).String("in", "query");
      const bool required = RuleOf(field).required();
      if (required && depth == 0) out_.Bool("required", true);
      out_.Key("schema");
      schemas_.Field(field);
      out_.Close();
    }
  }

  static bool IsSensitive(const FieldDescriptor& field) {
    return RuleOf(field).sensitive() != options::v1::SENSITIVE_UNSPECIFIED;
  }

  // Messages that no single parameter gives.
  static bool IsPlainMessage(const FieldDescriptor& field) {
    if (field.message_type() == nullptr) return false;
    switch (TableOf(field.message_type()).well_known) {
      case WellKnown::kTimestamp:
      case WellKnown::kDuration:
      case WellKnown::kFieldMask:
      case WellKnown::kWrapper:
        return false;
      default:
        return true;
    }
  }

  void Body(const Operation& operation) {
    if (operation.rule.body.empty()) return;
    const Descriptor& input = *operation.method->descriptor->input_type();
    const bool streams = operation.method->descriptor->client_streaming();
    out_.Open("requestBody", '{').Bool("required", true);
    if (streams) out_.String("description", "application/x-ndjson 每行一条；查询参数只用于 application/octet-stream");
    out_.Open("content", '{');
    if (streams && CarriesBytes(input)) out_.Open("application/octet-stream", '{').Close();
    out_.Open(streams ? "application/x-ndjson" : "application/json", '{').Key("schema");
    if (operation.rule.body != "*") {
      schemas_.Field(*input.FindFieldByName(operation.rule.body));
    } else {
      BodyWithoutPath(operation, input);
    }
    out_.Close().Close().Close();
  }

  // Fields that the path gives need not be in the body.
  void BodyWithoutPath(const Operation& operation, const Descriptor& input) {
    std::vector<const FieldDescriptor*> in_path;
    for (const Variable& variable : operation.path.variables) {
      if (const auto* field = input.FindFieldByName(variable.field)) in_path.push_back(field);
    }
    if (operation.method->descriptor->client_streaming()) {  // these the gateway fills
      for (const char* name : {"line", "line_error"}) {
        if (const auto* field = input.FindFieldByName(name)) in_path.push_back(field);
      }
    }
    if (in_path.empty()) {
      schemas_.Type(input);
    } else {
      schemas_.Object(input, in_path);
    }
  }

  void Responses(const Operation& operation) {
    const auto& method = *operation.method->descriptor;
    const Descriptor& output = *method.output_type();
    out_.Open("responses", '{').Open("200", '{').String("description", "成功");
    out_.Open("content", '{');
    if (method.server_streaming()) {
      out_.Open("text/event-stream", '{').Close();
      if (CarriesBytes(output)) out_.Open("application/octet-stream", '{').Close();
    }
    out_.Open(method.server_streaming() ? "application/x-ndjson" : "application/json", '{').Key("schema");
    if (operation.rule.response_body.empty()) {
      schemas_.Type(output);
    } else {
      schemas_.Field(*output.FindFieldByName(operation.rule.response_body));
    }
    out_.Close().Close().Close();
    out_.Open("default", '{').String("$ref", "#/components/responses/Error").Close();
    out_.Close();
  }

  void Components() {
    out_.Open("components", '{');
    out_.Open("responses", '{')
        .Open("Error", '{')
        .String("description", "未成功：message为说明，details含原因和字段");
    out_.Open("content", '{').Open("application/json", '{').Key("schema");
    schemas_.Type(*google::rpc::Status::descriptor());
    out_.Close().Close().Close().Close();
    out_.Open("parameters", '{');
    HeaderComponent("IdempotencyKey", "Idempotency-Key", "请求编号：同一编号的请求只办理一次，再次提交得到同样的答复", 64);
    HeaderComponent("IfMatch", "If-Match", "所见版本（带引号的etag），可代替请求内容中的etag；与现状不符的不予办理", 66);
    HeaderComponent("Purpose", "X-Purpose", "查看未脱敏信息的目的，百分号编码的 UTF-8 文字；记入操作日志", 2048);
    out_.Close();
    out_.Open("securitySchemes", '{').Open("bearer", '{');
    out_.String("type", "http").String("scheme", "bearer").Close().Close();
    out_.Key("schemas");
    schemas_.Components();
    out_.Close();
  }

  void HeaderComponent(absl::string_view component, absl::string_view name, absl::string_view description, int longest) {
    out_.Open(component, '{').String("name", name).String("in", "header").String("description", description);
    out_.Open("schema", '{').String("type", "string").Number("maxLength", longest).Close().Close();
  }

  const Contract& contract_;
  JsonText out_;
  SchemaWriter schemas_;
};

}  // namespace

std::string OpenApi(const Contract& contract, absl::string_view title, absl::string_view version) {
  return Document(contract).Write(title, version);
}

}  // namespace sifa::contract
