// What of an object may be corrected (corrections.h): which content may be amended, which dates belong to which acts, and what
// follows from the rest.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/field_mask.pb.h"
#include "libs/casework/neighbours.h"
#include "libs/casework/object_type.h"

namespace sifa::casework {

// Content that may be amended: this field and all in it. Other fields are what acts make of an object; who
// wants those changed withdraws the act.
struct Amendable {
  std::string path;  // "particulars", "accepted_on"
  bool date = false;
  // Act whose day this date is (0: of none), the latest one of those named: amending the one is amending the other.
  int act = 0;
  // Put right where an act has given it, and neither added nor taken away; of a list the items, and not their number.
  bool given = false;
};
inline Amendable Given(std::string path) { return {.path = std::move(path), .given = true}; }

class Past;
struct Reading;

// Another object, by its type's name and its id.
struct Kin {
  std::string type, id;
};
// The objects of a type that name this one, or another one that it names in the field `of`, by a term of their index.
struct KinBy {
  std::string type, term;
  std::string of = {};  // empty: this one
};
// Looks at another object as it will be with its past. NOT_FOUND where it is not there.
using Look = std::function<absl::StatusOr<Reading>(const Kin&)>;

// Of a definition. Functions may be null.
template <class T>
struct Amendments {
  std::vector<Amendable> amendable;
  // Derives again what acts derive from content, after an amendment; refuses what cannot be.
  absl::Status (*settle)(const Backend&, const T& before, T* after) = nullptr;
  // Content that shows what stands on other objects, and how it is written anew from them after a correction of any of them: by
  // the acts that are then in force.
  std::vector<std::string> mirrored = {};
  absl::Status (*mirror)(const Past&, const Look&, T* after) = nullptr;
  // The objects that show something of this one, or acted together with it: a correction goes on to them.
  std::vector<Kin> (*kin)(const Past&, const T& after) = nullptr;
  // Refuses what other objects do not allow, as they are on that day.
  absl::Status (*admit)(Neighbours&, absl::CivilDay today, const T& before, const T& after) = nullptr;
  std::vector<KinBy> kin_by = {};  // the same as `kin`, of those that are found by their index
};

// The same of any type.
struct Correctable {
  const ObjectType* type = nullptr;
  std::vector<Amendable> amendable;
  std::function<absl::Status(const Backend&, const Message& before, Message* after)> settle;
  google::protobuf::FieldMask mirrored;
  std::function<absl::Status(const Past&, const Look&, Message* after)> mirror;
  std::function<std::vector<Kin>(const Past&, const Message& after)> kin;
  std::function<absl::Status(Neighbours&, absl::CivilDay today, const Message& before, const Message& after)> admit;
  std::vector<KinBy> kin_by;
};

template <class T>
Correctable MakeCorrectable(const ObjectType& type, const Amendments<T>& amendments) {
  Correctable correctable{.type = &type, .amendable = amendments.amendable, .kin_by = amendments.kin_by};
  for (const std::string& path : amendments.mirrored) correctable.mirrored.add_paths(path);
  if (const auto f = amendments.settle) {
    correctable.settle = [f](const Backend& backend, const Message& before, Message* after) {
      return f(backend, static_cast<const T&>(before), static_cast<T*>(after));
    };
  }
  if (const auto f = amendments.mirror) {
    correctable.mirror = [f](const Past& past, const Look& look, Message* after) {
      return f(past, look, static_cast<T*>(after));
    };
  }
  if (const auto f = amendments.kin) {
    correctable.kin = [f](const Past& past, const Message& after) { return f(past, static_cast<const T&>(after)); };
  }
  if (const auto f = amendments.admit) {
    correctable.admit = [f](Neighbours& neighbours, absl::CivilDay today, const Message& before, const Message& after) {
      return f(neighbours, today, static_cast<const T&>(before), static_cast<const T&>(after));
    };
  }
  return correctable;
}

}  // namespace sifa::casework
