// HTTP/1.1 requests from bytes: Beast's parser, keeping only the header fields that the gateway understands.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace sifa::gateway {

// Everything of a request but its body. Header fields that are not here are not read, hence cannot be passed on.
struct RequestHead {
  std::string method;
  std::string path;   // still percent-encoded
  std::string query;  // without '?'
  bool http11 = true;
  bool keep_alive = true;
  bool chunked = false;
  bool expects_continue = false;
  std::optional<uint64_t> content_length;

  std::string host, content_type, content_encoding, accept, authorization, idempotency_key, if_match, request_id, traceparent,
      purpose, timeout_ms, forwarded_for, last_event_id;

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

class HttpParser {
 public:
  enum class State { kNeedMore, kHeadDone, kDone, kBad };
  struct Limits {
    size_t head;
    size_t target;
  };
  // `on_body` gets the body piece by piece, from within Parse.
  HttpParser(Limits limits, std::function<void(absl::string_view)> on_body);
  ~HttpParser();

  void Reset();
  // Reads from `data`, sets *used. Stops once after the head (kHeadDone, also where no body follows), so that a
  // request can be judged before its body is taken; called again it goes on with the body. kNeedMore: give what was not
  // used again, with more behind it.
  State Parse(absl::string_view data, size_t* used);
  // Valid from kHeadDone until Reset.
  const RequestHead& head() const;
  // After kBad: 400, 414, 431, 501 or 505, and why (stable English).
  int bad_status() const;
  absl::string_view bad_reason() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sifa::gateway
