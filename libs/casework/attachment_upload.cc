#include "absl/strings/str_cat.h"
#include "libs/casework/actor.h"
#include "libs/casework/attachments.h"
#include "libs/casework/settled.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/telemetry/log.h"

namespace sifa::casework {

absl::StatusOr<std::unique_ptr<Attachments::Upload>> Attachments::Begin(const rpc::Call& call,
                                                                        const NewAttachment& what) const {
  ASSIGN_OR_RETURN(const Id object_id, ParseId(what.object));
  std::unique_ptr<Upload> upload(new Upload(*this, call, what, object_id));
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    // Whether it is still open is asked at the end: an upload repeated after that gets its first answer.
    RETURN_IF_ERROR(ReachedObject(connection, call, *what.type, object_id, Lock::kNone).status());
    return connection
        .Execute("INSERT INTO attachment (id, object_id, state, version, meta, created_at) VALUES (?,?,?,0,'',?)",
                 {upload->id_, object_id, static_cast<int>(v1::Attachment::UPLOADING), call.now()})
        .status();
  }));
  return upload;
}

Attachments::Upload::Upload(const Attachments& home, const rpc::Call& call, NewAttachment what, Id object_id)
    : home_(home),
      call_(call),
      what_(std::move(what)),
      object_id_(object_id),
      id_(NewId(call.now())),
      inspector_(what_.content_type, what_.file_name) {}

Attachments::Upload::~Upload() {
  if (!kept_) telemetry::ErrorIf("cannot remove an upload that was cut off", home_.Discard(id_));
}

absl::Status Attachments::Upload::Add(absl::string_view bytes) {
  size_ += static_cast<int64_t>(bytes.size());
  if (size_ > kLargestAttachment) return InvalidField("data", "ATTACHMENT_TOO_LARGE", "附件不能超过50MB");
  while (!bytes.empty()) {
    const absl::string_view part = bytes.substr(0, kChunkBytes - buffer_.size());
    buffer_.append(part.data(), part.size());
    bytes.remove_prefix(part.size());
    if (buffer_.size() == kChunkBytes) RETURN_IF_ERROR(Flush());
  }
  return absl::OkStatus();
}

absl::Status Attachments::Upload::Flush() {
  RETURN_IF_ERROR(inspector_.Take(buffer_));
  sha256_.Add(buffer_);
  RETURN_IF_ERROR(home_.StoreChunk(id_, chunks_++, buffer_));
  buffer_.clear();
  return absl::OkStatus();
}

v1::Attachment Attachments::Upload::Describe() {
  v1::Attachment meta;
  meta.set_id(id_.ToString());
  meta.set_state(v1::Attachment::STORED);
  meta.set_object_type(what_.type->name);
  meta.set_object(object_id_.ToString());
  meta.set_document(what_.document);
  meta.set_document_label(what_.document_label);
  meta.set_file_name(what_.file_name);
  meta.set_content_type(inspector_.content_type());
  meta.set_size(size_);
  meta.set_sha256(crypto::Hex(sha256_.Finish()));
  meta.set_uploaded_by(Actor::Of(call_).id());
  meta.set_uploaded_by_account(call_.claims().account());
  meta.mutable_create_time()->set_seconds(absl::ToUnixSeconds(call_.now()));
  return meta;
}

std::string Attachments::Upload::Digest(const v1::Attachment& meta) const {
  std::string text;
  for (const std::string* part :
       {&meta.object(), &meta.document(), &meta.file_name(), &meta.content_type(), &meta.sha256()}) {
    absl::StrAppend(&text, part->size(), ":", *part);
  }
  return crypto::Sha256(text);
}

absl::StatusOr<v1::Attachment> Attachments::Upload::Finish() {
  if (size_ == 0) return InvalidField("data", "ATTACHMENT_EMPTY", "附件没有内容");
  if (!buffer_.empty()) RETURN_IF_ERROR(Flush());
  RETURN_IF_ERROR(inspector_.Finish());
  const v1::Attachment meta = Describe();
  v1::Attachment answer;
  const RequestKey key{Actor::Of(call_).id(), call_.method().path, what_.request_id, Digest(meta)};
  const auto keep = [&](mysql::Connection& connection) -> absl::StatusOr<Id> {
    Found found{.id = id_, .meta = meta, .type = what_.type, .object_id = object_id_};
    ASSIGN_OR_RETURN(found.object, home_.OpenObject(connection, call_, *what_.type, object_id_));
    RETURN_IF_ERROR(home_.SetMeta(connection, found));
    answer = meta;
    return home_.Journal(connection, call_, found, kAddAttachment, "", key, what_.request);
  };
  const absl::Status status = RunSettled(home_.backend_, key, keep,
                                         [&](mysql::Connection& connection, const Id& row) -> absl::Status {
                                           ASSIGN_OR_RETURN(answer, home_.Repeat(connection, row));
                                           return absl::OkStatus();
                                         });
  RETURN_IF_ERROR(status);
  kept_ = answer.id() == meta.id();  // else an earlier request's stands
  return answer;
}

}  // namespace sifa::casework
