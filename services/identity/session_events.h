// Log-ins, failures and ends of sessions as rows of the journal beside the acts. What they decide (locks, spent one-time codes,
// sessions that have ended) is read from there: these rows bear a MAC, and none can be taken away unseen.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "libs/casework/backend.h"
#include "sifa/identity/v1/account.pb.h"
#include "sifa/identity/v1/session.pb.h"

namespace sifa::identity {

// What an event is about: an account, or a name without one (a keyed hash of the name).
struct Subject {
  Subject(const casework::Backend& backend, const std::string& normal_name, const v1::Account* account);

  Id id;
  const v1::Account* account;
};

// Appends the row. `actor`: account id, or as Actor::id; `detail`: for readers of the journal, kept encrypted as `event` is.
absl::Status JournalEvent(const casework::Backend& backend, mysql::Connection& connection, const Subject& subject,
                          v1::Account::Act act, const std::string& actor, const std::string& detail,
                          const v1::SessionEvent& event);

struct PastEvent {
  Id id;  // of the row; it says when
  v1::SessionEvent event;
};
// The events of these kinds since then, oldest first. DATA_LOSS where one of them cannot be read: nothing is decided on the rest.
absl::StatusOr<std::vector<PastEvent>> EventsSince(const casework::Backend& backend, mysql::Connection& connection,
                                                   const Id& subject, absl::Time since, absl::Span<const v1::Account::Act> acts);

}  // namespace sifa::identity
