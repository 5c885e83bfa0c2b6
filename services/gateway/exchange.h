// The seam between HTTP and calls. A connection offers its current request as an Exchange; a Call answers it. Everything
// here happens in the thread of the connection's loop.
#pragma once

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/strings/string_view.h"
#include "grpcpp/channel.h"
#include "services/gateway/http_errors.h"
#include "services/gateway/http_parser.h"
#include "services/gateway/options.h"

namespace sifa::gateway {

// One thread of the gateway.
class Loop {
 public:
  virtual ~Loop() = default;
  // From any thread.
  virtual void Post(absl::AnyInvocable<void()> task) = 0;
  // The loop's own connection to a service; nullptr where no address is known.
  virtual const std::shared_ptr<grpc::Channel>& ChannelTo(size_t peer) = 0;
};

struct Response {
  int http = 200;
  absl::string_view content_type = "application/json";
  absl::string_view body;
  absl::string_view extra_headers;  // whole lines with "\r\n"
};

class Exchange {
 public:
  virtual const RequestHead& head() const = 0;
  // Of the caller, as far as proxies are trusted.
  virtual const std::string& caller_address() const = 0;
  virtual Loop& loop() = 0;
  // Set before anything is answered; goes out as X-Request-Id.
  virtual void SetRequestId(absl::string_view id) = 0;

  // Exactly one of Answer, Refuse, or BeginStream … EndStream | CutStream. After the last the exchange is gone.
  virtual void Answer(const Response& response) = 0;
  virtual void Refuse(const HttpError& error) = 0;
  virtual void BeginStream(absl::string_view content_type, absl::string_view extra_headers) = 0;
  virtual void Write(absl::string_view piece) = 0;
  virtual void EndStream() = 0;
  // Ends a body of raw bytes that cannot say what went wrong: the connection closes in the middle of it.
  virtual void CutStream() = 0;
  // So much waits for a slow client that no more should be written until Call::OnRoom.
  virtual bool congested() const = 0;
  // A call that did not want body before does now.
  virtual void ResumeBody() = 0;
  // Says how many bytes of the body the call holds from now on; false where the gateway has no room for them. They are released
  // with the answer.
  virtual bool HoldBody(size_t bytes) = 0;

 protected:
  ~Exchange() = default;
};

class Call : public std::enable_shared_from_this<Call> {
 public:
  virtual ~Call() = default;
  // True: the body comes by OnBody, and OnBodyEnd at its end. False: it comes whole, by Start.
  virtual bool streams_body() const { return false; }
  virtual void Start(std::string body) = 0;
  virtual void OnBody(absl::string_view) {}
  virtual void OnBodyEnd() {}
  virtual bool wants_body() const { return true; }
  // The caller's token is known to be good.
  virtual bool known_caller() const { return false; }
  // How long the call may work, counted from its start.
  virtual Millis deadline() const = 0;
  // What was written has gone out.
  virtual void OnRoom() {}
  // A few times a second, while it answers. `draining`: the gateway stops, and calls without an end of their own end.
  virtual void OnTick(int64_t /*now_ms*/, bool /*draining*/) {}
  // The client has gone; the exchange may not be used any more.
  virtual void Abort() = 0;
};

// Judges requests.
class Handler {
 public:
  virtual ~Handler() = default;
  // The call that will answer; or nullptr, having answered.
  virtual std::shared_ptr<Call> Begin(Exchange& exchange) = 0;
};

}  // namespace sifa::gateway
