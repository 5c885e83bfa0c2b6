// An act in its two halves: what becomes of the object is decided first, then it is written, alone or with others.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "libs/casework/acts.h"

namespace sifa::casework {

struct Decision {
  const ObjectType* type = nullptr;
  std::unique_ptr<Message> before;  // nullptr: the act creates the object
  Stored after;
  procedure::Applied applied;
  journal::Row row;  // its id; the rest is Record's
};

// What the act makes of `stored`: the locked object, or a new one with version 0. Nothing is written but what the transition
// itself writes to other objects.
absl::StatusOr<Decision> Decide(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                                Stored stored, procedure::Facts facts, const Transition& transition, Neighbours& neighbours);

// Numbers the object where it is to be (the counter stays locked until the commit, so this comes last before Write), and makes
// the row of what it is then.
absl::Status Record(const Backend& backend, const Actor& actor, const ActInput& input, mysql::Connection& connection,
                    Decision* decision);

// Objects, all of one type, with index, tables that follow them, and journal: one statement a table for all that are created, and
// for all that are changed.
absl::Status Write(const Backend& backend, mysql::Connection& connection, absl::Span<Decision> decisions);

// The request that brought a decision about.
struct DecidedRequest {
  std::string caller;
  std::string method;
  std::string request_id;
  std::string digest;  // of the request, 32 bytes
};
// Row by row those of `decisions`. ALREADY_EXISTS "DATABASE_DUPLICATE" where one was carried out before.
absl::Status WriteRequests(const Backend& backend, mysql::Connection& connection, absl::Span<const Decision> decisions,
                           absl::Span<const DecidedRequest> requests);

}  // namespace sifa::casework
