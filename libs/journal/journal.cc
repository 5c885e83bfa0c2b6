#include "libs/journal/journal.h"

#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::journal {
namespace {

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
  record BLOB NOT NULL,
  image LONGBLOB NOT NULL,
  KEY by_object (object_id, version, actor),
  KEY by_actor (actor, id, object_type, version, object_id),
  KEY by_action (action, id),
  KEY by_type (object_type, id),
  KEY by_organisation (organisation_path, id)
);
CREATE TABLE journal_pending (
  id BINARY(16) NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
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

const char kColumns[] =
    "j.id, j.object_id, j.object_type, j.version, j.organisation, j.organisation_path, j.region, j.actor, j.action, "
    "j.from_state, j.to_state, j.occurred_on, j.recorded_at, j.record, j.image";

std::string Row::SealedBytes() const {
  std::string bytes;
  bytes.reserve(256 + record.size() + image.size());
  for (absl::string_view part :
       {id.AsBytes(), object_id.AsBytes(), absl::string_view(object_type), absl::string_view(organisation),
        absl::string_view(organisation_path), absl::string_view(region), absl::string_view(actor), absl::string_view(action),
        absl::string_view(from_state), absl::string_view(to_state), absl::string_view(record), absl::string_view(image)}) {
    AppendPart(part, &bytes);
  }
  AppendPart(absl::StrCat(version, " ", FormatDay(occurred_on), " ", absl::ToUnixMicros(recorded_at)), &bytes);
  return bytes;
}

absl::Status Append(mysql::Connection& connection, absl::Span<const Row> rows) {
  std::vector<mysql::Value> values, pending;
  values.reserve(rows.size() * kColumnCount);
  for (const Row& row : rows) {
    values.insert(values.end(),
                  {row.id, row.object_id, row.object_type, row.version, row.organisation, row.organisation_path, row.region,
                   row.actor, row.action, row.from_state, row.to_state, row.occurred_on, row.recorded_at, row.record, row.image});
    pending.insert(pending.end(), {row.id, row.version});
  }
  RETURN_IF_ERROR(mysql::InsertRows(connection,
                                    "INSERT INTO journal (id, object_id, object_type, version, organisation, organisation_path, "
                                    "region, actor, action, from_state, to_state, occurred_on, recorded_at, record, image) VALUES",
                                    kColumnCount, values));
  return mysql::InsertRows(connection, "INSERT INTO journal_pending (id, version) VALUES", 2, pending);
}

Row ReadRow(const mysql::Row& row, int c) {
  return {row.AsId(c),      row.AsId(c + 1),  row.Bytes(c + 2), row.Int(c + 3),    row.Bytes(c + 4),
          row.Bytes(c + 5), row.Bytes(c + 6), row.Bytes(c + 7), row.Bytes(c + 8),  row.Bytes(c + 9),
          row.Bytes(c + 10), row.Day(c + 11), row.Time(c + 12), row.Bytes(c + 13), row.Bytes(c + 14)};
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
