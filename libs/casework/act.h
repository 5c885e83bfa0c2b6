// An act while it runs: who does it, on which day, and the way to other objects on the connection and in the transaction
// that it already holds. A change asks no pool for another (mysql.h refuses): acts that each hold one and wait for another
// starve one another.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "libs/casework/actor.h"
#include "libs/casework/neighbours.h"
#include "libs/core/status.h"
#include "libs/procedure/engine.h"

namespace sifa::casework {

class Act {
 public:
  // Borrows backend, actor and neighbours. `self` is what acts that this one brings with it are part of.
  Act(const Backend& backend, const Actor& actor, procedure::Facts facts, v1::PartOf self, Neighbours& neighbours)
      : backend_(backend), actor_(actor), facts_(std::move(facts)), self_(std::move(self)), neighbours_(neighbours) {}

  // The same act, in the name of the person for whom the actor acts; empty: in his own.
  Act InNameOf(const std::string& person) const {
    procedure::Facts facts = facts_;
    facts.acting_for = person;
    return {backend_, actor_, std::move(facts), self_, neighbours_};
  }

  const Actor& actor() const { return actor_; }
  const procedure::Facts& facts() const { return facts_; }
  // The true date of the act, and as a field of an object holds it.
  absl::CivilDay day() const { return facts_.act_day; }
  std::string occurred_on() const { return FormatDay(facts_.act_day); }
  // Its true instant, where it is known.
  std::optional<absl::Time> occurred_at() const { return facts_.occurred_at; }
  absl::Time now() const { return backend_.clock.Now(); }
  mysql::Connection& connection() const { return neighbours_.connection(); }

  // Another object as Neighbours::Load gives it.
  template <class C>
  absl::StatusOr<typename C::Object> Load(const C& casework, const std::string& id, Lock lock = Lock::kNone) const {
    return neighbours_.Load(casework, id, lock);
  }

  // Performs `act` on another object as part of this one: by the same actor, at the same time, with a journal row of its own.
  template <class C, class F = absl::Status (*)(typename C::Object&)>
  absl::StatusOr<typename C::Object> ActOn(const C& casework, int act, const std::string& id, F change = C::Nothing) const {
    ASSIGN_OR_RETURN(Stored stored, neighbours_.LoadToChange(casework.type(), id));
    RETURN_IF_ERROR(casework
                        .ActInTransaction(actor_, act,
                                          {.object = stored.id,
                                           .act_day = day(),
                                           .occurred_at = occurred_at(),
                                           .action = casework.NameOf(act),
                                           .part_of = self_},
                                          &stored, connection(), std::move(change))
                        .status());
    return static_cast<const typename C::Object&>(*stored.object);
  }

 private:
  const Backend& backend_;
  const Actor& actor_;
  const procedure::Facts facts_;
  const v1::PartOf self_;
  Neighbours& neighbours_;
};

}  // namespace sifa::casework
