#include "libs/contract/contract.h"

#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor_database.h"
#include "libs/contract/rules.h"
#include "libs/core/status.h"

namespace sifa::contract {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr absl::string_view kOffice = "sifa.office.v1";

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

absl::Status CheckHeadField(const MethodDescriptor& method, const FieldDescriptor& field) {
  const auto* head =
      std::find_if(kHead.begin(), kHead.end(), [&](const KnownField& known) { return known.name == field.name(); });
  if (head == kHead.end()) {
    if (field.number() >= kFirstOwnNumber) return absl::OkStatus();
    return Invalid(method, absl::StrCat("field ", field.name(), " has the number ", field.number(),
                                        ": 1 to 9 are kept for the head of an act's request"));
  }
  const bool is_instant = field.message_type() == nullptr || field.message_type()->full_name() == "google.protobuf.Timestamp";
  if (field.number() == head->number && field.type() == head->type && !field.is_repeated() && is_instant) return absl::OkStatus();
  return Invalid(method, absl::StrCat("field ", field.name(), " of an act's request is ",
                                      head->type == FieldDescriptor::TYPE_STRING ? "a string" : "a google.protobuf.Timestamp",
                                      " with the number ", head->number));
}

// An act on what exists names it by `id` and compares its `etag`, but for one that says why not.
absl::Status CheckVersion(const MethodDescriptor& method, bool has_id, bool has_etag, bool without_etag) {
  if (has_etag && !has_id) return Invalid(method, "its request has etag, but not id");
  if (has_etag && without_etag) return Invalid(method, "is without_etag, but its request has one");
  if (has_id && !has_etag && !without_etag)
    return Invalid(method, "its request has id, but neither etag nor the access without_etag");
  return absl::OkStatus();
}

absl::Status CheckHead(const MethodDescriptor& method, bool without_etag) {
  const google::protobuf::Descriptor& type = *method.input_type();
  const auto has = [&](const char* name) { return type.FindFieldByName(name) != nullptr; };
  if (!absl::EndsWith(type.name(), "Request"))
    return Invalid(method, absl::StrCat("journals, but the name of its request ", type.name(), " does not end with Request"));
  if (!has("request_id")) return Invalid(method, "journals, but its request has no string request_id");
  for (int i = 0; i < type.field_count(); ++i) RETURN_IF_ERROR(CheckHeadField(method, *type.field(i)));
  if (has("occurred_on") && !has("occurred_at")) return Invalid(method, "its request has occurred_on, but not occurred_at");
  return CheckVersion(method, has("id"), has("etag"), without_etag);
}

absl::Status CheckAccess(const MethodDescriptor& method, const options::v1::Access& access) {
  const int kinds = !access.permission().empty() + access.signed_in() + access.public_() + access.service();
  if (kinds != 1)
    return Invalid(method, "access must have exactly one of permission, signed_in, public, service");
  if (!access.permission().empty() && !IsPermission(access.permission()))
    return Invalid(method, absl::StrCat("permission ", access.permission(), " is not service.object.verb"));
  if (access.journals()) return CheckHead(method, !access.without_etag().empty());
  return access.without_etag().empty() ? absl::OkStatus() : Invalid(method, "is without_etag, but is no act");
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
    const auto& rule = RuleOf(field);
    if (const std::string mistake = MistakeOf(field, rule); !mistake.empty())
      return Invalid(method, absl::StrCat("field ", field.full_name(), ": ", mistake));
    if (field.message_type() != nullptr) RETURN_IF_ERROR(CheckFields(method, *field.message_type(), seen));
  }
  return absl::OkStatus();
}

// "/v1/…/{id}:verb" acts on the object that the variable names.
bool ActsOnVariable(const Template& path, const Variable& variable) {
  return !path.verb.empty() && variable.end == path.segments.size();
}

absl::Status CheckRule(const MethodDescriptor& method, const options::v1::Access& access, const HttpRule& rule,
                       const Template& path) {
  for (const Variable& variable : path.variables) {
    if (access.journals() && ActsOnVariable(path, variable) && variable.field != "id")
      return Invalid(method, absl::StrCat("acts on the object of ", variable.field, ", which its request has to name by id"));
    if (!IsBindable(*method.input_type(), variable.field))
      return Invalid(method, absl::StrCat("path variable ", variable.field, " names no single field"));
    const FieldDescriptor* field = ResolvePath(*method.input_type(), variable.field).back();
    if (RuleOf(*field).output_only())
      return Invalid(
          method, absl::StrCat("path variable ", variable.field, " is output_only: every call would fail"));
  }
  if (!rule.body.empty() && rule.body != "*" && method.input_type()->FindFieldByName(rule.body) == nullptr)
    return Invalid(method, absl::StrCat("body ", rule.body, " names no field"));
  if (!rule.response_body.empty() && method.output_type()->FindFieldByName(rule.response_body) == nullptr)
    return Invalid(method, absl::StrCat("response_body ", rule.response_body, " names no field"));
  return absl::OkStatus();
}

absl::Status CheckRoutes(const Method& checked, Routes& taken) {
  const MethodDescriptor& method = *checked.descriptor;
  for (const HttpRule& rule : checked.rules) {
    if (rule.http_method.empty()) return Invalid(method, "route without get, put, post, delete or patch");
    const absl::StatusOr<Template> path = ParseTemplate(rule.path);
    if (!path.ok()) return Invalid(method, path.status().message());
    RETURN_IF_ERROR(CheckRule(method, checked.access, rule, *path));
    const auto [at, is_new] = taken.try_emplace(absl::StrCat(rule.http_method, " ", path->Shape()), &method);
    if (!is_new)
      return Invalid(method, absl::StrCat("route ", rule.path, " is taken by ", at->second->full_name()));
  }
  return absl::OkStatus();
}

// A method as `service` serves it; its name stands for {service} where the method is the office's.
absl::StatusOr<Method> MethodOf(const MethodDescriptor& descriptor, absl::string_view service, Routes& taken, Types& seen) {
  Method method;
  method.descriptor = &descriptor;
  method.path = absl::StrCat("/", descriptor.service()->full_name(), "/", descriptor.name());
  method.service = std::string(service);
  if (!descriptor.options().HasExtension(options::v1::access)) return Invalid(descriptor, "has no access");
  method.access = descriptor.options().GetExtension(options::v1::access);
  if (method.access.act_size() > 0) method.access.set_journals(true);
  method.rules = RulesOf(descriptor);
  if (descriptor.file()->package() == kOffice) {
    const auto named = [&](std::string* text) { absl::StrReplaceAll({{"{service}", service}}, text); };
    named(method.access.mutable_permission());
    for (HttpRule& rule : method.rules) named(&rule.path);
  }
  RETURN_IF_ERROR(CheckAccess(descriptor, method.access));
  RETURN_IF_ERROR(CheckRoutes(method, taken));
  RETURN_IF_ERROR(CheckFields(descriptor, *descriptor.input_type(), seen));
  if (!method.rules.empty() && method.access.service()) return Invalid(descriptor, "is for services only, but has a route");
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

// "sifa.mediation.v1" -> "mediation"
std::string NameOfPackage(absl::string_view package) {
  const std::vector<absl::string_view> parts = absl::StrSplit(package, '.');
  return parts.size() == 3 && parts[0] == "sifa" ? std::string(parts[1]) : "";
}

struct Served {
  const ServiceDescriptor* descriptor;
  std::string service;
};

// The proto services of a file, each with the service whose process serves it; the office's once for each that has registered.
class Registry {
 public:
  absl::Status Read(const FileDescriptor& file) {
    if (!file.options().HasExtension(options::v1::registration) || !read_.insert(&file).second) return absl::OkStatus();
    const auto& registration = file.options().GetExtension(options::v1::registration);
    const std::string name = NameOfPackage(file.package());
    services_.push_back({name, registration.label()});
    for (const std::string& package : registration.hosts()) hosts_[package] = name;
    for (const std::string& office : registration.office()) {
      const std::string full_name = absl::StrCat(kOffice, ".", office);
      if (DescriptorPool::generated_pool()->FindServiceByName(full_name) == nullptr)
        return Error(absl::StatusCode::kFailedPrecondition, "CONTRACT_INVALID",
                     absl::StrCat("契约有误：", file.name(), "：registers for ", full_name, ", which is not there"));
      office_[full_name].push_back(name);
    }
    return absl::OkStatus();
  }

  std::vector<RegisteredService> TakeServices() { return std::move(services_); }

  // `only`: of the office's those of this service; empty: of all.
  void Add(const ServiceDescriptor& descriptor, absl::string_view only, std::vector<Served>* served) const {
    if (descriptor.file()->package() != kOffice) {
      const std::string name = NameOfPackage(descriptor.file()->package());
      const auto host = hosts_.find(name);
      served->push_back({&descriptor, host == hosts_.end() ? name : host->second});
      return;
    }
    const auto services = office_.find(descriptor.full_name());
    if (services == office_.end()) return;
    for (const std::string& service : services->second) {
      if (only.empty() || only == service) served->push_back({&descriptor, service});
    }
  }

 private:
  absl::flat_hash_set<const FileDescriptor*> read_;
  std::vector<RegisteredService> services_;
  absl::flat_hash_map<std::string, std::string> hosts_;
  absl::flat_hash_map<std::string, std::vector<std::string>> office_;
};

absl::StatusOr<std::vector<Method>> MethodsOf(const std::vector<Served>& services) {
  Routes taken;
  Types seen;
  std::vector<Method> methods;
  for (const Served& served : services) {
    for (int i = 0; i < served.descriptor->method_count(); ++i) {
      ASSIGN_OR_RETURN(methods.emplace_back(), MethodOf(*served.descriptor->method(i), served.service, taken, seen));
    }
  }
  std::sort(methods.begin(), methods.end(),
            [](const Method& a, const Method& b) { return std::tie(a.path, a.service) < std::tie(b.path, b.service); });
  return methods;
}

}  // namespace

Contract::Contract(std::vector<Method> methods, std::vector<RegisteredService> services)
    : methods_(std::move(methods)), services_(std::move(services)) {
  for (size_t i = 0; i < methods_.size(); ++i) by_path_.emplace(methods_[i].path, i);
}

absl::StatusOr<Contract> Contract::Load(absl::string_view service) {
  std::vector<const FileDescriptor*> files;
  Registry registry;
  for (const std::string& name : GeneratedFiles()) {
    const FileDescriptor* file = DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr || !absl::StartsWith(file->package(), "sifa.")) continue;
    files.push_back(file);
    RETURN_IF_ERROR(registry.Read(*file));
  }
  std::vector<Served> services;
  for (const FileDescriptor* file : files) {
    for (int i = 0; i < file->service_count(); ++i) registry.Add(*file->service(i), service, &services);
  }
  ASSIGN_OR_RETURN(std::vector<Method> methods, MethodsOf(services));
  return Contract(std::move(methods), registry.TakeServices());
}

std::vector<RegisteredService> Contract::ServicesWith(absl::string_view path) const {
  std::vector<RegisteredService> with;
  for (const Method& method : methods_) {
    if (method.path != path) continue;
    const auto known =
        std::find_if(services_.begin(), services_.end(), [&](const auto& one) { return one.name == method.service; });
    if (known != services_.end()) with.push_back(*known);
  }
  return with;
}

absl::StatusOr<Contract> Contract::Of(absl::Span<const ServiceDescriptor* const> services) {
  Registry registry;
  for (const ServiceDescriptor* service : services) RETURN_IF_ERROR(registry.Read(*service->file()));
  std::vector<Served> served;
  for (const ServiceDescriptor* service : services) registry.Add(*service, "", &served);
  ASSIGN_OR_RETURN(std::vector<Method> methods, MethodsOf(served));
  return Contract(std::move(methods), registry.TakeServices());
}

const Method* Contract::Find(absl::string_view path) const {
  const auto at = by_path_.find(path);
  return at == by_path_.end() ? nullptr : &methods_[at->second];
}

}  // namespace sifa::contract
