#include "libs/casework/objects.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/field_mask_util.h"
#include "libs/casework/correction_procedure.h"
#include "libs/casework/definition.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

absl::Status Invalid(absl::string_view object, absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "DEFINITION_INVALID", absl::StrCat(object, ": ", what));
}

// Two of one number would count into the same rows.
absl::Status RequireDistinct(const std::vector<const statistics::Cube*>& cubes) {
  for (size_t i = 0; i < cubes.size(); ++i) {
    for (size_t j = i + 1; j < cubes.size(); ++j) {
      if (cubes[i]->id != cubes[j]->id && cubes[i]->name != cubes[j]->name) continue;
      return Invalid(cubes[j]->name, absl::StrCat("has the number or the name of the cube ", cubes[i]->name));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRequest(const ObjectType& type, const Course::Step& step, const contract::Method& method) {
  for (const auto* request : step.requests) {
    if (request == method.descriptor->input_type()) continue;
    return Invalid(type.name, absl::StrCat("the function of the act ", type.NameOf(step.act), " takes ", request->name(),
                                           ", and ", method.path, " has ", method.descriptor->input_type()->name()));
  }
  return absl::OkStatus();
}

absl::Status BindAct(const contract::Method& method, const std::string& act, bool own, ObjectType* type) {
  const auto* value = type->acts->FindValueByName(act);
  const auto& steps = type->course->steps();
  const auto of_act = [&](const Course::Step& step) { return value != nullptr && step.act == value->number(); };
  if (std::none_of(steps.begin(), steps.end(), of_act)) {
    return Invalid(type->name, absl::StrCat(method.path, " names the act ", act, ", which the table lacks"));
  }
  for (const Course::Step& step : steps) {
    if (own && of_act(step)) RETURN_IF_ERROR(CheckRequest(*type, step, method));
  }
  const auto [bound, fresh] = type->methods.emplace(value->number(), &method);
  if (!fresh && bound->second->access.permission() != method.access.permission()) {
    return Invalid(type->name,
                   absl::StrCat(method.path, " and ", bound->second->path, " perform ", act, " under different permissions"));
  }
  return absl::OkStatus();
}

bool IsOfService(absl::string_view proto, absl::string_view service) {
  return proto.substr(0, proto.rfind('.')) == absl::StrCat("sifa.", service, ".v1");
}

// A voided record is no work, so VOIDED, which no row names, is terminal.
absl::Status CheckTable(const ObjectType& type) {
  const auto* voided = type.states->FindValueByName("VOIDED");
  if (voided != nullptr && !type.terminal.Has(voided->number())) return Invalid(type.name, "VOIDED is not terminal");
  for (const Course::Step& step : type.course->steps()) {
    if (!step.cites) return Invalid(type.name, absl::StrCat("a row of ", type.NameOf(step.act), " cites no law"));
    if (step.indirect || step.system || type.methods.contains(step.act)) continue;
    return Invalid(type.name, absl::StrCat("no method names the act ", type.NameOf(step.act), " (options.v1.Access.act)"));
  }
  for (const auto& [clock, act] : type.then) {
    const auto& steps = type.course->steps();
    const auto follows = [&](const Course::Step& step) { return step.act == act && step.system; };
    if (std::any_of(steps.begin(), steps.end(), follows)) continue;
    return Invalid(type.name, absl::StrCat("what follows ", clock, " is no act of the suite"));
  }
  return absl::OkStatus();
}

// A name that nothing has would never be found: the rule behind it would not be kept, and nobody told.
absl::Status CheckNames(const Objects& objects, const ObjectType& type) {
  const google::protobuf::Descriptor* content = type.prototype->GetDescriptor();
  for (const Reference& reference : type.references) {
    const auto* field = content->FindFieldByName(reference.field);
    if (field == nullptr || field->is_repeated() || field->type() != google::protobuf::FieldDescriptor::TYPE_STRING) {
      return Invalid(type.name, absl::StrCat("its reference ", reference.field, " is no field with an id"));
    }
    if (objects.Find(reference.to) != nullptr) continue;
    return Invalid(type.name, absl::StrCat("its reference ", reference.field, " leads to ", reference.to,
                                           ", which the service does not define"));
  }
  for (const std::string& name : type.looks_at) {
    if (objects.Find(name) == nullptr) return Invalid(type.name, absl::StrCat("it looks at ", name, ", which the service does not define"));
  }
  for (const Flag& flag : type.flags) {
    const auto* field = content->FindFieldByName("flags");
    if (field == nullptr || field->enum_type() == nullptr || field->enum_type()->FindValueByNumber(flag.value) == nullptr ||
        objects.Find(flag.type) == nullptr) {
      return Invalid(type.name, absl::StrCat("its flag ", flag.value, " because of ", flag.type, " is no value of its field flags"));
    }
  }
  if (type.correctable == nullptr) return absl::OkStatus();
  for (const Amendable& amendable : type.correctable->amendable) {
    if (google::protobuf::util::FieldMaskUtil::GetFieldDescriptors(content, amendable.path, nullptr)) continue;
    return Invalid(type.name, absl::StrCat("it has no ", amendable.path, " that could be amended"));
  }
  return absl::OkStatus();
}

}  // namespace

std::string ProtoName(absl::string_view service, absl::string_view name) { return absl::StrCat("sifa.", service, ".v1.", name); }

absl::StatusOr<std::unique_ptr<Objects>> Objects::Of(const std::string& service, absl::Span<const AnyDefinition> definitions,
                                                     const contract::Contract& contract) {
  std::unique_ptr<Objects> objects(new Objects);
  bool correctable = false;
  for (const AnyDefinition& definition : definitions) {
    objects->types_.push_back(definition.MakeType(service));
    correctable = correctable || objects->types_.back()->correctable != nullptr;
  }
  if (correctable) objects->types_.push_back(AnyDefinition(&kCorrection).MakeType(service));
  for (const auto& type : objects->types_) {
    objects->cubes_.insert(objects->cubes_.end(), type->cubes.begin(), type->cubes.end());
  }
  RETURN_IF_ERROR(RequireDistinct(objects->cubes_));
  for (const contract::Method& method : contract.methods()) {
    if (method.service != service) continue;
    const absl::string_view proto = method.descriptor->service()->full_name();
    for (const std::string& act : method.access.act()) {
      const std::pair<std::string, std::string> parts = absl::StrSplit(act, absl::MaxSplits('.', 1));
      const bool own = parts.second.empty();
      for (const auto& type : objects->types_) {
        const bool is_meant = own ? proto == type->proto_service : parts.first == type->name && IsOfService(proto, service);
        if (!is_meant) continue;
        RETURN_IF_ERROR(BindAct(method, own ? act : parts.second, own, type.get()));
      }
    }
  }
  for (const auto& type : objects->types_) {
    RETURN_IF_ERROR(CheckTable(*type));
    RETURN_IF_ERROR(CheckNames(*objects, *type));
  }
  return objects;
}

std::vector<const ObjectType*> Objects::types() const {
  std::vector<const ObjectType*> types;
  for (const auto& type : types_) types.push_back(type.get());
  return types;
}

const ObjectType* Objects::Find(absl::string_view name) const {
  const auto found = std::find_if(types_.begin(), types_.end(), [&](const auto& type) { return type->name == name; });
  return found == types_.end() ? nullptr : found->get();
}

const ObjectType& Objects::Require(absl::string_view name) const {
  if (const ObjectType* found = Find(name)) return *found;
  std::cerr << "the service has no definition of " << name << "\n";
  std::abort();
}

}  // namespace sifa::casework
