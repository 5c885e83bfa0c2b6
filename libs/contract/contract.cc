#include "libs/contract/contract.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor_database.h"
#include "libs/contract/http_template.h"
#include "libs/contract/rules.h"
#include "libs/core/status.h"

namespace sifa::contract {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

using Types = absl::flat_hash_set<const google::protobuf::Descriptor*>;
using Routes = absl::flat_hash_map<std::string, const MethodDescriptor*>;

absl::Status Invalid(const MethodDescriptor& method, absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "CONTRACT_INVALID",
               absl::StrCat("契约有误：", method.full_name(), "：", what));
}

// service.object.verb in lower case, e.g. "mediation.case.accept".
bool IsPermission(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  return parts.size() == 3 && std::all_of(parts.begin(), parts.end(), [](absl::string_view part) {
           return !part.empty() && absl::ascii_islower(part[0]) &&
                  std::all_of(part.begin(), part.end(), [](char c) {
                    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_';
                  });
         });
}

// The head of an act's request. The journal keeps requests, so these numbers are for ever.
struct HeadField {
  absl::string_view name;
  int number;
  FieldDescriptor::Type type;
};
constexpr HeadField kHead[] = {
    {"id", 1, FieldDescriptor::TYPE_STRING},         {"etag", 2, FieldDescriptor::TYPE_STRING},
    {"request_id", 3, FieldDescriptor::TYPE_STRING}, {"occurred_on", 4, FieldDescriptor::TYPE_STRING},
    {"reason", 5, FieldDescriptor::TYPE_STRING},     {"occurred_at", 6, FieldDescriptor::TYPE_MESSAGE},
};
constexpr int kFirstOwnNumber = 10;

absl::Status CheckHead(const MethodDescriptor& method) {
  const google::protobuf::Descriptor& type = *method.input_type();
  if (type.FindFieldByName("request_id") == nullptr) return Invalid(method, "journals, but its request has no string request_id");
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const auto* head =
        std::find_if(std::begin(kHead), std::end(kHead), [&](const HeadField& h) { return h.name == field.name(); });
    if (head == std::end(kHead)) {
      if (field.number() < kFirstOwnNumber)
        return Invalid(method, absl::StrCat("field ", field.name(), " has the number ", field.number(),
                                            ": 1 to 9 are kept for the head of an act's request"));
      continue;
    }
    const bool is_instant = field.message_type() == nullptr || field.message_type()->full_name() == "google.protobuf.Timestamp";
    if (field.number() != head->number || field.type() != head->type || field.is_repeated() || !is_instant)
      return Invalid(method, absl::StrCat("field ", field.name(), " of an act's request is ",
                                          head->type == FieldDescriptor::TYPE_STRING ? "a string" : "a google.protobuf.Timestamp",
                                          " with the number ", head->number));
  }
  if (type.FindFieldByName("occurred_on") != nullptr && type.FindFieldByName("occurred_at") == nullptr)
    return Invalid(method, "its request has occurred_on, but not occurred_at");
  return absl::OkStatus();
}

absl::Status CheckAccess(const MethodDescriptor& method, const options::v1::Access& access) {
  const int kinds = !access.permission().empty() + access.signed_in() + access.public_() + access.service();
  if (kinds != 1)
    return Invalid(method, "access must have exactly one of permission, signed_in, public, service");
  if (!access.permission().empty() && !IsPermission(access.permission()))
    return Invalid(method, absl::StrCat("permission ", access.permission(), " is not service.object.verb"));
  if (!access.journals()) return absl::OkStatus();
  return CheckHead(method);
}

// A path variable is one singular scalar, reached through singular messages.
bool IsBindable(const google::protobuf::Descriptor& type, absl::string_view path) {
  const auto fields = ResolvePath(type, path);
  return !fields.empty() && !fields.back()->is_repeated() &&
         fields.back()->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE;
}

// The rules of the fields that a request reaches; `seen` also ends cycles.
absl::Status CheckFields(const MethodDescriptor& method, const google::protobuf::Descriptor& type,
                         Types& seen) {
  if (!seen.insert(&type).second) return absl::OkStatus();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const auto& rule = field.options().GetExtension(options::v1::field);
    if (const std::string mistake = MistakeOf(field, rule); !mistake.empty())
      return Invalid(method, absl::StrCat("field ", field.full_name(), ": ", mistake));
    if (field.message_type() != nullptr) RETURN_IF_ERROR(CheckFields(method, *field.message_type(), seen));
  }
  return absl::OkStatus();
}

absl::Status CheckRule(const MethodDescriptor& method, const HttpRule& rule, const Template& path) {
  for (const Variable& variable : path.variables) {
    if (!IsBindable(*method.input_type(), variable.field))
      return Invalid(method, absl::StrCat("path variable ", variable.field, " names no single field"));
    const FieldDescriptor* field = ResolvePath(*method.input_type(), variable.field).back();
    if (field->options().GetExtension(options::v1::field).output_only())
      return Invalid(
          method, absl::StrCat("path variable ", variable.field, " is output_only: every call would fail"));
  }
  if (!rule.body.empty() && rule.body != "*" && method.input_type()->FindFieldByName(rule.body) == nullptr)
    return Invalid(method, absl::StrCat("body ", rule.body, " names no field"));
  if (!rule.response_body.empty() && method.output_type()->FindFieldByName(rule.response_body) == nullptr)
    return Invalid(method, absl::StrCat("response_body ", rule.response_body, " names no field"));
  return absl::OkStatus();
}

absl::Status CheckRoutes(const MethodDescriptor& method, Routes& taken) {
  for (const HttpRule& rule : RulesOf(method)) {
    if (rule.http_method.empty()) return Invalid(method, "route without get, put, post, delete or patch");
    const absl::StatusOr<Template> path = ParseTemplate(rule.path);
    if (!path.ok()) return Invalid(method, path.status().message());
    RETURN_IF_ERROR(CheckRule(method, rule, *path));
    const auto [at, is_new] = taken.try_emplace(absl::StrCat(rule.http_method, " ", path->Shape()), &method);
    if (!is_new)
      return Invalid(method, absl::StrCat("route ", rule.path, " is taken by ", at->second->full_name()));
  }
  return absl::OkStatus();
}

absl::StatusOr<Method> MethodOf(const MethodDescriptor& descriptor, Routes& taken, Types& seen) {
  Method method;
  method.descriptor = &descriptor;
  method.path = absl::StrCat("/", descriptor.service()->full_name(), "/", descriptor.name());
  if (!descriptor.options().HasExtension(options::v1::access)) return Invalid(descriptor, "has no access");
  method.access = descriptor.options().GetExtension(options::v1::access);
  RETURN_IF_ERROR(CheckAccess(descriptor, method.access));
  RETURN_IF_ERROR(CheckRoutes(descriptor, taken));
  RETURN_IF_ERROR(CheckFields(descriptor, *descriptor.input_type(), seen));
  method.routed = !RulesOf(descriptor).empty();
  if (method.routed && method.access.service())
    return Invalid(descriptor, "is for services only, but has a route");
  return method;
}

// The generated pool builds its files on demand; only its database can name them all. protobuf marks the
// database as internal, but offers no public way to enumerate the pool.
std::vector<std::string> GeneratedFiles() {
  std::vector<std::string> names;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&names);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

absl::StatusOr<Contract> Contract::Load() {
  std::vector<const ServiceDescriptor*> services;
  for (const std::string& name : GeneratedFiles()) {
    const FileDescriptor* file = DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr || !absl::StartsWith(file->package(), "sifa.")) continue;
    for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i));
  }
  return Of(services);
}

absl::StatusOr<Contract> Contract::Of(absl::Span<const ServiceDescriptor* const> services) {
  Contract contract;
  Routes taken;
  Types seen;
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      ASSIGN_OR_RETURN(Method method, MethodOf(*service->method(i), taken, seen));
      contract.methods_.push_back(std::move(method));
    }
  }
  std::sort(contract.methods_.begin(), contract.methods_.end(),
            [](const Method& a, const Method& b) { return a.path < b.path; });
  for (size_t i = 0; i < contract.methods_.size(); ++i)
    contract.by_path_.emplace(contract.methods_[i].path, i);
  return contract;
}

const Method* Contract::Find(absl::string_view path) const {
  const auto at = by_path_.find(path);
  return at == by_path_.end() ? nullptr : &methods_[at->second];
}

}  // namespace sifa::contract
