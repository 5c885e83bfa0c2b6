// The journal for auditors: who did or read what, across objects, latest first.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/queries.h"

namespace sifa::casework {

struct JournalQuery {
  std::string actor, object, object_type, action;  // empty: any
  absl::Time from = absl::InfinitePast();          // recorded from … to before
  absl::Time to = absl::InfiniteFuture();
  int limit = 50;  // at most 200
  std::string page_token;
};
struct JournalPage {
  std::vector<v1::JournalEntry> entries;
  std::string next_page_token;
};

// Rows in whose organisations the caller holds the method's permission. `types` give acts their names.
// Reasons are shown as everywhere: personal text, masked.
absl::StatusOr<JournalPage> ReadJournal(const Backend& backend, const rpc::Call& call,
                                        const std::vector<const ObjectType*>& types,
                                        const JournalQuery& query);

}  // namespace sifa::casework
