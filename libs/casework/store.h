// Objects in the database: the encrypted body is the truth, everything else a rebuildable index of it. All functions work
// inside the caller's transaction and take no decisions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "libs/casework/object_type.h"
#include "libs/core/id.h"
#include "libs/crypto/keyring.h"
#include "libs/journal/journal.h"
#include "libs/mysql/mysql.h"

namespace sifa::casework {

struct Stored {
  Id id;
  int64_t version = 0;
  absl::Time created_at;
  std::unique_ptr<Message> object;
  std::string link;  // Digest() of the journal row that made it this version
};

// An object after a change of the moment `at`, and what it was before.
struct Changed {
  const Stored& after;
  const google::protobuf::Message& before;
  absl::Time at;
};

// The act that a request_id already brought about.
struct DoneRequest {
  std::string digest;  // as it is stored: see Store::SameRequest
  Id journal_id;
};

// An object that a request made, as it stands.
struct DoneCreation {
  std::string digest;  // of the request, as in DoneRequest
  Id object;
  int state = 0;
};

absl::Status NumberTaken();

// Which objects a list wants. Conditions are joined by AND; empty ones do not count.
struct ListQuery {
  std::vector<std::string> scopes;         // organisation paths, any of them; "=" before a path: that one only
  std::string organisation;                // code of an organisation: it and all below
  std::string region;                      // code of a division: it and all below
  std::vector<int> states;
  std::string number;
  std::string assignee;
  std::optional<Id> parent;
  std::optional<bool> open;
  std::vector<Term> terms;                 // exact
  std::string day_from, day_to;            // of Index::day, YYYY-MM-DD, both included; empty: no bound
  std::vector<Term> blind;                 // personal values to look up
  std::string name;                        // part of a name, at least two characters
  std::string name_field = "name";         // where the request has it
  Id before;                               // page: the object after which it begins
  std::string before_day;                  // and that object's day, of a list of days
  int limit = 50;

  void GoOnAfter(const ObjectType& type, const Stored& last);
};

// Of the row that is read, until the transaction ends: kShared keeps it from being changed, kExclusive from being locked too.
enum class Lock { kNone, kShared, kExclusive };

// A number that an object was given, and what its counter then said.
struct Allotted {
  std::string number;
  std::string counter;
  int64_t last;
};

class Store {
 public:
  explicit Store(const crypto::Keyring& keyring) : keyring_(keyring) {}

  // nullopt where there is none of that type.
  absl::StatusOr<std::optional<Stored>> Load(mysql::Connection& connection, const ObjectType& type, const Id& id, Lock lock) const;
  // Those of them that are there, in one statement.
  absl::StatusOr<std::map<Id, Stored>> LoadMany(mysql::Connection& connection, const ObjectType& type, std::vector<Id> ids, Lock lock) const;
  // New objects with their index as of `today`; one statement a table. `taken` of a Unique where another object has it.
  // REQUIRES: common fields are set.
  absl::Status Insert(mysql::Connection& connection, const ObjectType& type, absl::Span<const Stored* const> objects,
                      absl::CivilDay today) const;
  // Body, version and index of objects that the transaction has locked; likewise. Errors as of Insert.
  absl::Status Update(mysql::Connection& connection, const ObjectType& type, absl::Span<const Changed> objects) const;
  // What Update would refuse: a Unique of the object after the change, or its number, that another one has.
  absl::Status RequireFree(mysql::Connection& connection, const ObjectType& type, const Id& id, const Message& before,
                           const Message& after) const;
  // The terms of these objects, which the transaction has locked, anew.
  absl::Status RewriteTerms(mysql::Connection& connection, const ObjectType& type, const std::map<Id, Stored>& objects) const;
  // What of the index follows the calendar and no act: a limit has passed, a right has lapsed.
  absl::Status UpdateDue(mysql::Connection& connection, const ObjectType& type, const Stored& stored, absl::CivilDay today) const;
  // Newest first; where days are asked for, by these. Whatever the query, it begins with the narrowest stretch of an index that
  // the query has (list.cc), which is looked for, not estimated.
  absl::StatusOr<std::vector<Stored>> List(mysql::Connection& connection, const ObjectType& type, const ListQuery& query) const;
  // By parent the types of the open objects that have it.
  absl::StatusOr<std::map<Id, std::vector<std::string>>> OpenChildren(mysql::Connection& connection, std::vector<Id> parents) const;
  // The next number of a counter; the row stays locked until the transaction ends, so take it last.
  absl::StatusOr<int64_t> NextNumber(mysql::Connection& connection, const std::string& counter) const;
  // The next one that no object of the organisation bears yet, in words: imports keep the numbers they came with.
  absl::StatusOr<Allotted> NextFreeNumber(mysql::Connection& connection, const ObjectType& type, const std::string& organisation,
                                          const Numbering& numbering) const;

  absl::StatusOr<std::optional<DoneRequest>> FindRequest(mysql::Connection& connection, const std::string& caller,
                                                         const std::string& method, const std::string& request_id, bool lock) const;
  // Of several request_ids those that are done, with the objects that they made.
  absl::StatusOr<std::map<std::string, DoneCreation>> FindRequests(mysql::Connection& connection, const std::string& caller,
                                                                   const std::string& method,
                                                                   const std::vector<std::string>& request_ids) const;
  absl::Status InsertRequest(mysql::Connection& connection, const std::string& caller, const std::string& method,
                             const std::string& request_id, const DoneRequest& done, absl::Time now) const;
  // The same request_id now stands for another act.
  absl::Status ReplaceRequest(mysql::Connection& connection, const std::string& caller, const std::string& method,
                              const std::string& request_id, const DoneRequest& done, absl::Time now) const;
  // What is stored of a request's digest: a keyed hash, for who reads the table could find a name or a telephone number
  // by trying all of them on a plain one.
  std::string KeyedDigest(const std::string& digest) const;
  // By which the journal names a request of the ledger; empty for one without an id.
  std::string RequestKey(absl::string_view caller, absl::string_view method, absl::string_view request_id) const;
  // Whether a stored digest is that of a request. Rows of earlier versions, kept for ninety days, hold it plain.
  bool SameRequest(const std::string& stored, const std::string& digest) const;

  // The body of an object, which is bound to its id, type and version. DATA_LOSS where the text is not that.
  absl::StatusOr<std::string> DecryptBody(const std::string& type, const Id& id, int64_t version, const std::string& text) const;

  // The texts of a journal row, bound to its id, type and version, which are set before.
  journal::Text EncryptImage(const journal::Row& row, const v1::Image& image) const;
  // `request`: a serialized v1::KeptRequest; empty: nothing is kept.
  journal::Text EncryptRequest(const journal::Row& row, const std::string& request) const;
  // Of a whole row. DATA_LOSS where the text is not the row's.
  absl::StatusOr<v1::Image> DecryptImage(const journal::Row& row) const;
  absl::StatusOr<std::string> DecryptRequest(const journal::Row& row) const;
  // Of the row with this id.
  absl::StatusOr<v1::Image> ImageOf(mysql::Connection& connection, const Id& journal_id) const;

 private:
  // One statement of List.
  absl::StatusOr<std::vector<Stored>> ListOnce(mysql::Connection& connection, const ObjectType& type,
                                               const ListQuery& query) const;
  absl::Status KeepUnique(mysql::Connection& connection, const ObjectType& type, const Id& id, const std::vector<Unique>& old_values,
                          const std::vector<Unique>& new_values) const;
  std::string EncryptBody(const ObjectType& type, const Stored& stored) const;
  absl::StatusOr<Stored> Read(const ObjectType& type, const mysql::Row& row) const;

  const crypto::Keyring& keyring_;
};

extern const mysql::Migration kSchema[];
extern const size_t kSchemaSteps;

}  // namespace sifa::casework
