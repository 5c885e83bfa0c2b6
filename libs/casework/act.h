// An act while it runs: who does it, on which day, and the way to other objects on the connection and in the transaction
// that it already holds. A change asks no pool for another (mysql.h refuses): acts that each hold one and wait for another
// starve one another.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "libs/casework/actor.h"
#include "libs/casework/neighbours.h"
#include "libs/core/status.h"
#include "libs/procedure/engine.h"

namespace sifa::casework {

class Act : public procedure::Circumstances {
 public:
  // Borrows backend, actor and neighbours. `self` is what acts that this one brings with it are part of.
  Act(const Backend& backend, const Actor& actor, procedure::Facts facts, v1::PartOf self, Neighbours& neighbours)
      : Circumstances(std::move(facts)), backend_(backend), actor_(actor), self_(std::move(self)), neighbours_(neighbours) {}

  // The same act, in the name of the person for whom the actor acts; empty: in his own.
  Act InNameOf(const std::string& person) const {
    procedure::Facts facts = this->facts();
    facts.acting_for = person;
    return {backend_, actor_, std::move(facts), self_, neighbours_};
  }

  const Backend& backend() const { return backend_; }
  const Actor& actor() const { return actor_; }
  absl::Time now() const { return backend_.clock.Now(); }
  const RegionTable& regions() const { return *backend_.regions; }
  Neighbours& neighbours() const { return neighbours_; }
  mysql::Connection& connection() const { return neighbours_.connection(); }

  // Another object as it is; NOT_FOUND where it is not there or out of the actor's reach.
  template <class T>
  absl::StatusOr<T> Load(const std::string& id, Lock lock = Lock::kNone) const {
    ASSIGN_OR_RETURN(T object, LoadUnchecked<T>(id, lock));
    if (!actor_.ReachesObject(neighbours_.TypeOf<T>(), object)) return NotFound(neighbours_.TypeOf<T>().label);
    return object;
  }
  // The same whatever the actor's reach: an object to which the one acted on refers.
  template <class T>
  absl::StatusOr<T> LoadUnchecked(const std::string& id, Lock lock = Lock::kNone) const {
    return neighbours_.Load<T>(id, lock);
  }

  // Performs `act` on another object as part of this one: by the same actor, at the same time, with a journal row of its own.
  // `change`: absl::Status(T&).
  template <class T, class F>
  absl::StatusOr<T> ActOn(int act, const std::string& id, F change) const {
    ASSIGN_OR_RETURN(const auto answer, ActOnType(neighbours_.TypeOf<T>(), act, id,
                                                  [&](Message& object, const Act&) { return change(static_cast<T&>(object)); }));
    return static_cast<const T&>(*answer);
  }
  // The same of any type, by the row's own function.
  absl::Status ActOnAny(const ObjectType& type, int act, const std::string& id) const {
    return ActOnType(type, act, id, nullptr).status();
  }

  // Changes another object as part of this one by what is no act of its table; the journal calls it `action`.
  absl::Status ChangeAs(const std::string& action, const ObjectType& type, const std::string& id,
                        const std::function<absl::StatusOr<procedure::Applied>(Message*, const Act&)>& transition) const;
  // What acts that this one brings with it are part of.
  const v1::PartOf& self() const { return self_; }

  // Creates another object by `act` as part of this one. `object` has organisation and organisation_path set.
  template <class T>
  absl::StatusOr<T> Open(int act, T object) const {
    ASSIGN_OR_RETURN(const auto answer, OpenType(neighbours_.TypeOf<T>(), act, std::make_unique<T>(std::move(object))));
    return static_cast<const T&>(*answer);
  }

 private:
  absl::StatusOr<std::unique_ptr<Message>> OpenType(const ObjectType& type, int act, std::unique_ptr<Message> object) const;
  absl::StatusOr<std::unique_ptr<Message>> ActOnType(const ObjectType& type, int act, const std::string& id,
                                                     const Change& change) const;
  absl::StatusOr<std::unique_ptr<Message>> PerformPart(
      const ObjectType& type, const std::string& action, Stored stored,
      const std::function<absl::StatusOr<procedure::Applied>(Message*, const Act&)>& transition) const;

  const Backend& backend_;
  const Actor& actor_;
  const v1::PartOf self_;
  Neighbours& neighbours_;
};

// Before the transaction of an act that creates, and for a new request only: here other services may be asked.
class Asking : public procedure::Circumstances {
 public:
  Asking(const Backend& backend, const Actor& actor, procedure::Facts facts)
      : Circumstances(std::move(facts)), backend_(backend), actor_(actor) {}

  const Backend& backend() const { return backend_; }
  const Actor& actor() const { return actor_; }
  absl::Time now() const { return backend_.clock.Now(); }

 private:
  const Backend& backend_;
  const Actor& actor_;
};

}  // namespace sifa::casework
