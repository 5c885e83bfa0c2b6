// What switches told, as they told it: evidence, not acts. Each event is kept once under (switch, boot, seq), encrypted and with
// a MAC, in the transaction of what follows from it; so an event that is sent again is known, whatever became of the answer.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "libs/casework/service.h"
#include "sifa/hotline/v1/switch.pb.h"

namespace sifa::hotline {

absl::Span<const mysql::Migration> SwitchLogSchema();

// One run of one switch.
struct Boot {
  std::string switch_id;
  std::string boot;
};

// Which of the events are new, the others being known with the same content. ABORTED "EVENT_CONFLICT" where one came before with
// other content. Locks the run until the transaction ends.
absl::StatusOr<std::vector<const v1::SwitchEvent*>> NewEvents(mysql::Connection& connection, const crypto::Keyring& keyring,
                                                              const Boot& run, absl::Span<const v1::SwitchEvent* const> events);
// Keeps them. In the transaction of NewEvents.
absl::Status KeepEvents(mysql::Connection& connection, const crypto::Keyring& keyring, const Boot& run,
                        absl::Span<const v1::SwitchEvent* const> events);
// Up to which number all events of the run are kept.
absl::StatusOr<int64_t> KeptUpTo(mysql::Connection& connection, const Boot& run);

// Of the verifier: events that were altered, and gaps in what a switch told (casework::OwnCheck).
absl::Status CheckSwitchLog(mysql::Pool& pool, const crypto::Keyring& keyring, const casework::Objects& objects,
                            std::vector<journal::Finding>* findings);

}  // namespace sifa::hotline
