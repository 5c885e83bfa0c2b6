// A server stream that holds no thread: what it sends comes from elsewhere, when there is something to send. The handler takes
// the outlet out of its writer and returns; whoever has the outlet then sends and ends. A thousand pages that wait for news so
// cost memory only.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "libs/rpc/call.h"
#include "libs/rpc/described_service.h"

namespace sifa::rpc {

// Thread-safe.
class Outlet {
 public:
  // Messages that wait for a caller who reads slowly.
  static constexpr size_t kMostWaiting = 256;

  virtual ~Outlet() = default;
  // As the door admitted it.
  virtual const Call& call() const = 0;
  // Sends a message. False, and it is not sent, where too many wait already or the call is over.
  virtual bool Offer(const google::protobuf::Message& message) = 0;
  // After what waits; nothing can be sent any more.
  virtual void End(const absl::Status& status) = 0;
  // The caller has gone, or it was ended.
  virtual bool over() const = 0;
  // TOKEN_EXPIRED, TOKEN_REVOKED: the caller's token is good no more. Such a stream does not outlive it.
  virtual absl::Status CheckToken() const = 0;
};

// Called once, by the handler of a server stream, which then writes no more and returns. Where that is an error, the stream ends
// with it. The seat of the stream is free again: who keeps outlets bounds them.
std::shared_ptr<Outlet> TakeOutlet(AnyWriter& writer);

// Ends all outlets of the process, and those that are yet to come, with SERVICE_STOPPING: their callers go to another process.
void EndOutlets();

}  // namespace sifa::rpc
