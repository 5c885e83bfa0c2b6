// Calls to the services, as bytes: gRPC's generic stub, with what travels along every call.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/gateway/options.h"

namespace sifa::gateway {

// What the gateway passes on of a request, as metadata of the same names; nothing else of a client's header fields goes.
struct Passport {
  std::string authorization;
  std::string request_id;
  std::string traceparent;
  std::string purpose;  // percent-encoded
  std::string caller_address;
  Millis deadline{0};
};
// How a call ended that its client has not left. A service that stops drops calls that it has not taken, and after a while those
// under way; gRPC then says CANCELLED, which to a client would mean that he himself had gone.
absl::Status OutcomeOf(const grpc::Status& status);

void Stamp(const Passport& passport, grpc::ClientContext& context);

// Takes over the string; long ones are not copied.
grpc::ByteBuffer ToByteBuffer(std::string wire);
// The bytes of a buffer, without a copy where it is in one piece; `storage` keeps them alive.
class WireView {
 public:
  explicit WireView(grpc::ByteBuffer& buffer);
  absl::string_view bytes() const { return bytes_; }

 private:
  grpc::Slice slice_;
  std::string joined_;
  absl::string_view bytes_;
};

// A streaming call in either direction. gRPC's threads move messages between the wire and two bounded queues; the owner
// lives in its loop and is told through `wake`, which gRPC's threads call (at times two at once). The owner's methods
// are called from the loop only, and it lets go of a stream only after Finished or Cancel.
class Stream : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>, public std::enable_shared_from_this<Stream> {
 public:
  static constexpr size_t kMaxQueued = 64;
  static constexpr size_t kMaxQueuedBytes = 1 << 20;

  Stream(const Passport& passport, std::function<void()> wake);

  void Start(const std::shared_ptr<grpc::Channel>& channel, const std::string& path);
  // Queues a message. Beyond room() it still works, but the owner should wait for `wake`.
  void Send(grpc::ByteBuffer message);
  void SendEnd();
  bool room() const;
  // The next message that has come, or false.
  bool Receive(grpc::ByteBuffer* message);
  // True once all has been received and the call is over.
  bool Finished(grpc::Status* status);
  void Cancel();

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  // REQUIRES: mutex_ held, no write in flight.
  void WriteNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  grpc::ClientContext context_;
  const std::function<void()> wake_;
  std::shared_ptr<Stream> self_;  // until OnDone
  // gRPC never calls back from within Start…, so these are called with the lock held: that orders them with the end.
  mutable absl::Mutex mutex_;
  std::deque<grpc::ByteBuffer> outbox_ ABSL_GUARDED_BY(mutex_), inbox_ ABSL_GUARDED_BY(mutex_);
  size_t outbox_bytes_ ABSL_GUARDED_BY(mutex_) = 0, inbox_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  grpc::ByteBuffer writing_, reading_;
  bool write_in_flight_ ABSL_GUARDED_BY(mutex_) = false;
  bool end_wanted_ ABSL_GUARDED_BY(mutex_) = false, end_sent_ ABSL_GUARDED_BY(mutex_) = false;
  bool owner_waits_for_room_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_paused_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool over_ ABSL_GUARDED_BY(mutex_) = false;  // nothing may be started any more
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sifa::gateway
