// A connection as the exchange that calls answer.
#include "absl/strings/str_cat.h"
#include "services/gateway/connection.h"

namespace sifa::gateway {
namespace {

constexpr uint64_t kWorthDropping = 64 << 10;  // a refused body up to this is read, for keep-alive's sake

// One page may not frame, sniff or keep what the gateway answers; browsers come back by HTTPS only.
constexpr absl::string_view kSecurityHeaders =
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cache-Control: no-store\r\n";

}  // namespace

void Connection::SetRequestId(absl::string_view id) { request_id_ = std::string(id); }

bool Connection::congested() const { return out_.size() - out_begin_ > kCongested; }

void Connection::AppendHead(int http, absl::string_view content_type, absl::string_view extra_headers) {
  const RequestHead& head = parser_.head();
  if (phase_ != Phase::kAnswer && head.has_body()) {
    // Answered before the body was read: it is dropped if it is short and surely comes, else the connection ends.
    const bool short_body = !head.chunked && *head.content_length <= kWorthDropping && !head.expects_continue;
    if (!short_body) keep_alive_ = false;
  }
  if (context_.draining) keep_alive_ = false;
  absl::StrAppend(&out_, "HTTP/1.1 ", http, " ", ReasonPhrase(http), "\r\n", context_.date_line, "Content-Type: ",
                  content_type, "\r\n");
  if (!request_id_.empty()) absl::StrAppend(&out_, "X-Request-Id: ", request_id_, "\r\n");
  out_.append(kSecurityHeaders.data(), kSecurityHeaders.size());
  out_.append(extra_headers.data(), extra_headers.size());
  if (!keep_alive_) {
    out_ += "Connection: close\r\n";
  } else if (!head.http11) {
    out_ += "Connection: keep-alive\r\n";
  }
}

void Connection::Answer(const Response& response) {
  AppendHead(response.http, response.content_type, response.extra_headers);
  absl::StrAppend(&out_, "Content-Length: ", response.body.size(), "\r\n\r\n");
  if (!no_body_out_) out_.append(response.body.data(), response.body.size());
  Answered();
  Pump();
}

void Connection::Answered() {
  answered_ = true;
  call_.reset();
  if (phase_ == Phase::kBody && keep_alive_) {
    SetPhase(Phase::kBody, context_.options.stranger_body_timeout);  // for the rest of the body, which is dropped
  } else {
    SetPhase(Phase::kAnswer, context_.options.stream_deadline);  // a client that takes it too slowly is seen before
  }
}

void Connection::Refuse(const HttpError& error) {
  const int http = error.http != 0 ? error.http : HttpStatusOf(error.status.code());
  std::string extra = error.extra_header;
  if (http == 401) extra += "WWW-Authenticate: Bearer realm=\"sifa\"\r\n";
  if (http == 429 || http == 503) extra += "Retry-After: 1\r\n";
  const std::string body = ErrorBody(error.status, request_id_);
  Answer({http, "application/json", body, extra});
}

void Connection::BeginStream(absl::string_view content_type, absl::string_view extra_headers) {
  chunked_out_ = parser_.head().http11;
  if (!chunked_out_) keep_alive_ = false;  // HTTP/1.0: the end of the connection ends the body
  AppendHead(200, content_type, extra_headers);
  out_ += chunked_out_ ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n";
  streaming_ = true;
}

void Connection::Write(absl::string_view piece) {
  if (piece.empty()) return;
  if (chunked_out_) absl::StrAppend(&out_, absl::Hex(piece.size()), "\r\n");
  out_.append(piece.data(), piece.size());
  if (chunked_out_) out_ += "\r\n";
  Pump();
}

void Connection::EndStream() {
  if (chunked_out_) out_ += "0\r\n\r\n";
  streaming_ = false;
  Answered();
  Pump();
}

void Connection::CutStream() {
  streaming_ = false;
  keep_alive_ = false;
  Answered();
  Pump();
}

}  // namespace sifa::gateway
