// What casework must know to correct objects of a type (corrections.h): which content may be amended, which
// dates belong to which acts, and how a past act moves clocks. Made once for each type at start.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/field_mask.pb.h"
#include "libs/casework/act.h"
#include "libs/casework/object_type.h"
#include "libs/procedure/engine.h"

namespace sifa::casework {

// Content that may be amended: this field and all in it. Other fields are what acts make of an object; who
// wants those changed withdraws the act.
struct Amendable {
  std::string path;  // "particulars", "accepted_on"
  bool date = false;
  // Act whose day this date is (0: of none), the latest one of those named: amending the one is amending the other.
  int act = 0;
};

class Past;
struct Reading;

// Another object, by its type's name and its id.
struct Kin {
  std::string type, id;
};
// Looks at another object as it will be with its past. NOT_FOUND where it is not there.
using Look = std::function<absl::StatusOr<Reading>(const Kin&)>;

struct Correctable {
  const ObjectType* type = nullptr;
  std::vector<Amendable> amendable;
  // Derives again what acts derive from content, after an amendment; refuses what cannot be. May be empty.
  std::function<absl::Status(const Message& before, Message* after)> settle;

  // Content that shows what stands on other objects, and how it is written anew from them after a correction of any of them: by
  // the acts that are then in force. May be empty.
  google::protobuf::FieldMask mirrored;
  std::function<absl::Status(const Past&, const Look&, Message* after)> mirror;
  // The objects that show something of this one, or acted together with it: a correction goes on to them. May be empty.
  std::function<std::vector<Kin>(const Past&, const Message& after)> kin;

  // Refuses what other objects do not allow, as they are on that day. May be empty.
  std::function<absl::Status(Neighbours&, absl::CivilDay today, const Message& before, const Message& after)> admit;

  // A past act on an object: moves the object's clocks and the day of its course as the act did. False where the table has no such act
  // on that day.
  std::function<absl::StatusOr<bool>(int act, int from_state, const procedure::Facts&, Message*)> move_on;
  // Rules that the act would not meet, in words.
  std::function<std::vector<std::string>(int act, int from_state, const procedure::Facts&,
                                         const Message& before, const Message& after)>
      broken_rules;
};

template <class T>
void AddBroken(const procedure::List<const procedure::Guard<T>*, 8>& guards, const Message& object,
               const procedure::Facts& facts, std::vector<std::string>* broken) {
  for (const procedure::Guard<T>* guard : guards) {
    const T& typed = static_cast<const T&>(object);
    if (!guard->holds(typed, facts)) {
      broken->push_back(absl::StrCat(guard->Why(typed, facts), "（", guard->law.On(facts.act_day).ToString(), "）"));
    }
  }
}

template <class T, const procedure::Procedure<T>& kProcedure>
Correctable MakeCorrectable(const ObjectType& type) {
  Correctable correctable;
  correctable.type = &type;
  correctable.move_on = [](int act, int from_state, const procedure::Facts& facts,
                               Message* object) -> absl::StatusOr<bool> {
    const auto row = procedure::FindRow(kProcedure, act, static_cast<const T&>(*object), from_state, facts.act_day);
    if (!row.ok()) return false;
    std::vector<std::string> words;
    RETURN_IF_ERROR(procedure::MoveOn(kProcedure, **row, facts, static_cast<T*>(object), &words));
    return true;
  };
  correctable.broken_rules = [](int act, int from_state, const procedure::Facts& facts, const Message& before,
                                const Message& after) {
    std::vector<std::string> broken;
    const auto row = procedure::FindRow(kProcedure, act, static_cast<const T&>(after), from_state, facts.act_day);
    if (!row.ok()) return broken;
    AddBroken<T>((*row)->guards, before, facts, &broken);
    AddBroken<T>((*row)->checks, after, facts, &broken);
    const T& done = static_cast<const T&>(after);
    const absl::Status follows =
        procedure::CheckFollows(**row, facts, procedure::ActedOn(static_cast<const T&>(before)), done);
    if (!follows.ok()) {
      broken.push_back(absl::StrCat(follows.message(), "（", (*row)->law.On(facts.act_day).ToString(), "）"));
    }
    return broken;
  };
  return correctable;
}

}  // namespace sifa::casework
