#include "libs/journal/journal.h"

#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"

namespace sifa::journal {
namespace {

constexpr int kRead = 22;             // columns of kColumns
constexpr int kInserted = kRead + 2;  // and the texts

void AppendPart(absl::string_view part, std::string* bytes) {
  const uint32_t size = static_cast<uint32_t>(part.size());
  for (int shift = 24; shift >= 0; shift -= 8) bytes->push_back(static_cast<char>(size >> shift & 0xff));
  bytes->append(part.data(), part.size());
}

}  // namespace

const mysql::Migration kSchema[] = {
    {1, "journal", R"sql(
CREATE TABLE journal (
  id BINARY(16) NOT NULL PRIMARY KEY,
  object_id BINARY(16) NOT NULL,
  object_type VARCHAR(40) NOT NULL,
  version BIGINT NOT NULL,
  organisation VARCHAR(40) NOT NULL,
  organisation_path VARCHAR(255) NOT NULL,
  region VARCHAR(12) NOT NULL,
  actor VARCHAR(40) NOT NULL,
  action VARCHAR(60) NOT NULL,
  from_state VARCHAR(40) NOT NULL,
  to_state VARCHAR(40) NOT NULL,
  occurred_on DATE NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  occurred_at DATETIME(6) NULL,
  writer BINARY(16) NOT NULL,
  number BIGINT NOT NULL,
  link VARBINARY(32) NOT NULL,
  mac VARBINARY(64) NOT NULL,
  image_digest VARBINARY(64) NOT NULL,
  request_digest VARBINARY(64) NOT NULL,
  remark BLOB NOT NULL,
  record BLOB NOT NULL,
  image LONGBLOB NOT NULL,
  request LONGBLOB NOT NULL,
  KEY by_object (object_id, version, id, actor),
  KEY by_actor (actor, id, object_type, version, object_id),
  KEY by_action (action, id),
  KEY by_type (object_type, id),
  KEY by_organisation (organisation_path, id)
);
CREATE TABLE journal_pending (
  id BINARY(16) NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
);
CREATE TABLE journal_quarantine (
  id BINARY(16) NOT NULL PRIMARY KEY,
  reason VARCHAR(40) NOT NULL,
  found_at DATETIME(6) NOT NULL
);
CREATE TABLE journal_seal (
  position BIGINT NOT NULL PRIMARY KEY,
  id BINARY(16) NOT NULL,
  digest BINARY(32) NOT NULL,
  UNIQUE KEY by_row (id)
);
CREATE TABLE journal_head (
  position BIGINT NOT NULL PRIMARY KEY,
  digest BINARY(32) NOT NULL,
  signed_at DATETIME(6) NOT NULL,
  signature VARBINARY(255) NOT NULL
);
CREATE TABLE follower (
  name VARCHAR(40) NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL
);
)sql"},
};
const size_t kSchemaSteps = std::size(kSchema);

// `t` stands before each column: the alias of the table, or nothing.
#define SIFA_JOURNAL_COLUMNS(t)                                                                                                  \
  t "id, " t "object_id, " t "object_type, " t "version, " t "organisation, " t "organisation_path, " t "region, " t "actor, " t \
    "action, " t "from_state, " t "to_state, " t "occurred_on, " t "recorded_at, " t "record, " t "occurred_at, " t              \
    "image_digest, " t "request_digest, " t "writer, " t "number, " t "remark, " t "link, " t "mac"
const char kColumns[] = SIFA_JOURNAL_COLUMNS("j.");
const char kWholeColumns[] = SIFA_JOURNAL_COLUMNS("j.") ", j.image, j.request";
const char kInsert[] = "INSERT INTO journal (" SIFA_JOURNAL_COLUMNS("") ", image, request) VALUES";
#undef SIFA_JOURNAL_COLUMNS

std::string Row::SignedBytes() const {
  std::string bytes;
  bytes.reserve(512 + record.size() + remark.size());
  for (absl::string_view part :
       {id.AsBytes(), object_id.AsBytes(), absl::string_view(object_type), absl::string_view(organisation),
        absl::string_view(organisation_path), absl::string_view(region), absl::string_view(actor), absl::string_view(action),
        absl::string_view(from_state), absl::string_view(to_state), absl::string_view(record), absl::string_view(image.digest),
        absl::string_view(request.digest), writer.AsBytes(), absl::string_view(remark), absl::string_view(link)}) {
    AppendPart(part, &bytes);
  }
  AppendPart(absl::StrCat(version, " ", number, " ", FormatDay(occurred_on), " ", absl::ToUnixMicros(recorded_at), " ",
                          occurred_at ? absl::StrCat(absl::ToUnixMicros(*occurred_at)) : "-"),
             &bytes);
  return bytes;
}

std::string Row::SealedBytes() const {
  std::string bytes = SignedBytes();
  AppendPart(mac, &bytes);
  return bytes;
}

std::string Row::Digest() const { return crypto::Sm3(SealedBytes()); }

namespace {

std::string TextContext(const Row& row, absl::string_view name) {
  return absl::StrCat("journal:", name, ":", row.object_type, ":", row.version, ":", row.id.AsBytes());
}

}  // namespace

Text EncryptText(const crypto::Keyring& keyring, const Row& row, absl::string_view name, absl::string_view plain) {
  const std::string context = TextContext(row, name);
  return {keyring.Encrypt(plain, context), keyring.Mac(context, plain)};
}

absl::StatusOr<std::string> DecryptText(const crypto::Keyring& keyring, const Row& row, absl::string_view name,
                                        const Text& text) {
  return keyring.Decrypt(text.sealed, TextContext(row, name));
}

bool IsWhole(const crypto::Keyring& keyring, const Row& row, absl::string_view name, const Text& text) {
  if (text.digest.empty()) return text.sealed.empty();
  const auto plain = DecryptText(keyring, row, name, text);
  return plain.ok() && keyring.CheckMac(TextContext(row, name), *plain, text.digest);
}

absl::Status Insert(mysql::Connection& connection, absl::Span<const Row> rows) {
  if (rows.empty()) return absl::OkStatus();
  std::vector<mysql::Value> values, pending;
  values.reserve(rows.size() * kInserted);
  for (const Row& row : rows) {
    values.insert(values.end(),
                  {row.id,          row.object_id, row.object_type, row.version,      row.organisation,   row.organisation_path,
                   row.region,      row.actor,     row.action,      row.from_state,   row.to_state,       row.occurred_on,
                   row.recorded_at, row.record,    row.occurred_at, row.image.digest, row.request.digest, row.writer,
                   row.number,      row.remark,    row.link,        row.mac,          row.image.sealed,   row.request.sealed});
    pending.insert(pending.end(), {row.id, row.version});
  }
  RETURN_IF_ERROR(mysql::InsertRows(connection, kInsert, kInserted, values));
  return mysql::InsertRows(connection, "INSERT INTO journal_pending (id, version) VALUES", 2, pending);
}

Row ReadRow(const mysql::Row& row, int c) {
  Row read;
  read.id = row.AsId(c);
  read.object_id = row.AsId(c + 1);
  read.object_type = row.Bytes(c + 2);
  read.version = row.Int(c + 3);
  read.organisation = row.Bytes(c + 4);
  read.organisation_path = row.Bytes(c + 5);
  read.region = row.Bytes(c + 6);
  read.actor = row.Bytes(c + 7);
  read.action = row.Bytes(c + 8);
  read.from_state = row.Bytes(c + 9);
  read.to_state = row.Bytes(c + 10);
  read.occurred_on = row.Day(c + 11);
  read.recorded_at = row.Time(c + 12);
  read.record = row.Bytes(c + 13);
  if (!row.IsNull(c + 14)) read.occurred_at = row.Time(c + 14);
  read.image.digest = row.Bytes(c + 15);
  read.request.digest = row.Bytes(c + 16);
  read.writer = row.AsId(c + 17);
  read.number = row.Int(c + 18);
  read.remark = row.Bytes(c + 19);
  read.link = row.Bytes(c + 20);
  read.mac = row.Bytes(c + 21);
  return read;
}

Row ReadWholeRow(const mysql::Row& row, int c) {
  Row read = ReadRow(row, c);
  read.image.sealed = row.Bytes(c + kRead);
  read.request.sealed = row.Bytes(c + kRead + 1);
  return read;
}

absl::StatusOr<std::vector<Sealed>> ReadSealed(mysql::Connection& connection, int64_t after, int limit) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT s.position, s.digest, ", kColumns,
                                                 " FROM journal_seal s JOIN journal j ON j.id = s.id"
                                                 " WHERE s.position > ? ORDER BY s.position LIMIT ?"),
                                    {after, limit}));
  std::vector<Sealed> sealed;
  sealed.reserve(rows.size());
  for (const auto& row : rows) sealed.push_back({row.Int(0), row.Bytes(1), ReadRow(row, 2)});
  return sealed;
}

absl::StatusOr<int64_t> HeadPosition(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT COALESCE(MAX(position), 0) FROM journal_seal"));
  return rows[0].Int(0);
}

}  // namespace sifa::journal
