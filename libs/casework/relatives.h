// An object among those that stand on the same one (object_type.h, Reference): what its rules look at, what ends with it, and what
// is told of it because something else is open.
#pragma once

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "libs/casework/act.h"
#include "libs/casework/object_type.h"

namespace sifa::casework {

// Adds to *facts what the rules of an object look at: the one that it stands on, and of the types that its definition names what
// stands on that one, or on itself. With a lock the one that it stands on stays as it is until the transaction ends, so of two acts
// on objects of one head the second sees what the first has done.
absl::Status AddRelatives(const Backend& backend, const ObjectType& type, mysql::Connection& connection, const Id& id,
                          const Message& object, Lock lock, procedure::Facts* facts);

// Where the act has brought the object to a terminal state: ends what stands on it and is open, by the act that the reference names.
// The object of the act that this one is `part_of` goes its own way.
absl::Status EndDependants(const Act& act, const v1::PartOf& part_of, const ObjectType& type, const Message* before,
                           const Message& after);

// Brings an object, and what of it is open, under another organisation and division, as part of an act on another object; each
// with a journal row CHANGE_OFFICE of its own. What is done stays where it was done.
struct Office {
  std::string organisation;
  std::string path;
  std::string region;
};
absl::Status ChangeOffice(const Act& act, const ObjectType& type, const std::string& id, const Office& office);

// Fills the field `flags` of objects of the type, where its definition has any.
absl::Status AddFlags(const Backend& backend, const ObjectType& type, absl::Span<Message* const> objects);

}  // namespace sifa::casework
