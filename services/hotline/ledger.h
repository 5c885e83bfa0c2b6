// The durable side of the exchange: what happened to calls, as acts of contacts, work orders, callbacks and agents. All of one
// batch of events is one transaction, with the events themselves (switch_log.h).
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/casework/casework.h"
#include "services/hotline/agent.h"
#include "services/hotline/callback.h"
#include "services/hotline/contact.h"
#include "services/hotline/work_order.h"

namespace sifa::hotline {

// Of one transaction. The acts are the suite's own; `at` is when it happened by the clock of the switch.
class Ledger {
 public:
  Ledger(const casework::Backend& backend, mysql::Connection& connection);

  // A contact with its work order (law §5.1: every call is one). `contact` has organisation, organisation_path and region.
  absl::StatusOr<Contact> Arrive(Contact contact, absl::Time at);
  absl::Status Change(const std::string& contact, Contact::Act act, absl::Time at, const std::function<void(Contact&)>& change);

  // The key that a caller presses at the end (law §5.5): within thirty seconds of it, once, a code of hotline_satisfaction.
  absl::Status Rate(const std::string& contact, const std::string& satisfaction, absl::Time at);

  absl::StatusOr<Callback> Open(Callback callback, absl::Time at);
  absl::Status Change(const std::string& callback, Callback::Act act, absl::Time at,
                      const std::function<void(Callback&)>& change);

  // By the functions of their rows.
  absl::Status Change(const std::string& agent, Agent::Act act, absl::Time at);
  absl::Status Change(const std::string& order, WorkOrder::Act act, absl::Time at);

  // As they stand, locked until the transaction ends.
  template <class T>
  absl::StatusOr<T> Load(const std::string& id) {
    ASSIGN_OR_RETURN(const casework::Stored stored, Locked(casework_of<T>().type(), id));
    return static_cast<const T&>(*stored.object);
  }

 private:
  template <class T>
  casework::Casework<T> casework_of() const {
    return casework::Casework<T>(backend_);
  }
  absl::StatusOr<casework::Stored> Locked(const casework::ObjectType& type, const std::string& id);
  template <class T, class F>
  absl::StatusOr<T> Make(T object, int act, absl::Time at, F change);
  absl::Status PerformRow(const casework::ObjectType& type, const std::string& id, int act, absl::Time at);
  template <class T, class F>
  absl::Status Perform(const std::string& id, int act, absl::Time at, F change);

  const casework::Backend& backend_;
  mysql::Connection& connection_;
};

}  // namespace sifa::hotline
