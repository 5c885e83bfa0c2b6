// Files that belong to statutory objects: kept encrypted in the service's own schema, in chunks that are
// named by a keyed digest of their content, so that equal content is stored once and yet nothing shows of it.
// An upload is visible from the journal row that adds it, and not before.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/content_type.h"
#include "libs/casework/object_type.h"
#include "libs/casework/settled.h"
#include "libs/crypto/sha256_stream.h"
#include "libs/rpc/call.h"
#include "sifa/casework/v1/attachment.pb.h"

namespace sifa::casework {

inline constexpr size_t kChunkBytes = 256 << 10;
inline constexpr int64_t kLargestAttachment = 50 << 20;
// The names of the acts in the journal.
inline constexpr char kAddAttachment[] = "ADD_ATTACHMENT";
inline constexpr char kWithdrawAttachment[] = "WITHDRAW_ATTACHMENT";

struct NewAttachment {
  const ObjectType* type = nullptr;
  std::string object;  // id
  std::string document, document_label;
  std::string file_name;
  std::string content_type;  // declared; may be empty
  std::string request_id;
  std::string request;  // ActInput::request
};

// Thread-safe. Permissions are those of the called method; objects out of reach are NOT_FOUND. The dossier of an
// object that has ended is closed: nothing is added or withdrawn any more (FAILED_PRECONDITION "DOSSIER_CLOSED").
class Attachments {
 public:
  Attachments(const Backend& backend, std::vector<const ObjectType*> types)
      : backend_(backend), types_(std::move(types)) {}

  // A type of objects that files belong to. INVALID_ARGUMENT "OBJECT_TYPE_UNKNOWN" for any other name.
  absl::StatusOr<const ObjectType*> TypeOf(const std::string& name) const;

  class Upload;
  absl::StatusOr<std::unique_ptr<Upload>> Begin(const rpc::Call& call, const NewAttachment& what) const;

  // The content in pieces of at most 256 KB, after the reading has been journalled; `send` returns false once
  // the reader has gone. Content is personal data that nothing can mask: it takes the permission of those who
  // read it unmasked, and a purpose (INVALID_ARGUMENT "PURPOSE_REQUIRED"). FAILED_PRECONDITION
  // "ATTACHMENT_WITHDRAWN"; DATA_LOSS "ATTACHMENT_DAMAGED" where it is not what was stored, also in the middle.
  absl::Status Download(rpc::Call& call, const std::string& id,
                        const std::function<bool(const v1::Attachment&, std::string piece)>& send) const;

  // In order of uploading. The caller is told names only where they are to be unmasked: see GetObject for
  // purpose.
  absl::StatusOr<std::vector<v1::Attachment>> List(rpc::Call& call, const ObjectType& type,
                                                   const std::string& object) const;

  absl::StatusOr<v1::Attachment> Withdraw(const rpc::Call& call, const std::string& id,
                                          const std::string& reason, const std::string& request_id) const;

  // Removes what uploads have left that were cut off more than a day ago. The number of uploads.
  absl::StatusOr<int> Sweep() const;

 private:
  struct Found {
    Id id;
    v1::Attachment meta;
    const ObjectType* type = nullptr;
    Id object_id;
    int64_t version = 0;  // of the meta: 0 while it is uploaded
    Common object;
  };
  const ObjectType* TypeNamed(const std::string& name) const;
  // One that the caller reaches, whatever its state but UPLOADING.
  absl::StatusOr<Found> Find(mysql::Connection& connection, const rpc::Call& call, const Id& id,
                             bool lock) const;
  absl::StatusOr<Common> ReachedObject(mysql::Connection& connection, const rpc::Call& call,
                                       const ObjectType& type, const Id& id, Lock lock) const;
  // The same, where its dossier is open; locked, so that it does not close before the transaction has ended.
  absl::StatusOr<Common> OpenObject(mysql::Connection& connection, const rpc::Call& call,
                                    const ObjectType& type, const Id& id) const;
  // Writes found.meta as its next version.
  absl::Status SetMeta(mysql::Connection& connection, const Found& found) const;
  // A journal row of the object that the attachment belongs to; it does not change the object.
  absl::StatusOr<Id> Journal(mysql::Connection& connection, const rpc::Call& call, const Found& found, const char* action,
                             const std::string& reason, const RequestKey& key, const std::string& request = "") const;
  absl::StatusOr<v1::Attachment> Repeat(mysql::Connection& connection, const Id& journal_id) const;
  absl::Status StoreChunk(const Id& id, int sequence, const std::string& plain) const;
  absl::Status Discard(const Id& id) const;

  const Backend& backend_;
  const std::vector<const ObjectType*> types_;
};

// What guards may know of an object's files: those in store, none that was withdrawn.
absl::StatusOr<std::vector<procedure::File>> FilesOf(const Backend& backend, mysql::Connection& connection,
                                                     const Id& object);

// The meta of an attachment as it is stored, bound to its id, object and version. DATA_LOSS where the text is not that.
absl::StatusOr<v1::Attachment> ReadMeta(const crypto::Keyring& keyring, const Id& id, const Id& object, int64_t version,
                                        const std::string& text);
// A piece of an attachment's content; DATA_LOSS "ATTACHMENT_DAMAGED" where it is not there, or not what was stored.
absl::StatusOr<std::string> ReadChunk(const crypto::Keyring& keyring, mysql::Connection& connection, const Id& id, int sequence);

// An upload under way. Leaves nothing behind unless Finish succeeds; what a crash leaves is invisible and
// swept later.
class Attachments::Upload {
 public:
  ~Upload();
  // INVALID_ARGUMENT "ATTACHMENT_TOO_LARGE" as soon as it is; "ATTACHMENT_TYPE_REFUSED" (content_type.h).
  absl::Status Add(absl::string_view bytes);
  // Makes it visible, with its journal row. "ATTACHMENT_EMPTY" where nothing came. A repeated request gets
  // the first answer.
  absl::StatusOr<v1::Attachment> Finish();

 private:
  friend class Attachments;
  Upload(const Attachments& home, const rpc::Call& call, NewAttachment what, Id object_id);
  absl::Status Flush();
  v1::Attachment Describe();
  std::string Digest(const v1::Attachment& meta) const;

  const Attachments& home_;
  const rpc::Call& call_;
  const NewAttachment what_;
  const Id object_id_;
  const Id id_;
  ContentInspector inspector_;
  crypto::Sha256Stream sha256_;
  std::string buffer_;
  int64_t size_ = 0;
  int chunks_ = 0;
  bool kept_ = false;
};

}  // namespace sifa::casework
