// One act on one object, committed whole: object, index, journal row and the answer kept for its request_id, in one
// transaction. Everything that changes a statutory object passes here.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/casework/act.h"
#include "libs/casework/object_type.h"
#include "libs/journal/journal.h"

namespace sifa::casework {

struct ActInput {
  std::string method;      // of the call; with the caller and request_id the key of idempotency
  std::string caller;      // of the request; empty: the actor
  std::string request_id;  // empty: not repeatable
  std::string digest;      // of the request, 32 bytes
  Id object;               // zero: the act creates the object
  std::string etag;        // empty: not checked
  absl::CivilDay act_day;  // true date; not after today
  std::optional<absl::Time> occurred_at = {};  // true instant, where it is known: of that day, and not to come
  std::string request = {};                    // what the journal keeps of what was asked (KeptRequest); empty: nothing
  std::string action;      // name of the act
  std::string reason;      // the clerk's words
  std::string corrects;    // journal id of the act that this one corrects
  std::string approved_by;
  std::string correction;  // id of the Correction
  v1::PartOf part_of;      // set: part of an act on another object
  std::string acting_for = {};  // of that act
};

// Changes *object, or refuses. Runs again when the transaction does, on a fresh object. Checks the actor's entitlement.
using Transition = std::function<absl::StatusOr<procedure::Applied>(Message* object, const Act& act)>;

// The answer of an act: the object after it.
using Answer = std::unique_ptr<Message>;

// Makes the object that an act creates, with organisation and organisation_path set; it runs again when the transaction does.
// Empty where an act changes an object.
using Making = std::function<absl::StatusOr<Answer>(const Act&)>;
// Runs it before the object is there.
absl::StatusOr<Answer> Make(const Backend& backend, const Actor& actor, const ActInput& input, const Making& making,
                            Neighbours& neighbours);

// Errors besides those of the transition: NOT_FOUND; ABORTED "ETAG_STALE"; ALREADY_EXISTS "REQUEST_ID_REUSED" for a
// request_id that came with other content; INVALID_ARGUMENT "DATE_FUTURE" for an act of tomorrow. A repeated request gets
// the first answer again. A connection lost during COMMIT is settled by looking for the request.
absl::StatusOr<Answer> RunAct(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                              const Making& making, const Transition& transition);

// The first answer to a request that was carried out before; nullptr where it was not. Looked for before anything is asked that
// the act itself, or anybody since, may have changed.
absl::StatusOr<Answer> FirstAnswer(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input);

// Journal rows of a reading of unmasked personal data (design §8), one for each object, so that the history of each shows
// who has read it, and by what right: in whose name where the reader acts for another, and under which of his grants.
struct ReadObject {
  std::string id;
  std::string organisation_path;
};
absl::Status JournalReading(const Backend& backend, const ObjectType& type, const rpc::Call& call,
                            const std::vector<ReadObject>& objects);

// A new object as it is decided about: version 0.
Stored NewStored(const Backend& backend, Answer initial);
// The object that an act may look at: there, within the actor's reach, and of the version asked for.
absl::StatusOr<Stored> Admit(const ObjectType& type, const Actor& actor, const ActInput& input, std::optional<Stored> loaded);

// One act inside a transaction of the caller's (import, correction of a parent). Appends journal row and object; no
// request row. `stored` is the locked object, or a new one with version 0.
absl::StatusOr<Id> ApplyInTransaction(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                                      Stored* stored, const Transition& transition, mysql::Connection& connection);

// An object to be created among many, with its key of idempotency.
struct NewObject {
  std::string request_id;
  std::string digest;
  const Message* initial;
  std::string request = {};  // ActInput::request
};
// Creates all of them by one act, inside a transaction of the caller's: a few statements for all tables.
absl::Status CreateInTransaction(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                                 const std::string& caller, absl::Span<const NewObject> objects, const Transition& transition,
                                 mysql::Connection& connection);

// One of many objects that an act creates (version 0) or changes: `stored` as it is, locked; `after` as the act leaves it.
struct ChangedObject {
  Stored stored;
  std::unique_ptr<Message> after;
};
// One act on all of them, inside a transaction of the caller's: a few statements for all tables. It asks no guard that looks at other
// objects. The last word wins: no etag is compared.
absl::Status ActOnMany(const Backend& backend, const ObjectType& type, const Actor& actor, int act, const ActInput& input,
                       std::vector<ChangedObject> objects, mysql::Connection& connection);

// The journal row of an act whose object has already been changed from `before` (nullptr: created).
journal::Row MakeJournalRow(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                            const Id& id, const Stored& after, const Message* before, const procedure::Applied& applied,
                            const std::optional<Allotted>& allotted);

// What an object contributes to the statistics before (nullptr: created) and after; empty where that is the same. A record
// that is VOIDED contributes nothing, whatever its type counts.
v1::CountChange CountChangeOf(const ObjectType& type, const Message* before, const Message& after);

// The facts that guards may know about an object before `action`, or before any where that is empty.
absl::StatusOr<procedure::Facts> FactsFor(const Backend& backend, const ObjectType& type, mysql::Connection& connection,
                                          const Id& object, absl::CivilDay act_day, absl::string_view action = "");

// Those that need no look into the database: all of a new object.
procedure::Facts PlainFacts(const Backend& backend, absl::CivilDay act_day);
// The attachments, where guards of `action` ask for them.
absl::Status AddFiles(const Backend& backend, const ObjectType& type, mysql::Connection& connection, const Id& object,
                      absl::string_view action, procedure::Facts* facts);

// Day and instant of an act, from what its request says of them: both where it says nothing, since then it is done now; what is
// given where it was done before. INVALID_ARGUMENT "DATE_FUTURE", "INSTANT_FUTURE", "INSTANT_OF_ANOTHER_DAY", "FIELD_DATE".
absl::Status SetWhen(absl::Time now, const std::string& occurred_on, const google::protobuf::Timestamp* occurred_at,
                     ActInput* input);

// What the journal keeps of a request: its method and its message, without secrets and contents of files.
std::string KeptRequestOf(const std::string& method, const Message& request);
std::string KeptRequestOf(const rpc::Call& call);  // empty of a stream

// Of all that it holds but its etag: a caller who repeats an act because its answer was lost may have read the object again,
// which that act has changed. It is of secrets too, so it stays in memory: a password could be guessed from it. What is kept
// takes a key (Store::KeyedDigest).
std::string RequestDigest(const Message& request);

}  // namespace sifa::casework
