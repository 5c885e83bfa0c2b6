#include "libs/casework/relatives.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "google/protobuf/reflection.h"
#include "libs/casework/references.h"
#include "libs/casework/where.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

// Of the type's references the one whose object its rules look at; null where they look at none.
const Reference* HeadOf(const ObjectType& type) {
  const auto found = std::find_if(type.references.begin(), type.references.end(), [](const Reference& r) { return r.looked_at; });
  return found == type.references.end() ? nullptr : &*found;
}

std::string IdIn(const Message& object, const std::string& field) {
  return object.GetReflection()->GetString(object, object.GetDescriptor()->FindFieldByName(field));
}

absl::Status Add(const Backend& backend, const ObjectType& type, mysql::Connection& connection, std::vector<Id> ids,
                 procedure::Relatives* relatives) {
  ASSIGN_OR_RETURN(auto found, backend.store.LoadMany(connection, type, std::move(ids), Lock::kNone));
  for (auto& [id, stored] : found) relatives->Add(std::move(stored.object));
  return absl::OkStatus();
}

}  // namespace

absl::Status AddRelatives(const Backend& backend, const ObjectType& type, mysql::Connection& connection, const Id& id,
                          const Message& object, Lock lock, procedure::Facts* facts) {
  const Reference* reference = HeadOf(type);
  if (reference == nullptr && type.looks_at.empty()) return absl::OkStatus();
  auto relatives = std::make_shared<procedure::Relatives>();
  Id head = id;
  if (reference != nullptr) {
    const ObjectType& of_head = backend.objects->Require(reference->to);
    ASSIGN_OR_RETURN(head, ParseId(IdIn(object, reference->field)));
    ASSIGN_OR_RETURN(auto stored, backend.store.Load(connection, of_head, head, lock));
    if (!stored) return NotFound(of_head.label);
    relatives->Add(std::move(stored->object));
  }
  for (const std::string& name : type.looks_at) {
    const ObjectType& other = backend.objects->Require(name);
    ASSIGN_OR_RETURN(auto ids, IdsOn(connection, other, reference == nullptr ? type.name : reference->to, head));
    std::erase(ids, id);
    RETURN_IF_ERROR(Add(backend, other, connection, std::move(ids), relatives.get()));
  }
  facts->relatives = std::move(relatives);
  return absl::OkStatus();
}

absl::Status EndDependants(const Act& act, const v1::PartOf& part_of, const ObjectType& type, const Message* before,
                           const Message& after) {
  const Common common = type.common(after);
  if (!type.terminal.Has(common.state) || (before != nullptr && type.terminal.Has(type.common(*before).state))) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Id id, ParseId(common.id));
  for (const ObjectType* dependant : act.backend().objects->types()) {
    for (const Reference& reference : dependant->references) {
      if (reference.to != type.name || reference.ended_by == 0) continue;
      ASSIGN_OR_RETURN(const auto ids, OpenOn(act.connection(), *dependant, reference.field, id));
      for (const Id& open : ids) {
        if (open.ToString() == part_of.object()) continue;
        RETURN_IF_ERROR(act.ActOnAny(*dependant, reference.ended_by, open.ToString()));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status ChangeOffice(const Act& act, const ObjectType& type, const std::string& id_text, const Office& office) {
  const auto change = [&](Message* object, const Act&) -> absl::StatusOr<procedure::Applied> {
    const auto set = [&](const char* field, const std::string& value) {
      object->GetReflection()->SetString(object, object->GetDescriptor()->FindFieldByName(field), value);
    };
    set("organisation", office.organisation);
    set("organisation_path", office.path);
    set("region", office.region);
    procedure::Applied applied;
    applied.from = applied.to = type.common(*object).state;
    return applied;
  };
  RETURN_IF_ERROR(act.ChangeAs("CHANGE_OFFICE", type, id_text, change));
  ASSIGN_OR_RETURN(const Id id, ParseId(id_text));
  for (const ObjectType* dependant : act.backend().objects->types()) {
    for (const Reference& reference : dependant->references) {
      if (reference.to != type.name || !reference.looked_at) continue;
      ASSIGN_OR_RETURN(const auto open, OpenOn(act.connection(), *dependant, reference.field, id));
      for (const Id& one : open) {
        if (one.ToString() != act.self().object()) RETURN_IF_ERROR(ChangeOffice(act, *dependant, one.ToString(), office));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status AddFlags(const Backend& backend, const ObjectType& type, absl::Span<Message* const> objects) {
  if (type.flags.empty() || objects.empty()) return absl::OkStatus();
  std::map<Id, Message*> by_id;
  std::vector<Id> ids;
  for (Message* object : objects) {
    ASSIGN_OR_RETURN(const Id id, ParseId(type.common(*object).id));
    by_id.emplace(id, object);
    ids.push_back(id);
  }
  const auto* field = type.prototype->GetDescriptor()->FindFieldByName("flags");
  return backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    for (auto& [id, object] : by_id) object->GetReflection()->ClearField(object, field);
    for (const Flag& flag : type.flags) {
      ASSIGN_OR_RETURN(const auto flagged, HeadsOf(connection, backend.objects->Require(flag.type), type.name, flag.states, ids));
      for (const Id& id : flagged) {
        Message* object = by_id.at(id);
        // Another type may have told it already.
        const auto told = object->GetReflection()->GetRepeatedFieldRef<int>(*object, field);
        if (std::find(told.begin(), told.end(), flag.value) != told.end()) continue;
        object->GetReflection()->AddEnumValue(object, field, flag.value);
      }
    }
    return absl::OkStatus();
  });
}

}  // namespace sifa::casework
