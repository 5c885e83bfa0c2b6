// One front end's connection: TLS, HTTP/1.1 with keep-alive and pipelining, one request after the other, bounded in
// every direction. A state machine that one loop drives; nothing in it blocks or waits for a lock.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/gateway/door.h"
#include "services/gateway/exchange.h"
#include "services/gateway/http_parser.h"
#include "services/gateway/options.h"
#include "services/gateway/tls.h"

namespace sifa::gateway {

// What a loop's connections share.
struct ConnectionContext {
  const Options& options;
  Loop& loop;
  Handler& handler;
  const Door& door;
  // Set, before anything else, when the gateway drains: answers close their connection.
  const std::atomic<bool>& draining;
  // "Date: …\r\n", renewed by the loop.
  const std::string& date_line;
};

// Bytes waiting for a slow client from which on calls hold back.
inline constexpr size_t kCongested = 256 << 10;

class Connection : public std::enable_shared_from_this<Connection>, private Exchange {
 public:
  Connection(const ConnectionContext& context, TcpSocket socket, SSL_CTX* tls, std::unique_ptr<Door::Place> place);
  ~Connection();

  void Start();
  // Called a few times a second; closes what has taken too long.
  void Tick(int64_t now_ms);
  // Closes after the answer of the request under way or, where none is, of one that comes within the grace: it may have been
  // sent already.
  void Drain();
  // Cancels the call, closes.
  void Close();
  bool closed() const { return phase_ == Phase::kClosed; }

 private:
  enum class Phase {
    kHandshake,
    kHead,     // before or within the head of a request
    kBody,     // its body is being read
    kAnswer,   // it is complete; a call works on it or its answer is being written
    kLinger,   // all is sent; reads until the client has closed, lest unread bytes destroy the answer
    kClosed,
  };

  // Exchange
  const RequestHead& head() const override { return parser_.head(); }
  const std::string& caller_address() const override { return caller_address_; }
  Loop& loop() override { return context_.loop; }
  void SetRequestId(absl::string_view id) override;
  void Answer(const Response& response) override;
  void Refuse(const HttpError& error) override;
  void BeginStream(absl::string_view content_type, absl::string_view extra_headers) override;
  void Write(absl::string_view piece) override;
  void EndStream() override;
  void CutStream() override;
  bool congested() const override;
  void ResumeBody() override { Pump(); }
  bool HoldBody(size_t bytes) override { return place_ && place_->Hold(bytes); }

  // Goes on as far as possible without waiting, then waits.
  void Pump();
  bool Step();
  bool ShakeHands();
  bool Flush();
  bool Parse();
  bool Read();
  void Wait();
  bool MayRead() const;

  void OnHead();
  void OnBody(absl::string_view piece);
  void Keep(absl::string_view piece);
  void OnRequestEnd();
  void OnAnswered();
  void OnClientGone();
  void RefuseMalformed();
  void RefuseTooLarge();
  void RefuseBusy();
  void Answered();
  // The client has not sent or taken in time what the phase waits for.
  void OnTimeout();
  bool WaitsForClient() const;
  bool WithinRequest() const { return (phase_ == Phase::kHead && head_begun_) || phase_ == Phase::kBody; }
  // Nobody known has asked for it: it makes room where the door is crowded.
  bool Dispensable() const;
  // Bytes that a client moves within stall_timeout, or is too slow.
  int64_t Least() const;
  // Of what was written, what has arrived.
  int64_t Acknowledged();
  bool PeerHasClosed();
  void AppendHead(int http, absl::string_view content_type, absl::string_view extra_headers);
  void SetPhase(Phase phase, Millis allowed);
  std::string AddressOf(const RequestHead& head) const;

  const ConnectionContext context_;
  TlsSocket socket_;
  std::unique_ptr<Door::Place> place_;  // until it closes
  const std::string peer_address_;
  std::string caller_address_;
  std::string request_id_;
  HttpParser parser_;

  Phase phase_ = Phase::kHandshake;
  int64_t began_at_ms_ = 0, expires_at_ms_ = 0;  // of the phase
  int64_t stalled_at_ms_ = 0;      // a write has been waiting for the client since then; 0: none
  int64_t acknowledged_ = 0;       // of what was written, at that time
  uint64_t received_ = 0, written_ = 0;
  uint64_t moved_ = 0;       // their sum when it last changed,
  int64_t moved_at_ms_ = 0;  // which a tick saw then
  uint64_t paced_size_ = 0;  // of a body in pieces, when the phase began
  bool first_request_ = true;
  bool pumping_ = false;
  bool head_begun_ = false;        // a byte of the request's head has come
  bool read_waits_ = false, write_waits_ = false;
  bool want_read_ = false, want_write_ = false;  // what TLS needs before it goes on

  std::vector<char> in_;
  size_t in_begin_ = 0, in_end_ = 0;
  std::string out_;
  size_t out_begin_ = 0;

  // Of the current request.
  std::shared_ptr<Call> call_;
  std::string body_;
  uint64_t body_size_ = 0;
  size_t body_limit_ = 0;       // of one read as a whole
  bool answered_ = false;       // the last byte of the answer is in out_
  bool streaming_ = false;      // between BeginStream and EndStream
  bool chunked_out_ = false;
  bool keep_alive_ = true;      // after this answer
  bool no_body_out_ = false;    // HEAD
};

}  // namespace sifa::gateway
