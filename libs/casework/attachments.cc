#include "libs/casework/attachments.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/actor.h"
#include "libs/casework/queries.h"
#include "libs/casework/settled.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/journal/journal.h"

namespace sifa::casework {
namespace {

constexpr char kLabel[] = "附件";
constexpr int kSweepBatch = 20;
const absl::Duration kUnfinishedKept = absl::Hours(24);

std::string MetaContext(const Id& id, const Id& object, int64_t version) {
  return absl::StrCat("attachment:", version, ":", object.AsBytes(), id.AsBytes());
}
std::string ChunkContext(absl::string_view name) { return absl::StrCat("chunk:", name); }

absl::Status Damaged() {
  return Error(absl::StatusCode::kDataLoss, "ATTACHMENT_DAMAGED", "附件内容与入卷时不符");
}

// The name of a chunk: equal contents are kept once.
std::string ChunkName(const crypto::Keyring& keyring, const std::string& plain) {
  return keyring.BlindIndex("chunk", crypto::Sha256(plain));
}

// The columns id, object_id, version, meta, from the first on.
absl::StatusOr<v1::Attachment> MetaOf(const Backend& backend, const mysql::Row& row) {
  return ReadMeta(backend.keyring, row.AsId(0), row.AsId(1), row.Int(2), row.Bytes(3));
}

void SetTime(absl::Time time, google::protobuf::Timestamp* field) {
  field->set_seconds(absl::ToUnixSeconds(time));
}

}  // namespace

absl::StatusOr<v1::Attachment> ReadMeta(const crypto::Keyring& keyring, const Id& id, const Id& object, int64_t version,
                                        const std::string& text) {
  ASSIGN_OR_RETURN(const std::string plain, keyring.Decrypt(text, MetaContext(id, object, version)));
  v1::Attachment meta;
  if (!meta.ParseFromString(plain)) return Internal("attachment does not parse");
  return meta;
}

absl::StatusOr<std::string> ReadChunk(const crypto::Keyring& keyring, mysql::Connection& connection, const Id& id, int sequence) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT c.name, c.body FROM attachment_chunk a JOIN chunk c ON c.name = a.name"
                                    " WHERE a.attachment_id = ? AND a.sequence = ?",
                                    {id, sequence}));
  if (rows.empty()) return Damaged();
  auto text = keyring.Decrypt(rows[0].Bytes(1), ChunkContext(rows[0].Bytes(0)));
  if (!text.ok() || ChunkName(keyring, *text) != rows[0].Bytes(0)) return Damaged();
  return text;
}

const ObjectType* Attachments::TypeNamed(const std::string& name) const {
  const auto found =
      std::find_if(types_.begin(), types_.end(), [&](const ObjectType* type) { return type->name == name; });
  return found == types_.end() ? nullptr : *found;
}

absl::StatusOr<const ObjectType*> Attachments::TypeOf(const std::string& name) const {
  const ObjectType* type = TypeNamed(name);
  if (type == nullptr) return InvalidField("object_type", "OBJECT_TYPE_UNKNOWN", "这种业务对象没有附件");
  return type;
}

absl::StatusOr<Common> Attachments::ReachedObject(mysql::Connection& connection, const rpc::Call& call,
                                                  const ObjectType& type, const Id& id, Lock lock) const {
  ASSIGN_OR_RETURN(const auto stored, backend_.store.Load(connection, type, id, lock));
  if (!stored) return NotFound(type.label);
  Common common = type.common(*stored->object);
  if (!Actor::Of(call).ReachesObject(type, *stored->object)) return NotFound(type.label);
  return common;
}

absl::StatusOr<Common> Attachments::OpenObject(mysql::Connection& connection, const rpc::Call& call,
                                               const ObjectType& type, const Id& id) const {
  ASSIGN_OR_RETURN(Common common, ReachedObject(connection, call, type, id, Lock::kExclusive));
  if (type.terminal.Has(common.state)) {
    return Error(absl::StatusCode::kFailedPrecondition, "DOSSIER_CLOSED", "案卷已经了结归档或作废，不能再增减附件");
  }
  return common;
}

absl::Status Attachments::SetMeta(mysql::Connection& connection, const Found& found) const {
  const int64_t version = found.version + 1;
  const std::string text =
      backend_.keyring.Encrypt(found.meta.SerializeAsString(), MetaContext(found.id, found.object_id, version));
  ASSIGN_OR_RETURN(const int64_t changed,
                   connection.Execute("UPDATE attachment SET state = ?, version = ?, meta = ? WHERE id = ? AND version = ?",
                                      {static_cast<int>(found.meta.state()), version, text, found.id, found.version}));
  // Swept away while it was being uploaded for more than a day.
  return changed == 1 ? absl::OkStatus()
                      : Error(absl::StatusCode::kAborted, "ATTACHMENT_CUT_OFF", "附件上传已超时，请重新上传");
}

absl::StatusOr<Attachments::Found> Attachments::Find(mysql::Connection& connection, const rpc::Call& call,
                                                     const Id& id, bool lock) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(absl::StrCat("SELECT id, object_id, version, meta FROM attachment WHERE id = ? AND state <> ?",
                                    lock ? " FOR UPDATE" : ""),
                       {id, static_cast<int>(v1::Attachment::UPLOADING)}));
  if (rows.empty()) return NotFound(kLabel);
  Found found{.id = id, .object_id = rows[0].AsId(1), .version = rows[0].Int(2)};
  ASSIGN_OR_RETURN(found.meta, MetaOf(backend_, rows[0]));
  found.type = TypeNamed(found.meta.object_type());
  if (found.type == nullptr) return NotFound(kLabel);
  ASSIGN_OR_RETURN(found.object, ReachedObject(connection, call, *found.type, found.object_id, Lock::kNone));
  return found;
}

absl::StatusOr<Id> Attachments::Journal(mysql::Connection& connection, const rpc::Call& call, const Found& found,
                                        const char* action, const std::string& reason, const RequestKey& key,
                                        const std::string& request) const {
  const absl::Time now = backend_.clock.Now();
  v1::ActRecord record;
  record.set_actor_account(call.claims().account());
  record.add_objects(found.id.ToString());
  record.set_request_key(backend_.store.RequestKey(key.caller, key.method, key.request_id));
  if (!found.meta.document_label().empty()) record.add_papers(found.meta.document_label());
  const std::string state = procedure::NameOf(found.type->states, found.object.state);
  journal::Row row{NewId(now),
                   found.object_id,
                   found.type->name,
                   0,
                   found.object.organisation,
                   found.object.organisation_path,
                   found.object.region,
                   Actor::Of(call).id(),
                   action,
                   state,
                   state,
                   DayOf(now),
                   now,
                   record.SerializeAsString()};
  if (!reason.empty() || !call.purpose().empty()) {
    v1::Image image;
    image.set_reason(reason);
    image.set_purpose(call.purpose());
    row.image = backend_.store.EncryptImage(row, image);
  }
  row.occurred_at = now;
  row.request = backend_.store.EncryptRequest(row, request.empty() ? KeptRequestOf(call) : request);
  RETURN_IF_ERROR(backend_.writer->Append(connection, {row}));
  return row.id;
}

absl::StatusOr<v1::Attachment> Attachments::Repeat(mysql::Connection& connection,
                                                   const Id& journal_id) const {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT record FROM journal WHERE id = ?", {journal_id}));
  v1::ActRecord record;
  if (rows.empty() || !record.ParseFromString(rows[0].Bytes(0)) || record.objects_size() != 1) {
    return Internal("journal row of a request is missing");
  }
  ASSIGN_OR_RETURN(const Id id, ParseId(record.objects(0)));
  ASSIGN_OR_RETURN(const auto found, connection.Query("SELECT id, object_id, version, meta FROM attachment WHERE id = ?", {id}));
  if (found.empty()) return Internal("attachment of a request is missing");
  return MetaOf(backend_, found[0]);
}

absl::StatusOr<std::vector<procedure::File>> FilesOf(const Backend& backend, mysql::Connection& connection,
                                                     const Id& object) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT id, object_id, version, meta FROM attachment WHERE object_id = ? AND state = ?",
                                    {object, static_cast<int>(v1::Attachment::STORED)}));
  std::vector<procedure::File> files;
  for (const auto& row : rows) {
    ASSIGN_OR_RETURN(const v1::Attachment meta, MetaOf(backend, row));
    files.push_back({meta.id(), meta.document()});
  }
  return files;
}

absl::StatusOr<std::vector<v1::Attachment>> Attachments::List(rpc::Call& call, const ObjectType& type,
                                                              const std::string& object) const {
  ASSIGN_OR_RETURN(const Answer reached, GetObject(backend_, type, call, object));
  ASSIGN_OR_RETURN(const Id object_id, ParseId(object));
  std::vector<v1::Attachment> attachments;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    attachments.clear();
    ASSIGN_OR_RETURN(
        const auto rows,
        connection.Query(
            "SELECT id, object_id, version, meta FROM attachment FORCE INDEX (by_object) WHERE object_id = ? AND state <> ?"
            " ORDER BY id LIMIT 1000",
            {object_id, static_cast<int>(v1::Attachment::UPLOADING)}));
    for (const auto& row : rows) {
      ASSIGN_OR_RETURN(attachments.emplace_back(), MetaOf(backend_, row));
    }
    return absl::OkStatus();
  }));
  return attachments;
}

absl::Status Attachments::Download(
    rpc::Call& call, const std::string& id_text,
    const std::function<bool(const v1::Attachment&, std::string piece)>& send) const {
  ASSIGN_OR_RETURN(const Id id, ParseId(id_text));
  Found found;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, Find(connection, call, id, false));
    RETURN_IF_ERROR(CheckPersonal(call, *found.type, found.object.organisation_path));
    if (call.purpose().empty()) return InvalidField("X-Purpose", "PURPOSE_REQUIRED", "查阅附件内容应当说明目的");
    if (found.meta.state() == v1::Attachment::WITHDRAWN) {
      return Error(absl::StatusCode::kFailedPrecondition, "ATTACHMENT_WITHDRAWN", "该附件已撤出，不再提供");
    }
    return Journal(connection, call, found, "READ_ATTACHMENT", "", {}).status();
  }));
  backend_.committed();
  call.GrantUnmasked();
  crypto::Sha256Stream sha256;
  int64_t sent = 0;
  for (int sequence = 0; sent < found.meta.size(); ++sequence) {
    std::string piece;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(piece, ReadChunk(backend_.keyring, connection, id, sequence));
      return absl::OkStatus();
    }));
    sha256.Add(piece);
    sent += static_cast<int64_t>(piece.size());
    // Before the last piece leaves: a reader who got the whole content got the right one.
    if (sent >= found.meta.size() &&
        (sent > found.meta.size() || crypto::Hex(sha256.Finish()) != found.meta.sha256()))
      return Damaged();
    if (!send(found.meta, std::move(piece))) return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Attachment> Attachments::Withdraw(const rpc::Call& call, const std::string& id_text,
                                                     const std::string& reason,
                                                     const std::string& request_id) const {
  ASSIGN_OR_RETURN(const Id id, ParseId(id_text));
  v1::Attachment answer;
  const RequestKey key{Actor::Of(call).id(), call.method().path, request_id,
                       crypto::Sha256(absl::StrCat(id.AsBytes(), reason))};
  const auto withdraw = [&](mysql::Connection& connection) -> absl::StatusOr<Id> {
    ASSIGN_OR_RETURN(Found found, Find(connection, call, id, true));
    RETURN_IF_ERROR(OpenObject(connection, call, *found.type, found.object_id).status());
    if (found.meta.state() == v1::Attachment::WITHDRAWN) {
      return Error(absl::StatusCode::kFailedPrecondition, "ATTACHMENT_WITHDRAWN", "该附件已经撤出");
    }
    found.meta.set_state(v1::Attachment::WITHDRAWN);
    found.meta.set_withdrawn_by(Actor::Of(call).id());
    found.meta.set_withdrawn_by_account(call.claims().account());
    found.meta.set_withdraw_reason(reason);
    SetTime(call.now(), found.meta.mutable_withdraw_time());
    RETURN_IF_ERROR(SetMeta(connection, found));
    answer = found.meta;
    return Journal(connection, call, found, kWithdrawAttachment, reason, key);
  };
  RETURN_IF_ERROR(RunSettled(backend_, key, withdraw,
                             [&](mysql::Connection& connection, const Id& journal_id) -> absl::Status {
                               ASSIGN_OR_RETURN(answer, Repeat(connection, journal_id));
                               return absl::OkStatus();
                             }));
  return answer;
}

absl::Status Attachments::StoreChunk(const Id& id, int sequence, const std::string& plain) const {
  const std::string name = ChunkName(backend_.keyring, plain);
  const std::string body = backend_.keyring.Encrypt(plain, ChunkContext(name));
  return backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    // The chunk before its use: whoever removes unused chunks holds its lock while looking for uses.
    RETURN_IF_ERROR(
        connection
            .Execute(
                "INSERT INTO chunk (name, body) VALUES (?,?) ON DUPLICATE KEY UPDATE name = VALUES(name)",
                {name, body})
            .status());
    return connection
        .Execute(
            "INSERT INTO attachment_chunk (attachment_id, sequence, name) VALUES (?,?,?)"
            " ON DUPLICATE KEY UPDATE name = VALUES(name)",
            {id, sequence, name})
        .status();
  });
}

absl::Status Attachments::Discard(const Id& id) const {
  return backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t gone,
                     connection.Execute("DELETE FROM attachment WHERE id = ? AND state = ?",
                                        {id, static_cast<int>(v1::Attachment::UPLOADING)}));
    if (gone == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto chunks,
                     connection.Query("SELECT DISTINCT name FROM attachment_chunk WHERE attachment_id = ?"
                                      " ORDER BY name",
                                      {id}));
    RETURN_IF_ERROR(
        connection.Execute("DELETE FROM attachment_chunk WHERE attachment_id = ?", {id}).status());
    for (const auto& chunk : chunks) {
      RETURN_IF_ERROR(
          connection.Query("SELECT name FROM chunk WHERE name = ? FOR UPDATE", {chunk.Bytes(0)}).status());
      ASSIGN_OR_RETURN(
          const auto uses,
          connection.Query("SELECT 1 FROM attachment_chunk WHERE name = ? LIMIT 1", {chunk.Bytes(0)}));
      if (uses.empty())
        RETURN_IF_ERROR(connection.Execute("DELETE FROM chunk WHERE name = ?", {chunk.Bytes(0)}).status());
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<int> Attachments::Sweep() const {
  int swept = 0;
  for (size_t found = kSweepBatch; found == kSweepBatch;) {
    std::vector<Id> ids;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ids.clear();
      ASSIGN_OR_RETURN(
          const auto rows,
          connection.Query("SELECT id FROM attachment WHERE state = ? AND created_at < ? LIMIT ?",
                           {static_cast<int>(v1::Attachment::UPLOADING),
                            backend_.clock.Now() - kUnfinishedKept, kSweepBatch}));
      for (const auto& row : rows) ids.push_back(row.AsId(0));
      return absl::OkStatus();
    }));
    for (const Id& id : ids) RETURN_IF_ERROR(Discard(id));
    found = ids.size();
    swept += static_cast<int>(found);
  }
  return swept;
}

}  // namespace sifa::casework
