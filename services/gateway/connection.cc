#include "services/gateway/connection.h"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cstring>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/gateway/rate_limit.h"
#include "services/gateway/route_metrics.h"

namespace sifa::gateway {
namespace {

constexpr size_t kFirstRead = 4 << 10;
constexpr size_t kReadMargin = 4 << 10;         // beyond the longest head
constexpr int kStepsAtOnce = 64;                // then other connections have their turn
constexpr Millis kLingerFor{2'000};

}  // namespace

Connection::Connection(const ConnectionContext& context, TcpSocket socket, SSL_CTX* tls, std::unique_ptr<Door::Place> place)
    : context_(context),
      socket_(std::move(socket), tls),
      place_(std::move(place)),
      peer_address_(place_->address()),
      parser_({context.options.max_head, context.options.max_target}, [this](absl::string_view piece) { OnBody(piece); }) {
  ProcessMetrics::Get().connections.Increment();
}

Connection::~Connection() { Close(); }

void Connection::Start() {
  moved_at_ms_ = MonotonicMillis();
  SetPhase(Phase::kHandshake, context_.draining ? context_.options.drain_grace : context_.options.handshake_timeout);
  Pump();
}

void Connection::SetPhase(Phase phase, Millis allowed) {
  phase_ = phase;
  began_at_ms_ = MonotonicMillis();
  expires_at_ms_ = began_at_ms_ + allowed.count();
  paced_size_ = body_size_;
}

void Connection::Pump() {
  if (pumping_) return;  // the outer call goes on with whatever has changed
  const auto self = shared_from_this();
  pumping_ = true;
  int steps = 0;
  while (phase_ != Phase::kClosed && Step()) {
    if (++steps < kStepsAtOnce) continue;
    pumping_ = false;
    context_.loop.Post([self] { self->Pump(); });
    return;
  }
  pumping_ = false;
  if (phase_ != Phase::kClosed) Wait();
}

bool Connection::Step() {
  want_read_ = want_write_ = false;
  if (phase_ == Phase::kHandshake) return ShakeHands();
  const bool flushed = Flush();
  if (phase_ == Phase::kClosed) return false;
  const bool write_blocked = !out_.empty();
  if (answered_ && out_.empty() && phase_ == Phase::kAnswer) {
    OnAnswered();
    return true;
  }
  return Parse() || Read() || flushed || (!write_blocked && !out_.empty());  // an answer that has just been queued goes out
}

bool Connection::ShakeHands() {
  switch (socket_.Handshake()) {
    case TlsSocket::Io::kDone:
      in_.resize(kFirstRead);
      SetPhase(Phase::kHead, context_.draining ? context_.options.drain_grace : context_.options.head_timeout);
      return true;
    case TlsSocket::Io::kWantRead:
      want_read_ = true;
      return false;
    case TlsSocket::Io::kWantWrite:
      want_write_ = true;
      return false;
    case TlsSocket::Io::kClosed:
      ProcessMetrics::Get().handshakes_failed.Increment();
      Close();
  }
  return false;
}

// Writes what waits. True where that made room.
bool Connection::Flush() {
  bool moved_any = false;
  while (out_begin_ < out_.size()) {
    size_t moved = 0;
    const auto io = socket_.Write(absl::string_view(out_).substr(out_begin_), &moved);
    if (io == TlsSocket::Io::kDone) {
      out_begin_ += moved;
      written_ += moved;
      moved_any = true;
      continue;
    }
    if (io == TlsSocket::Io::kClosed) {
      OnClientGone();
      return false;
    }
    (io == TlsSocket::Io::kWantRead ? want_read_ : want_write_) = true;
    if (stalled_at_ms_ == 0) {
      stalled_at_ms_ = MonotonicMillis();
      acknowledged_ = Acknowledged();
    }
    if (out_begin_ > kCongested) {  // do not carry along what has gone
      out_.erase(0, out_begin_);
      out_begin_ = 0;
    }
    return false;
  }
  if (!moved_any) return false;
  stalled_at_ms_ = 0;
  out_begin_ = 0;
  out_.clear();
  if (out_.capacity() > kCongested) out_.shrink_to_fit();
  if (const auto call = call_; call && streaming_) call->OnRoom();
  return true;
}

bool Connection::MayRead() const {
  if (in_end_ - in_begin_ >= context_.options.max_head + kReadMargin) return false;
  // A streamed body is read only as fast as its call can pass it on; what has been read is parsed first.
  if (phase_ == Phase::kBody && call_ && call_->streams_body()) return call_->wants_body();
  return true;
}

bool Connection::Read() {
  if (!MayRead()) return false;
  if (in_end_ == in_.size()) {
    if (in_begin_ > 0) {
      std::memmove(in_.data(), in_.data() + in_begin_, in_end_ - in_begin_);
      in_end_ -= in_begin_;
      in_begin_ = 0;
    } else {
      in_.resize(std::min(in_.size() * 2, context_.options.max_head + kReadMargin));
    }
  }
  size_t moved = 0;
  switch (socket_.Read(in_.data() + in_end_, in_.size() - in_end_, &moved)) {
    case TlsSocket::Io::kDone:
      if (phase_ == Phase::kHead && !head_begun_) {
        head_begun_ = true;
        if (!first_request_) SetPhase(Phase::kHead, context_.options.head_timeout);  // its time runs since the handshake
      }
      in_end_ += moved;
      received_ += moved;
      return true;
    case TlsSocket::Io::kWantRead:
      want_read_ = true;
      return false;
    case TlsSocket::Io::kWantWrite:
      want_write_ = true;
      return false;
    case TlsSocket::Io::kClosed:
      OnClientGone();
      return false;
  }
  return false;
}

void Connection::Wait() {
  const auto wait = [this](TcpSocket::wait_type what, bool Connection::*waits) {
    if (this->*waits) return;
    this->*waits = true;
    socket_.tcp().async_wait(what, [self = shared_from_this(), waits](const boost::system::error_code& error) {
      (*self).*waits = false;
      if (!error) self->Pump();
    });
  };
  if (want_read_) wait(TcpSocket::wait_read, &Connection::read_waits_);
  if (want_write_) wait(TcpSocket::wait_write, &Connection::write_waits_);
}

bool Connection::Parse() {
  if (phase_ == Phase::kLinger) {
    const bool any = in_begin_ < in_end_;
    in_begin_ = in_end_ = 0;
    return any;
  }
  if (phase_ != Phase::kHead && phase_ != Phase::kBody) return false;
  if (phase_ == Phase::kHead && !out_.empty()) return false;
  if (phase_ == Phase::kBody && call_ && call_->streams_body() && !call_->wants_body()) return false;
  if (in_begin_ == in_end_) return false;
  size_t used = 0;
  const auto state = parser_.Parse(absl::string_view(in_.data() + in_begin_, in_end_ - in_begin_), &used);
  in_begin_ += used;
  if (in_begin_ == in_end_) in_begin_ = in_end_ = 0;
  if (phase_ == Phase::kClosed) return false;  // by what OnBody caused
  switch (state) {
    case HttpParser::State::kHeadDone:
      OnHead();
      return true;
    case HttpParser::State::kDone:
      OnRequestEnd();
      return true;
    case HttpParser::State::kBad:
      RefuseMalformed();
      return true;
    case HttpParser::State::kNeedMore:
      // A chunk's header that outgrows the buffer is no honest one.
      if (used == 0 && in_end_ - in_begin_ >= context_.options.max_head + kReadMargin) RefuseMalformed();
      return used > 0;
  }
  return false;
}

void Connection::OnHead() {
  const RequestHead& head = parser_.head();
  caller_address_ = AddressOf(head);
  keep_alive_ = head.keep_alive && !context_.draining;
  no_body_out_ = head.method == "HEAD";
  first_request_ = false;
  SetPhase(Phase::kBody, context_.options.body_timeout);
  call_ = context_.handler.Begin(*this);
  if (phase_ != Phase::kBody) return;
  if (call_ && head.has_body() && !call_->streams_body()) {
    body_limit_ = context_.options.max_body;
    if (!call_->known_caller()) {
      body_limit_ = std::min(body_limit_, context_.options.max_stranger_body);
      SetPhase(Phase::kBody, std::min(context_.options.body_timeout, context_.options.stranger_body_timeout));
    }
    if (head.content_length.value_or(0) > body_limit_) RefuseTooLarge();
  }
  if (const auto call = call_; call && call->streams_body()) {
    SetPhase(Phase::kBody, context_.options.stall_timeout);
    call->Start("");
  }
  if (call_ && head.expects_continue && head.has_body() && in_begin_ == in_end_) {
    out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  }
  if (!head.has_body()) OnRequestEnd();
}

void Connection::OnBody(absl::string_view piece) {
  body_size_ += piece.size();
  const auto call = call_;  // may answer, which lets go of it
  if (call && call->streams_body()) {
    call->OnBody(piece);
  } else if (call) {
    if (body_size_ > body_limit_) return RefuseTooLarge();
    Keep(piece);
  }
}

// Room is made as bytes come: who only says that they will come holds none.
void Connection::Keep(absl::string_view piece) {
  const size_t size = body_.size() + piece.size();
  if (size > body_.capacity()) {
    const size_t room =
        std::min(std::max(2 * body_.capacity(), size), std::max(size, parser_.head().content_length.value_or(SIZE_MAX)));
    if (room > kFirstRead && !place_->Hold(room)) return RefuseBusy();
    body_.reserve(room);
  }
  body_.append(piece.data(), piece.size());
}

void Connection::RefuseTooLarge() {
  if (const auto call = std::move(call_)) call->Abort();
  Refuse(Refusal(413, absl::StatusCode::kInvalidArgument, "BODY_TOO_LARGE",
                 absl::StrCat("请求内容超过上限 ", body_limit_, " 字节")));
}

void Connection::RefuseBusy() {
  if (const auto call = std::move(call_)) call->Abort();
  Refuse(Busy());
}

void Connection::OnRequestEnd() {
  SetPhase(Phase::kAnswer, call_ ? call_->deadline() + context_.options.answer_margin : context_.options.stream_deadline);
  if (!call_) return;  // answered already; Step goes on when it has been written
  const auto call = call_;  // may answer at once, which lets go of it
  if (call->streams_body()) {
    call->OnBodyEnd();
  } else {
    call->Start(std::move(body_));
  }
}

// The answer has gone out.
void Connection::OnAnswered() {
  call_.reset();
  std::string().swap(body_);
  body_size_ = 0;
  place_->Hold(0);
  answered_ = streaming_ = no_body_out_ = false;
  request_id_.clear();
  if (!keep_alive_) {
    socket_.SendClose();
    boost::system::error_code ignored;
    socket_.tcp().shutdown(boost::asio::socket_base::shutdown_send, ignored);
    SetPhase(Phase::kLinger, kLingerFor);
    return;
  }
  parser_.Reset();
  head_begun_ = in_begin_ < in_end_;
  if (!head_begun_ && in_.size() > kFirstRead) std::vector<char>(kFirstRead).swap(in_);
  // While draining: its answer was begun before, and did not tell the client to send no more.
  SetPhase(Phase::kHead, head_begun_         ? context_.options.head_timeout
                         : context_.draining ? context_.options.drain_grace
                                             : context_.options.idle_timeout);
}

void Connection::OnClientGone() {
  if (call_ && !answered_) ProcessMetrics::Get().abandoned.Increment();
  Close();
}

void Connection::RefuseMalformed() {
  ProcessMetrics::Get().malformed.Increment();
  keep_alive_ = false;
  if (phase_ == Phase::kBody && answered_) return Answered();  // broken after its refusal
  if (const auto call = std::move(call_)) call->Abort();
  const int status = parser_.bad_status() == 0 ? 400 : parser_.bad_status();
  const absl::string_view reason = parser_.bad_reason().empty() ? "HTTP_MALFORMED" : parser_.bad_reason();
  SetPhase(Phase::kAnswer, context_.options.stall_timeout);
  if (streaming_) return CutStream();
  Refuse(Refusal(status, status == 501 ? absl::StatusCode::kUnimplemented : absl::StatusCode::kInvalidArgument, reason,
                 "请求不符合 HTTP 规范或超过长度限制"));
}

void Connection::Tick(int64_t now_ms) {
  if (phase_ == Phase::kClosed) return;
  const Options& options = context_.options;
  if (!read_waits_ && PeerHasClosed()) return OnClientGone();
  if (moved_ != received_ + written_) {
    moved_ = received_ + written_;
    moved_at_ms_ = now_ms;
  }
  if (stalled_at_ms_ != 0 && now_ms - stalled_at_ms_ > options.stall_timeout.count()) {
    const int64_t acknowledged = Acknowledged();
    if (acknowledged - acknowledged_ < Least()) return OnTimeout();
    stalled_at_ms_ = now_ms;
    acknowledged_ = acknowledged;
  }
  if (context_.draining && WaitsForClient() && now_ms - moved_at_ms_ > options.drain_stall.count()) return OnTimeout();
  if (context_.door.crowded() && now_ms - began_at_ms_ > options.crowded_timeout.count() && Dispensable()) return OnTimeout();
  if (phase_ == Phase::kBody && call_ && call_->streams_body()) {
    // While the service is slow the client is not; the call has its deadline.
    const bool in_time = !call_->wants_body() || static_cast<int64_t>(body_size_ - paced_size_) >= Least();
    if (in_time && (!call_->wants_body() || now_ms >= expires_at_ms_)) SetPhase(Phase::kBody, options.stall_timeout);
  }
  if (now_ms >= expires_at_ms_) return OnTimeout();
  if (const auto call = call_; call && phase_ == Phase::kAnswer) call->OnTick(now_ms, context_.draining);
}

void Connection::OnTimeout() {
  if (!WithinRequest() || answered_ || streaming_) {
    if (phase_ == Phase::kHandshake) ProcessMetrics::Get().handshakes_failed.Increment();
    return OnClientGone();
  }
  if (const auto call = std::move(call_)) call->Abort();
  keep_alive_ = false;
  SetPhase(Phase::kAnswer, context_.options.stall_timeout);
  Refuse(Refusal(408, absl::StatusCode::kDeadlineExceeded, "REQUEST_TIMEOUT", "请求未在规定时间内发送完毕"));
}

bool Connection::WaitsForClient() const {
  if (phase_ == Phase::kBody && call_ && call_->streams_body()) return call_->wants_body();
  return phase_ != Phase::kAnswer || !out_.empty();
}

bool Connection::Dispensable() const {
  if (phase_ == Phase::kBody) return !call_ || !call_->known_caller();
  return phase_ == Phase::kHandshake || phase_ == Phase::kHead;
}

int64_t Connection::Least() const {
  return static_cast<int64_t>(context_.options.least_rate * static_cast<double>(context_.options.stall_timeout.count()) / 1000);
}

int64_t Connection::Acknowledged() {
  int queued = 0;
  ::ioctl(socket_.tcp().native_handle(), SIOCOUTQ, &queued);
  return static_cast<int64_t>(written_) - queued;
}

// A read that waits is told. Where none does, because there is no room for more or the service is slow, this asks.
bool Connection::PeerHasClosed() {
  pollfd socket{socket_.tcp().native_handle(), POLLRDHUP, 0};
  return ::poll(&socket, 1, 0) == 1;
}

void Connection::Drain() {
  moved_at_ms_ = MonotonicMillis();
  if (phase_ == Phase::kHandshake || (phase_ == Phase::kHead && !head_begun_)) SetPhase(phase_, context_.options.drain_grace);
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  if (const auto call = std::move(call_)) call->Abort();
  socket_.SendClose();
  socket_.Close();
  ProcessMetrics::Get().connections.Decrement();
  place_.reset();
}

std::string Connection::AddressOf(const RequestHead& head) const {
  if (head.forwarded_for.empty() || !context_.options.trusted_proxies.Contain(peer_address_)) {
    return peer_address_;
  }
  // The last entry is the one that our own proxy wrote; those before it anyone can make up.
  const std::vector<absl::string_view> hops = absl::StrSplit(head.forwarded_for, ',');
  return std::string(absl::StripAsciiWhitespace(hops.back()));
}

}  // namespace sifa::gateway
