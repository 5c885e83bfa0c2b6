#include "services/gateway/upstream.h"

#include <chrono>
#include <vector>

#include "libs/core/status.h"
#include "libs/rpc/status.h"

namespace sifa::gateway {

absl::Status OutcomeOf(const grpc::Status& status) {
  absl::Status outcome = rpc::FromGrpc(status);
  if (absl::IsCancelled(outcome) && ReasonOf(outcome).empty()) return absl::UnavailableError("dropped by the service");
  return outcome;
}

void Stamp(const Passport& passport, grpc::ClientContext& context) {
  if (!passport.authorization.empty()) context.AddMetadata("authorization", passport.authorization);
  context.AddMetadata("x-request-id", passport.request_id);
  context.AddMetadata("traceparent", passport.traceparent);
  if (!passport.purpose.empty()) context.AddMetadata("x-purpose", passport.purpose);
  context.AddMetadata("x-caller-address", passport.caller_address);
  context.set_deadline(std::chrono::system_clock::now() + passport.deadline);
}

grpc::ByteBuffer ToByteBuffer(std::string wire) {
  constexpr size_t kCopyUpTo = 4 << 10;  // below, a copy is cheaper than a second allocation
  if (wire.size() <= kCopyUpTo) {
    const grpc::Slice slice(wire);
    return grpc::ByteBuffer(&slice, 1);
  }
  auto* kept = new std::string(std::move(wire));
  const grpc::Slice slice(
      kept->data(), kept->size(), [](void* owner) { delete static_cast<std::string*>(owner); }, kept);
  return grpc::ByteBuffer(&slice, 1);
}

WireView::WireView(grpc::ByteBuffer& buffer) {
  if (!buffer.Valid()) return;
  if (buffer.TrySingleSlice(&slice_).ok()) {
    bytes_ = {reinterpret_cast<const char*>(slice_.begin()), slice_.size()};
    return;
  }
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return;
  joined_.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) joined_.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  bytes_ = joined_;
}

Stream::Stream(const Passport& passport, std::function<void()> wake) : wake_(std::move(wake)) { Stamp(passport, context_); }

void Stream::Start(const std::shared_ptr<grpc::Channel>& channel, const std::string& path) {
  self_ = shared_from_this();
  grpc::GenericStub stub(channel);
  stub.PrepareBidiStreamingCall(&context_, path, {}, this);
  // The loop starts operations outside gRPC's own callbacks; the hold keeps the call from ending between two of them.
  // It is let go when the other side has ended, after which nothing is started.
  AddHold();
  StartRead(&reading_);
  StartCall();
}

bool Stream::room() const {
  const absl::MutexLock lock(&mutex_);
  return over_ || (outbox_.size() < kMaxQueued && outbox_bytes_ < kMaxQueuedBytes);
}

void Stream::Send(grpc::ByteBuffer message) {
  const absl::MutexLock lock(&mutex_);
  if (over_ || end_wanted_) return;
  outbox_bytes_ += message.Length();
  outbox_.push_back(std::move(message));
  if (!write_in_flight_) WriteNext();
  owner_waits_for_room_ = outbox_.size() >= kMaxQueued || outbox_bytes_ >= kMaxQueuedBytes;
}

void Stream::SendEnd() {
  const absl::MutexLock lock(&mutex_);
  end_wanted_ = true;
  if (!over_ && !write_in_flight_) WriteNext();
}

void Stream::WriteNext() {
  if (!outbox_.empty()) {
    writing_ = std::move(outbox_.front());
    outbox_bytes_ -= writing_.Length();
    outbox_.pop_front();
    write_in_flight_ = true;
    // More behind it: gRPC may put several into one write to the network.
    StartWrite(&writing_, outbox_.empty() ? grpc::WriteOptions() : grpc::WriteOptions().set_buffer_hint());
  } else if (end_wanted_ && !end_sent_) {
    end_sent_ = true;
    StartWritesDone();
  }
}

void Stream::OnWriteDone(bool ok) {
  bool wake = false;
  {
    const absl::MutexLock lock(&mutex_);
    write_in_flight_ = false;
    if (!ok || over_) {  // the status comes by OnDone
      outbox_.clear();
      outbox_bytes_ = 0;
    } else {
      WriteNext();
    }
    if (owner_waits_for_room_ && outbox_.size() <= kMaxQueued / 2 && outbox_bytes_ <= kMaxQueuedBytes / 2) {
      owner_waits_for_room_ = false;
      wake = true;
    }
  }
  if (wake) wake_();
}

void Stream::OnReadDone(bool ok) {
  bool first = false;
  {
    const absl::MutexLock lock(&mutex_);
    if (!ok) {
      over_ = true;
      RemoveHold();
      return;
    }
    if (cancelled_) {
      reading_.Clear();
      StartRead(&reading_);
      return;
    }
    first = inbox_.empty();
    inbox_bytes_ += reading_.Length();
    inbox_.emplace_back();
    inbox_.back().Swap(&reading_);
    read_paused_ = inbox_.size() >= kMaxQueued || inbox_bytes_ >= kMaxQueuedBytes;
    if (!read_paused_) StartRead(&reading_);
  }
  if (first) wake_();
}

bool Stream::Receive(grpc::ByteBuffer* message) {
  const absl::MutexLock lock(&mutex_);
  if (inbox_.empty()) return false;
  message->Swap(&inbox_.front());
  inbox_.pop_front();
  inbox_bytes_ -= message->Length();
  if (read_paused_ && inbox_.size() <= kMaxQueued / 2 && inbox_bytes_ <= kMaxQueuedBytes / 2) {
    read_paused_ = false;
    StartRead(&reading_);
  }
  return true;
}

bool Stream::Finished(grpc::Status* status) {
  const absl::MutexLock lock(&mutex_);
  if (!done_ || !inbox_.empty()) return false;
  *status = status_;
  return true;
}

void Stream::OnDone(const grpc::Status& status) {
  {
    const absl::MutexLock lock(&mutex_);
    done_ = true;
    status_ = status;
  }
  const auto self = std::move(self_);
  wake_();
}

void Stream::Cancel() {
  const absl::MutexLock lock(&mutex_);
  if (cancelled_) return;
  cancelled_ = true;
  inbox_.clear();
  inbox_bytes_ = 0;
  context_.TryCancel();
  if (read_paused_) {  // only a read tells that the call is over
    read_paused_ = false;
    StartRead(&reading_);
  }
}

}  // namespace sifa::gateway
