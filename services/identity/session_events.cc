#include "services/identity/session_events.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/journal_reading.h"
#include "libs/core/status.h"
#include "libs/journal/journal.h"

namespace sifa::identity {

using A = v1::Account;

Subject::Subject(const casework::Backend& backend, const std::string& normal_name, const A* of)
    : id(of != nullptr ? *ParseId(of->id()) : IdFromBytes(backend.keyring.BlindIndex("log_in_name", normal_name))), account(of) {}

absl::Status JournalEvent(const casework::Backend& backend, mysql::Connection& connection, const Subject& subject, A::Act act,
                          const std::string& actor, const std::string& detail, const v1::SessionEvent& event) {
  const absl::Time now = backend.clock.Now();
  casework::v1::ActRecord record;
  casework::v1::Image image;
  image.set_reason(detail);
  v1::SessionEvent whole = event;
  whole.set_act(act);
  image.set_object(whole.SerializeAsString());
  journal::Row row;
  row.id = NewId(now);
  row.object_id = subject.id;
  row.object_type = A::descriptor()->name();
  row.actor = actor;
  row.action = A::Act_Name(act);
  row.occurred_on = DayOf(now);
  row.recorded_at = now;
  if (subject.account != nullptr) {
    row.organisation = subject.account->organisation();
    row.organisation_path = subject.account->organisation_path();
    row.region = subject.account->region();
    record.set_actor_account(subject.account->account());
  } else {
    // There is no account of that name: the row is for the auditors at the root.
    ASSIGN_OR_RETURN(const auto root,
                     connection.Query("SELECT code FROM organisation WHERE parent_code = '' ORDER BY code LIMIT 1"));
    if (!root.empty()) {
      row.organisation = root[0].Bytes(0);
      row.organisation_path = absl::StrCat("/", row.organisation, "/");
    }
  }
  row.record = record.SerializeAsString();
  row.image = backend.store.EncryptImage(row, image);
  return backend.writer->Append(connection, {row});
}

absl::StatusOr<std::vector<PastEvent>> EventsSince(const casework::Backend& backend, mysql::Connection& connection,
                                                   const Id& subject, absl::Time since, absl::Span<const A::Act> acts) {
  // What a row is of is read from its encrypted text, not from its column. Events have version 0, so that the index by object
  // and version leads to those of the last minutes.
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT id, object_type, image FROM journal FORCE INDEX (by_object)"
                                    " WHERE object_id = ? AND version = 0 AND id >= ?"
                                    " ORDER BY id",
                                    {subject, casework::FirstIdAt(since)}));
  std::vector<PastEvent> events;
  for (const auto& row : rows) {
    journal::Row written;
    written.id = row.AsId(0);
    written.object_type = row.Bytes(1);
    written.image.sealed = row.Bytes(2);
    ASSIGN_OR_RETURN(const auto image, backend.store.DecryptImage(written));
    PastEvent event{written.id, {}};
    if (!event.event.ParseFromString(image.object())) return Internal("event of a session does not parse");
    if (absl::c_linear_search(acts, event.event.act())) events.push_back(std::move(event));
  }
  return events;
}

}  // namespace sifa::identity
