// What casework must know of a statutory object type: where its common fields are, what of it is searched, numbered and
// counted. Made once for each type at start; lives as long as the process.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "libs/mysql/mysql.h"
#include "libs/procedure/procedure.h"
#include "sifa/casework/v1/casework.pb.h"

namespace sifa::casework {

using google::protobuf::Message;
using google::protobuf::RepeatedPtrField;

// What an object is found by. Rebuildable from the object at any time.
struct Term {
  std::string kind;   // "type", "source"
  std::string value;  // at most 64 bytes
  friend auto operator<=>(const Term&, const Term&) = default;
};
// The terms of a code whose leaves begin with it, each `step` characters longer (1001 of 10): it is found by all that it refines.
std::vector<Term> CodeTerms(const std::string& kind, absl::string_view code, size_t step);
// What only one object of the type may have at a time, and what the clerk is told who asks for it a second time. Stored as it
// is: nothing personal.
struct Unique {
  std::string kind;   // "organisation"
  std::string value;  // at most 64 bytes
  absl::Status taken;
  std::string holder = {};  // whose objects may have it one after another, at most 64 bytes; empty: the object alone
};
struct Index {
  std::string day;           // the day (YYYY-MM-DD) by whose bounds lists are narrowed: of acceptance, of screening; may be empty
  std::vector<Term> terms;   // found by exact value
  std::vector<Term> blind;   // personal: found by exact value only, stored as a keyed hash ("phone", "id_number")
  std::vector<Unique> unique;      // kept by the database, also among acts that meet
  std::vector<std::string> names;  // personal: found by any two neighbouring characters, each pair stored as a keyed hash
};

// A number that the object is to get now (law §1.4 案号): the next of `counter`, written by `format`.
struct Numbering {
  std::string counter;  // "330783001/2026/人调"
  std::function<std::string(int64_t)> format;
};

// The fields that every object has (casework.proto), read and written in one go.
struct Common {
  std::string id, organisation, organisation_path, region, number, assignee, parent;
  int state = 0;
  absl::Time created;
};
struct Stamp {
  std::string id, etag, organisation, organisation_path;
  absl::Time created, updated;
};

class Act;
class Together;

struct ObjectType {
  std::string service;  // "mediation"
  std::string name;     // "Case"
  std::string label;    // "人民调解案件"
  const Message* prototype = nullptr;
  procedure::States terminal;
  const google::protobuf::EnumDescriptor* states = nullptr;
  const google::protobuf::EnumDescriptor* acts = nullptr;

  Common (*common)(const Message&) = nullptr;
  void (*stamp)(Message*, const Stamp&) = nullptr;
  void (*set_number)(Message*, const std::string&) = nullptr;
  RepeatedPtrField<v1::Clock>* (*clocks)(Message*) = nullptr;
  RepeatedPtrField<v1::Paper>* (*papers)(Message*) = nullptr;
  int (*warn_days)(const std::string& clock_kind) = nullptr;
  // The permissions of what people may do with an object in this state.
  std::vector<std::string> (*work_in)(int state) = nullptr;

  // Set by the service where the type has them.
  std::vector<std::string> files_for;  // acts whose guards ask for the attachments
  std::function<Index(const Message&)> index;
  std::function<std::vector<v1::Count>(const Message&)> counts;
  // Writes tables of the service's own that follow the object, in the same transaction; `before` is null at creation.
  // May refuse.
  std::function<absl::Status(mysql::Connection&, const Message* before, const Message& after)> project;
  // Whose an object is besides its assignee, where the type holds that in other fields too (`held_in`): makes it the new
  // assignee's instead of `from`'s (移交). May be empty.
  std::function<absl::Status(const Act&, const std::string& from, Message*)> hand_over;
  std::vector<std::string> held_in;
  // Where set, acts that come at once are committed together (together.h says what that asks of the type).
  std::shared_ptr<Together> together;
  // nullopt where the object is not to be numbered (now).
  std::function<std::optional<Numbering>(const Message&, absl::CivilDay act_day)> numbering;

  // The permission to read its personal data unmasked.
  std::string personal_read() const { return service + ".personal.read"; }
  const RepeatedPtrField<v1::Clock>& ClocksOf(const Message& object) const { return *clocks(const_cast<Message*>(&object)); }
};

// Days of warning that a procedure declares for a kind of clock.
template <class T>
int WarnDays(const procedure::Procedure<T>& procedure, const std::string& kind) {
  for (const auto& known : procedure.clocks) {
    if (procedure::NameOf(procedure.clock_kinds(), known.clock) == kind) return known.warn_days;
  }
  return 3;
}

template <class T>
Common CommonOf(const Message& message) {
  const T& object = static_cast<const T&>(message);
  Common common{object.id(), object.organisation(), object.organisation_path(), object.region(), object.number(), "", "",
                static_cast<int>(object.state()),
                absl::FromUnixSeconds(object.create_time().seconds()) + absl::Nanoseconds(object.create_time().nanos())};
  if constexpr (requires { object.assignee(); }) common.assignee = object.assignee();
  if constexpr (requires { object.parent(); }) common.parent = object.parent();
  return common;
}

template <class T>
void SetStamp(Message* message, const Stamp& stamp) {
  T* object = static_cast<T*>(message);
  object->set_id(stamp.id);
  object->set_etag(stamp.etag);
  object->set_organisation(stamp.organisation);
  object->set_organisation_path(stamp.organisation_path);
  const auto set = [](google::protobuf::Timestamp* field, absl::Time time) {
    const int64_t micros = absl::ToUnixMicros(time);
    field->set_seconds(micros / 1000000);
    field->set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
  };
  set(object->mutable_create_time(), stamp.created);
  set(object->mutable_update_time(), stamp.updated);
}

// `kProcedure` is the table of T's procedure.
template <class T, const procedure::Procedure<T>& kProcedure>
ObjectType MakeType(absl::string_view service, std::function<Index(const Message&)> index = nullptr) {
  ObjectType type;
  type.service = std::string(service);
  type.name = T::descriptor()->name();
  type.label = std::string(kProcedure.name);
  type.prototype = &T::default_instance();
  type.terminal = kProcedure.terminal;
  type.states = kProcedure.states();
  type.acts = kProcedure.acts();
  type.common = &CommonOf<T>;
  type.stamp = &SetStamp<T>;
  type.set_number = [](Message* object, const std::string& number) { static_cast<T*>(object)->set_number(number); };
  type.clocks = [](Message* object) { return static_cast<T*>(object)->mutable_clocks(); };
  type.papers = [](Message* object) { return static_cast<T*>(object)->mutable_papers(); };
  type.warn_days = [](const std::string& kind) { return WarnDays(kProcedure, kind); };
  type.work_in = [](int state) {
    std::vector<std::string> permissions;
    for (const auto& row : kProcedure.rows) {
      if (row.from.Has(state) && !row.permission.empty()) permissions.emplace_back(row.permission);
    }
    return permissions;
  };
  type.index = std::move(index);
  return type;
}

}  // namespace sifa::casework
