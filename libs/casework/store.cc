#include "libs/casework/store.h"

#include <algorithm>
#include <bit>
#include <deque>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/object_index.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

constexpr int kObjectColumns = 22;
constexpr size_t kDigestSize = 32;  // of the column, which a shorter value fills up with zeros
constexpr char kInsertObject[] =
    "INSERT INTO object (id, type, version, state, open, organisation, organisation_path, region, number, parent, assignee, day, "
    "due_on, due_at, due_end, due_clock, provisional, unsettled, created_at, updated_at, link, body) VALUES";

// What of it a change may change; the rest stays as it was inserted.
constexpr char kUpdateObject[] =
    "ON DUPLICATE KEY UPDATE version = VALUES(version), state = VALUES(state), open = VALUES(open), organisation = "
    "VALUES(organisation), organisation_path = VALUES(organisation_path), region = VALUES(region), number = VALUES(number), "
    "parent = "
    "VALUES(parent), assignee = VALUES(assignee), day = VALUES(day), due_on = VALUES(due_on), due_at = VALUES(due_at), due_end = "
    "VALUES(due_end), due_clock "
    "= VALUES(due_clock), "
    "provisional = "
    "VALUES(provisional), unsettled = VALUES(unsettled), updated_at = VALUES(updated_at), link = VALUES(link), body = "
    "VALUES(body)";

std::string BodyContext(const std::string& type, const Id& id, int64_t version) {
  return absl::StrCat("object:", type, ":", version, ":", id.AsBytes());
}

constexpr absl::string_view kLocking[] = {"", " LOCK IN SHARE MODE", " FOR UPDATE"};  // by Lock

std::string Holes(size_t count) {
  std::string holes;
  for (size_t i = 0; i < count; ++i) holes += i == 0 ? "?" : ",?";
  return holes;
}

// As many as the next power of two, the last one repeated: few texts of statements serve lists of every length.
std::vector<mysql::Value> Padded(std::vector<Id>* ids) {
  ids->resize(std::bit_ceil(ids->size()), ids->back());
  return std::vector<mysql::Value>(ids->begin(), ids->end());
}

// Of one statement: keeps what its values are views of.
class ObjectRows {
 public:
  explicit ObjectRows(size_t count) { columns_.reserve(count); }

  void Add(const ObjectType& type, const Stored& stored, const Index& index, std::string body, absl::Time updated_at, absl::CivilDay today) {
    const Columns& c = columns_.emplace_back(type, *stored.object, index.day, std::move(body), today);
    values_.insert(values_.end(), {stored.id,
                                   type.name,
                                   stored.version,
                                   c.common.state,
                                   c.due.open,
                                   c.common.organisation,
                                   c.common.organisation_path,
                                   c.common.region,
                                   c.Number(),
                                   c.parent,
                                   c.common.assignee,
                                   c.day,
                                   c.due.on,
                                   c.due.at,
                                   c.due.end,
                                   c.due.clock,
                                   c.due.provisional,
                                   c.due.unsettled,
                                   stored.created_at,
                                   updated_at,
                                   stored.link,
                                   c.body});
  }
  absl::Status Write(mysql::Connection& connection, absl::string_view suffix = "") const {
    return mysql::InsertRows(connection, kInsertObject, kObjectColumns, values_, suffix);
  }

 private:
  std::vector<Columns> columns_;
  std::vector<mysql::Value> values_;
};

// Likewise.
class TermRows {
 public:
  void Add(const ObjectType& type, Term term, const Id& object) {
    const Term& kept = terms_.emplace_back(std::move(term));
    values_.insert(values_.end(), {type.name, kept.kind, kept.value, object});
  }
  absl::Status Write(mysql::Connection& connection) const {
    return mysql::InsertRows(connection, "INSERT INTO term (type, kind, value, object_id) VALUES", 4, values_);
  }

 private:
  std::deque<Term> terms_;
  std::vector<mysql::Value> values_;
};

}  // namespace

absl::Status NumberTaken() {
  return Error(absl::StatusCode::kAlreadyExists, "NUMBER_TAKEN", "该编号已被本单位的另一案件使用");
}

// Those of `values` that are not among `others`.
static std::vector<Unique> Without(const std::vector<Unique>& values, const std::vector<Unique>& others) {
  std::vector<Unique> rest;
  for (const Unique& value : values) {
    const auto same = [&](const Unique& other) { return other.kind == value.kind && other.value == value.value; };
    if (std::none_of(others.begin(), others.end(), same)) rest.push_back(value);
  }
  return rest;
}

// Whether one who has the value already keeps it from another.
static bool Keeps(const mysql::Rows& holders, const Unique& value) {
  return holders.empty() || value.holder.empty() || holders[0].Bytes(0) != value.holder;
}

absl::Status Store::RequireFree(mysql::Connection& connection, const ObjectType& type, const Id& id, const Message& before,
                                const Message& after) const {
  const Common was = type.common(before), is = type.common(after);
  if (!is.number.empty() && is.number != was.number) {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT id FROM object WHERE type = ? AND organisation = ? AND number = ?",
                                                       {type.name, is.organisation, is.number}));
    if (!rows.empty() && rows[0].AsId(0) != id) return NumberTaken();
  }
  if (!type.index) return absl::OkStatus();
  for (const Unique& value : Without(type.index(after).unique, type.index(before).unique)) {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT holder FROM unique_term WHERE type = ? AND kind = ? AND value = ?",
                                                       {type.name, value.kind, value.value}));
    if (!rows.empty() && Keeps(rows, value)) return value.taken;
  }
  return absl::OkStatus();
}

absl::Status Store::KeepUnique(mysql::Connection& connection, const ObjectType& type, const Id& id, const std::vector<Unique>& old_values,
                               const std::vector<Unique>& new_values) const {
  for (const Unique& value : Without(old_values, new_values)) {
    RETURN_IF_ERROR(connection.Execute("DELETE FROM unique_term WHERE type = ? AND kind = ? AND value = ? AND object_id = ?",
                                       {type.name, value.kind, value.value, id}).status());
  }
  for (const Unique& value : Without(new_values, old_values)) {
    const absl::Status kept = connection.Execute("INSERT INTO unique_term (type, kind, value, object_id, holder) VALUES (?,?,?,?,?)",
                                                 {type.name, value.kind, value.value, id, value.holder}).status();
    if (ReasonOf(kept) != "DATABASE_DUPLICATE") {
      RETURN_IF_ERROR(kept);
      continue;
    }
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT holder FROM unique_term WHERE type = ? AND kind = ? AND value = ?",
                                                       {type.name, value.kind, value.value}));
    if (Keeps(rows, value)) return value.taken;
    RETURN_IF_ERROR(connection.Execute("UPDATE unique_term SET object_id = ? WHERE type = ? AND kind = ? AND value = ?",
                                       {id, type.name, value.kind, value.value}).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<Stored> Store::Read(const ObjectType& type, const mysql::Row& row) const {
  Stored stored{row.AsId(0), row.Int(1), {}, std::unique_ptr<Message>(type.prototype->New()), row.Bytes(3)};
  ASSIGN_OR_RETURN(const std::string body, DecryptBody(type.name, stored.id, stored.version, row.Bytes(2)));
  if (!stored.object->ParseFromString(body)) return Internal(absl::StrCat("body does not parse: ", stored.id.ToString()));
  stored.created_at = type.common(*stored.object).created;  // as it was sealed, not as a column says
  return stored;
}

std::string Store::EncryptBody(const ObjectType& type, const Stored& stored) const {
  return keyring_.Encrypt(stored.object->SerializeAsString(), BodyContext(type.name, stored.id, stored.version));
}

absl::StatusOr<std::string> Store::DecryptBody(const std::string& type, const Id& id, int64_t version,
                                               const std::string& text) const {
  return keyring_.Decrypt(text, BodyContext(type, id, version));
}

absl::StatusOr<std::optional<Stored>> Store::Load(mysql::Connection& connection, const ObjectType& type, const Id& id,
                                                  Lock lock) const {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT id, version, body, link FROM object WHERE id = ? AND type = ?",
                                                 kLocking[static_cast<int>(lock)]),
                                    {id, type.name}));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(Stored stored, Read(type, rows[0]));
  return stored;
}

absl::StatusOr<std::map<Id, Stored>> Store::LoadMany(mysql::Connection& connection, const ObjectType& type, std::vector<Id> ids,
                                                     Lock lock) const {
  std::map<Id, Stored> found;
  if (ids.empty()) return found;
  std::vector<mysql::Value> values = Padded(&ids);
  values.push_back(type.name);
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT id, version, body, link FROM object WHERE id IN (",
                                                                  Holes(ids.size()), ") AND type = ?", kLocking[static_cast<int>(lock)]),
                                                     values));
  for (const auto& row : rows) {
    ASSIGN_OR_RETURN(found[row.AsId(0)], Read(type, row));
  }
  return found;
}

absl::Status Store::Insert(mysql::Connection& connection, const ObjectType& type, absl::Span<const Stored* const> objects,
                           absl::CivilDay today) const {
  ObjectRows rows(objects.size());
  TermRows terms;
  std::vector<std::pair<Id, std::vector<Unique>>> unique;
  for (const Stored* stored : objects) {
    Index index = IndexOf(type, *stored->object);
    rows.Add(type, *stored, index, EncryptBody(type, *stored), stored->created_at, today);
    if (!index.unique.empty()) unique.emplace_back(stored->id, index.unique);
    for (Term& term : TermsOf(type, *stored->object, std::move(index), keyring_)) terms.Add(type, std::move(term), stored->id);
  }
  RETURN_IF_ERROR(rows.Write(connection));
  for (const auto& [id, values] : unique) RETURN_IF_ERROR(KeepUnique(connection, type, id, {}, values));
  return terms.Write(connection);
}

absl::Status Store::Update(mysql::Connection& connection, const ObjectType& type, absl::Span<const Changed> objects) const {
  ObjectRows rows(objects.size());
  std::vector<Index> indexes;
  indexes.reserve(objects.size());
  for (const Changed& changed : objects) {
    const Index& index = indexes.emplace_back(IndexOf(type, *changed.after.object));
    rows.Add(type, changed.after, index, EncryptBody(type, changed.after), changed.at, DayOf(changed.at));
  }
  // Their rows are there and locked: so the primary key is met first, and another object's number is refused as a duplicate.
  RETURN_IF_ERROR(rows.Write(connection, kUpdateObject));
  TermRows added;
  for (size_t i = 0; i < objects.size(); ++i) {
    const Stored& after = objects[i].after;
    Index index = IndexOf(type, objects[i].before);
    RETURN_IF_ERROR(KeepUnique(connection, type, after.id, index.unique, indexes[i].unique));
    const auto old_terms = TermsOf(type, objects[i].before, std::move(index), keyring_);
    const auto new_terms = TermsOf(type, *after.object, std::move(indexes[i]), keyring_);
    for (const Term& term : new_terms) {
      if (!absl::c_linear_search(old_terms, term)) added.Add(type, term, after.id);
    }
    for (const Term& term : old_terms) {
      if (absl::c_linear_search(new_terms, term)) continue;
      RETURN_IF_ERROR(connection.Execute("DELETE FROM term WHERE type = ? AND kind = ? AND value = ? AND object_id = ?",
                                         {type.name, term.kind, term.value, after.id}).status());
    }
  }
  return added.Write(connection);
}

absl::Status Store::RewriteTerms(mysql::Connection& connection, const ObjectType& type, const std::map<Id, Stored>& objects) const {
  TermRows terms;
  for (const auto& [id, stored] : objects) {
    RETURN_IF_ERROR(connection.Execute("DELETE FROM term WHERE type = ? AND object_id = ?", {type.name, id}).status());
    for (Term& term : TermsOf(type, *stored.object, IndexOf(type, *stored.object), keyring_)) terms.Add(type, std::move(term), id);
  }
  return terms.Write(connection);
}

absl::Status Store::UpdateDue(mysql::Connection& connection, const ObjectType& type, const Stored& stored,
                              absl::CivilDay today) const {
  const Due due(type, *stored.object, today);
  return connection
      .Execute(
          "UPDATE object SET open = ?, due_on = ?, due_at = ?, due_end = ?, due_clock = ?, provisional = ?, unsettled = ? WHERE "
          "id = ?",
          {due.open, due.on, due.at, due.end, due.clock, due.provisional, due.unsettled, stored.id})
      .status();
}

absl::StatusOr<std::map<Id, std::vector<std::string>>> Store::OpenChildren(mysql::Connection& connection,
                                                                           std::vector<Id> parents) const {
  std::map<Id, std::vector<std::string>> types;
  if (parents.empty()) return types;
  std::vector<mysql::Value> values = Padded(&parents);
  values.push_back(kOpen);
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT parent, type FROM object WHERE parent IN (",
                                                                  Holes(parents.size()), ") AND open = ?"), values));
  for (const auto& row : rows) types[row.AsId(0)].push_back(row.Bytes(1));
  return types;
}

absl::StatusOr<int64_t> Store::NextNumber(mysql::Connection& connection, const std::string& counter) const {
  RETURN_IF_ERROR(connection.Execute("INSERT INTO counter (name, last) VALUES (?, LAST_INSERT_ID(1))"
                                     " ON DUPLICATE KEY UPDATE last = LAST_INSERT_ID(last + 1)", {counter}).status());
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT LAST_INSERT_ID()"));
  return rows.front().Int(0);
}

absl::StatusOr<Allotted> Store::NextFreeNumber(mysql::Connection& connection, const ObjectType& type,
                                               const std::string& organisation, const Numbering& numbering) const {
  ASSIGN_OR_RETURN(const int64_t next, NextNumber(connection, numbering.counter));
  for (int64_t number = next;; ++number) {
    std::string text = numbering.format(number);
    // The lock waits for an import that is bringing this very number.
    ASSIGN_OR_RETURN(const auto taken, connection.Query("SELECT 1 FROM object WHERE type = ? AND organisation = ? AND number = ?"
                                                        " LOCK IN SHARE MODE", {type.name, organisation, text}));
    if (!taken.empty()) continue;
    if (number == next) return Allotted{text, numbering.counter, number};
    RETURN_IF_ERROR(connection.Execute("UPDATE counter SET last = ? WHERE name = ?", {number, numbering.counter}).status());
    return Allotted{text, numbering.counter, number};
  }
}

absl::StatusOr<std::optional<DoneRequest>> Store::FindRequest(mysql::Connection& connection, const std::string& caller,
                                                              const std::string& method, const std::string& request_id,
                                                              bool lock) const {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT digest, journal_id FROM request WHERE caller = ? AND method = ? AND "
                                                 "request_id = ?", lock ? " FOR UPDATE" : ""),
                                    {caller, method, request_id}));
  if (rows.empty()) return std::nullopt;
  return DoneRequest{rows[0].Bytes(0), rows[0].AsId(1)};
}

absl::StatusOr<std::map<std::string, DoneCreation>> Store::FindRequests(mysql::Connection& connection, const std::string& caller,
                                                                        const std::string& method,
                                                                        const std::vector<std::string>& request_ids) const {
  std::vector<mysql::Value> values = {caller, method};
  for (const auto& id : request_ids) values.push_back(id);
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT r.request_id, r.digest, o.id, o.state FROM request r"
                                                 " JOIN journal j ON j.id = r.journal_id JOIN object o ON o.id = j.object_id"
                                                 " WHERE r.caller = ? AND r.method = ? AND r.request_id IN (",
                                                 Holes(request_ids.size()), ")"), values));
  std::map<std::string, DoneCreation> done;
  for (const auto& row : rows) done.emplace(row.Bytes(0), DoneCreation{row.Bytes(1), row.AsId(2), static_cast<int>(row.Int(3))});
  return done;
}

absl::Status Store::InsertRequest(mysql::Connection& connection, const std::string& caller, const std::string& method,
                                  const std::string& request_id, const DoneRequest& done, absl::Time now) const {
  return connection.Execute(
      "INSERT INTO request (caller, method, request_id, digest, journal_id, created_at) VALUES (?,?,?,?,?,?)",
      {caller, method, request_id, done.digest, done.journal_id, now}).status();
}

absl::Status Store::ReplaceRequest(mysql::Connection& connection, const std::string& caller, const std::string& method,
                                   const std::string& request_id, const DoneRequest& done, absl::Time now) const {
  return connection.Execute(
      "UPDATE request SET digest = ?, journal_id = ?, created_at = ? WHERE caller = ? AND method = ? AND request_id = ?",
      {done.digest, done.journal_id, now, caller, method, request_id}).status();
}

std::string Store::KeyedDigest(const std::string& digest) const {
  std::string keyed = keyring_.BlindIndex("request", digest);
  keyed.resize(kDigestSize);
  return keyed;
}

std::string Store::RequestKey(absl::string_view caller, absl::string_view method, absl::string_view request_id) const {
  if (request_id.empty()) return "";
  return keyring_.BlindIndex("request key", absl::StrCat(caller.size(), ":", caller, method.size(), ":", method, request_id));
}

bool Store::SameRequest(const std::string& stored, const std::string& digest) const {
  return stored == KeyedDigest(digest) || stored == digest;
}

journal::Text Store::EncryptImage(const journal::Row& row, const v1::Image& image) const {
  return EncryptText(keyring_, row, "image", image.SerializeAsString());
}

journal::Text Store::EncryptRequest(const journal::Row& row, const std::string& request) const {
  return request.empty() ? journal::Text() : EncryptText(keyring_, row, "request", request);
}

absl::StatusOr<std::string> Store::DecryptRequest(const journal::Row& row) const {
  return DecryptText(keyring_, row, "request", row.request);
}

absl::StatusOr<v1::Image> Store::ImageOf(mysql::Connection& connection, const Id& journal_id) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(absl::StrCat("SELECT ", journal::kWholeColumns, " FROM journal j WHERE j.id = ?"), {journal_id}));
  if (rows.empty()) return Internal("a journal row is missing");
  return DecryptImage(journal::ReadWholeRow(rows[0], 0));
}

absl::StatusOr<v1::Image> Store::DecryptImage(const journal::Row& row) const {
  ASSIGN_OR_RETURN(const std::string plain, DecryptText(keyring_, row, "image", row.image));
  v1::Image image;
  if (!image.ParseFromString(plain)) return Internal("journal image does not parse");
  return image;
}

}  // namespace sifa::casework
