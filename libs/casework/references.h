// Who stands on whom (object_type.h, Reference).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/neighbours.h"
#include "libs/casework/object_type.h"

namespace sifa::casework {

// The terms under which an object is found by those that it stands on.
std::vector<Term> ReferenceTerms(const ObjectType& type, const Message& object);

// What stands on an object, of any number one: "Case:open", "Screening:done", "Case:void" (procedure::Facts::standing).
absl::StatusOr<std::set<std::string>> StandingOn(const Backend& backend, mysql::Connection& connection, const ObjectType& type,
                                                 const Id& object);

// Whether an object of T stands on `target` by the field, open or done.
template <class T>
absl::StatusOr<bool> StandsOn(Neighbours& neighbours, const std::string& field, const std::string& target);
absl::StatusOr<bool> StandsOn(mysql::Connection& connection, const ObjectType& type, const std::string& field,
                              const std::string& target);

// The objects of `type` that stand on `target`, of the type named, open or done; and those that stand on it by a field and are open.
absl::StatusOr<std::vector<Id>> IdsOn(mysql::Connection& connection, const ObjectType& type, const std::string& to, const Id& target);
absl::StatusOr<std::vector<Id>> OpenOn(mysql::Connection& connection, const ObjectType& type, const std::string& field,
                                       const Id& target);
// Those of `targets`, which are of the type named, on which an object of `type` in one of the states stands open.
absl::StatusOr<std::set<Id>> HeadsOf(mysql::Connection& connection, const ObjectType& type, const std::string& to,
                                     procedure::States states, const std::vector<Id>& targets);

// FAILED_PRECONDITION with the reason of the reference by which another object stands on this one, so that it may not be voided.
absl::Status RequireNothingStands(const Backend& backend, mysql::Connection& connection, const ObjectType& type,
                                  const Id& object);

template <class T>
absl::StatusOr<bool> StandsOn(Neighbours& neighbours, const std::string& field, const std::string& target) {
  return StandsOn(neighbours.connection(), neighbours.TypeOf<T>(), field, target);
}

}  // namespace sifa::casework
