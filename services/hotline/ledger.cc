#include "services/hotline/ledger.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "libs/core/status.h"
#include "libs/procedure/instant.h"
#include "services/hotline/rating.h"

namespace sifa::hotline {
namespace {

constexpr absl::Duration kRatingKeyTime = absl::Seconds(30);  // law §5.5; DESIGN

// Instants of the switch are never after ours here: the exchange has clamped them.
casework::ActInput InputOf(const casework::ObjectType& type, int act, absl::Time at) {
  return {.act_day = DayOf(at), .occurred_at = at, .action = type.NameOf(act)};
}

}  // namespace

Ledger::Ledger(const casework::Backend& backend, mysql::Connection& connection) : backend_(backend), connection_(connection) {}

absl::StatusOr<casework::Stored> Ledger::Locked(const casework::ObjectType& type, const std::string& id) {
  ASSIGN_OR_RETURN(const Id parsed, ParseId(id));
  ASSIGN_OR_RETURN(auto stored, backend_.store.Load(connection_, type, parsed, casework::Lock::kExclusive));
  if (!stored) return NotFound(type.label);
  return *std::move(stored);
}

template <class T, class F>
absl::StatusOr<T> Ledger::Make(T object, int act, absl::Time at, F change) {
  const auto work = casework_of<T>();
  casework::Stored stored = casework::NewStored(backend_, std::make_unique<T>(std::move(object)));
  RETURN_IF_ERROR(work.ActInTransaction(casework::Actor::System(), act, InputOf(work.type(), act, at), &stored, connection_,
                                        std::move(change))
                      .status());
  return static_cast<const T&>(*stored.object);
}

template <class T, class F>
absl::Status Ledger::Perform(const std::string& id, int act, absl::Time at, F change) {
  const auto work = casework_of<T>();
  ASSIGN_OR_RETURN(casework::Stored stored, Locked(work.type(), id));
  casework::ActInput input = InputOf(work.type(), act, at);
  input.object = stored.id;
  return work.ActInTransaction(casework::Actor::System(), act, input, &stored, connection_, std::move(change)).status();
}

absl::StatusOr<Contact> Ledger::Arrive(Contact contact, absl::Time at) {
  WorkOrder order;
  order.set_organisation(contact.organisation());
  order.set_organisation_path(contact.organisation_path());
  order.set_region(contact.region());
  order.set_centre(contact.centre());
  order.set_channel(contact.channel());
  order.set_called_number(contact.called());
  order.set_received_on(FormatDay(DayOf(at)));
  order.mutable_caller()->set_phone(contact.caller());
  return Make(std::move(contact), Contact::ARRIVE, at, [&](Contact& made, const casework::Act& act) -> absl::Status {
    order.set_contact(made.id());
    ASSIGN_OR_RETURN(const WorkOrder opened, act.Open<WorkOrder>(WorkOrder::ARRIVE, order));
    made.set_work_order(opened.id());
    return absl::OkStatus();
  });
}

absl::Status Ledger::Change(const std::string& contact, Contact::Act act, absl::Time at,
                            const std::function<void(Contact&)>& change) {
  return Perform<Contact>(contact, act, at, [&](Contact& c) {
    change(c);
    return absl::OkStatus();
  });
}

absl::Status Ledger::Rate(const std::string& contact, const std::string& satisfaction, absl::Time at) {
  return Perform<Contact>(contact, Contact::STEP, at, [&](Contact& c, const casework::Act& act) {
    const bool late = c.has_ended_at() && at > TimeOf(c.ended_at()) + kRatingKeyTime;
    return late || !c.has_bridged_at() ? absl::OkStatus() : RateByKey(c.work_order(), satisfaction, act);
  });
}

absl::StatusOr<Callback> Ledger::Open(Callback callback, absl::Time at) {
  return Make(std::move(callback), Callback::OPEN_CALLBACK, at, [](Callback&) { return absl::OkStatus(); });
}

absl::Status Ledger::Change(const std::string& callback, Callback::Act act, absl::Time at,
                            const std::function<void(Callback&)>& change) {
  return Perform<Callback>(callback, act, at, [&](Callback& c) {
    change(c);
    return absl::OkStatus();
  });
}

absl::Status Ledger::PerformRow(const casework::ObjectType& type, const std::string& id, int act, absl::Time at) {
  ASSIGN_OR_RETURN(casework::Stored stored, Locked(type, id));
  casework::ActInput input = InputOf(type, act, at);
  input.object = stored.id;
  return casework::ApplyInTransaction(backend_, type, casework::Actor::System(), input, &stored,
                                      casework::TransitionOf(type, act, nullptr), connection_)
      .status();
}

absl::Status Ledger::Change(const std::string& agent, Agent::Act act, absl::Time at) {
  return PerformRow(casework_of<Agent>().type(), agent, act, at);
}

absl::Status Ledger::Change(const std::string& order, WorkOrder::Act act, absl::Time at) {
  return PerformRow(casework_of<WorkOrder>().type(), order, act, at);
}

}  // namespace sifa::hotline
