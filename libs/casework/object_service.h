// What the frame serves of an object by its definition and the contract alone: acts by the functions of their rows, Get, List,
// available acts, history and the explanation of limits.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "libs/casework/acts.h"
#include "libs/casework/object_type.h"
#include "libs/rpc/described_service.h"

namespace sifa::casework {

// What the head of a request says (contract.h has its fields), for an act of the call's method. The object is not looked for.
absl::StatusOr<ActInput> InputOf(const ObjectType& type, const rpc::Call& call, int act, const Message& request);
// The id in the head of a request.
absl::StatusOr<Id> IdIn(const Message& request);

// The row of the act, with `change` for what it does to the object (empty: nothing).
Transition TransitionOf(const ObjectType& type, int act, Change change);

// The act by the functions of its rows. The answer has its clocks coloured as of today.
absl::StatusOr<Answer> PerformRequest(const Backend& backend, const ObjectType& type, rpc::Call& call, int act,
                                      const Message& request);

// What the caller may do with the object now, or why not.
absl::StatusOr<v1::AvailableActions> AvailableActionsOf(const Backend& backend, const ObjectType& type, rpc::Call& call,
                                                        const std::string& id);

// Why a limit of the object ends on its day.
absl::StatusOr<v1::ClockExplanation> ExplainClock(const Backend& backend, const ObjectType& type, rpc::Call& call,
                                                  const v1::ExplainClockRequest& request);

// A page of the list, in the response's repeated field of the object's type.
absl::Status ListByRequest(const Backend& backend, const ObjectType& type, rpc::Call& call, const Message& request,
                           Message* response);

// Gives each method of the object's proto service that has no handler yet the one of the frame, where the frame has one: a method
// with an act, the list of the definition, Get<Object>, and those that answer AvailableActions, History or ClockExplanation. The
// references outlive `methods`.
void ServeObject(const Backend& backend, const ObjectType& type, const contract::Contract& contract,
                 rpc::DescribedService& methods);

}  // namespace sifa::casework
