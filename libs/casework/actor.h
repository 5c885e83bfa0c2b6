// Who acts on an object: a person through a call, or the suite itself when a limit has passed.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "libs/procedure/procedure.h"
#include "libs/rpc/call.h"

namespace sifa::casework {

struct ObjectType;

class Actor {
 public:
  // Borrows the call.
  static Actor Of(const rpc::Call& call) { return Actor(&call); }
  static Actor System() { return Actor(nullptr); }

  // Account id; "system"; "service:<name>" or "public" for calls without a person.
  std::string id() const;
  std::string account() const;

  // The grant under which the permission is held for an object of the organisation at `path`, at the level that decides; one's
  // own before another's for whom one acts.
  // NOT_FOUND where no grant reaches it, so that nothing shows of other offices' objects; PERMISSION_DENIED
  // "LEVEL_NOT_ENTITLED" where one reaches it at another level. For calls without a person the contract has already
  // decided (public and service methods): an empty grant.
  absl::StatusOr<rpc::Grant> Entitled(absl::string_view permission, procedure::Level level, absl::string_view path,
                                      absl::string_view what) const;
  // The same for an act on an object, of the organisations whose act it is (Further). PERMISSION_DENIED "ACT_OF_ANOTHER" to those who
  // see the object without the act being theirs.
  absl::StatusOr<rpc::Grant> EntitledTo(const ObjectType& type, int act, absl::string_view permission, procedure::Level level,
                                        const google::protobuf::Message& object) const;
  // Whether the permission of the called method reaches the organisation at `path`. What it does not reach is not there:
  // asked before anything of an object is told, its version and state included.
  bool Reaches(absl::string_view path) const;
  // The same of any organisation that sees the object.
  bool ReachesObject(const ObjectType& type, const google::protobuf::Message& object) const;

 private:
  explicit Actor(const rpc::Call* call) : call_(call) {}

  const rpc::Call* call_;
};

// The organisation paths that a caller's grants for `permission` reach, as ListQuery takes them.
std::vector<std::string> ScopesOf(const rpc::Call& call, absl::string_view permission);
// What both scopes reach; empty: nothing.
std::string Intersection(absl::string_view one, absl::string_view other);

}  // namespace sifa::casework
