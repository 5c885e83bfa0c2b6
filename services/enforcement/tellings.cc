#include "services/enforcement/tellings.h"

#include <tuple>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::enforcement {
namespace {

auto Rank(const Telling& telling) { return std::tie(telling.data_date, telling.source, telling.row); }

std::string Context(const Telling& telling) { return absl::StrCat("telling:", telling.source.AsBytes()); }

std::string Deterministic(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

constexpr char kColumns[] = "source, row_no, block, case_id, entry, digest, data_date, body";

Telling FromRow(const mysql::Row& row) {
  return {row.AsId(0), row.Int(1), row.Int(2), row.AsId(3), row.Bytes(4), row.Bytes(5), row.Day(6),
          row.IsNull(7) ? "" : row.Bytes(7)};
}

}  // namespace

const Telling* Standing(const std::vector<Telling>& tellings, absl::string_view entry) {
  std::map<absl::string_view, const Telling*> first;  // by content
  for (const Telling& telling : tellings) {
    if (telling.entry != entry) continue;
    const Telling*& known = first[telling.digest];
    if (known == nullptr || std::tie(telling.source, telling.row) < std::tie(known->source, known->row)) known = &telling;
  }
  const Telling* standing = nullptr;
  for (const auto& [digest, telling] : first) {
    if (standing == nullptr || Rank(*standing) < Rank(*telling)) standing = telling;
  }
  return standing;
}

absl::StatusOr<std::map<Id, std::vector<Telling>>> TellingsOf(mysql::Connection& connection, const std::vector<Id>& cases) {
  std::map<Id, std::vector<Telling>> found;
  if (cases.empty()) return found;
  std::vector<mysql::Value> ids(cases.begin(), cases.end());
  while ((ids.size() & (ids.size() - 1)) != 0) ids.push_back(cases.back());  // few prepared texts for every size
  RETURN_IF_ERROR(connection.Each(
      absl::StrCat("SELECT ", kColumns, " FROM telling WHERE withdrawn = 0 AND case_id IN (",
                   absl::StrJoin(std::vector<absl::string_view>(ids.size(), "?"), ","), ") ORDER BY case_id, source, row_no"),
      ids, [&](mysql::Row& row) {
        found[row.AsId(3)].push_back(FromRow(row));
        return absl::OkStatus();
      }));
  return found;
}

absl::Status InsertTellings(mysql::Connection& connection, const std::vector<Telling>& tellings) {
  if (tellings.empty()) return absl::OkStatus();
  std::vector<mysql::Value> values;
  for (const Telling& t : tellings) {
    values.insert(values.end(), {t.source, t.row, t.block, t.case_id, t.entry, t.digest, t.data_date, 0,
                                 t.body.empty() ? mysql::Value(std::nullopt) : mysql::Value(t.body)});
  }
  return mysql::InsertRows(
      connection, "INSERT INTO telling (source, row_no, block, case_id, entry, digest, data_date, withdrawn, body) VALUES", 9,
      values);
}

absl::Status MoveTellings(mysql::Connection& connection, const Id& from, const std::string& entry, const Id& to) {
  return connection.Execute("UPDATE telling SET case_id = ? WHERE case_id = ? AND entry = ?", {to, from, entry}).status();
}

absl::Status TellTyped(const casework::Backend& backend, mysql::Connection& connection, const Id& case_id, const v1::Entry& entry) {
  const absl::Time now = backend.clock.Now();
  Telling telling{.source = NewId(now),
                  .case_id = case_id,
                  .entry = absl::HexStringToBytes(entry.key()),
                  .data_date = DayOf(now)};
  telling.digest = std::string(telling.source.AsBytes());  // no other content is this one
  telling.body = backend.keyring.Encrypt(entry.SerializeAsString(), Context(telling));
  return InsertTellings(connection, {telling});
}

absl::StatusOr<v1::Entry> TypedEntry(const crypto::Keyring& keyring, const Telling& telling) {
  ASSIGN_OR_RETURN(const std::string plain, keyring.Decrypt(telling.body, Context(telling)));
  v1::Entry entry;
  if (!entry.ParseFromString(plain)) return Internal("a typed entry does not parse");
  return entry;
}

std::string ContentDigest(const crypto::Keyring& keyring, const v1::Entry& entry) {
  v1::Entry content = entry;
  content.clear_key();
  content.clear_origin();
  return keyring.BlindIndex("entry", Deterministic(content));
}

}  // namespace sifa::enforcement
