// W3C trace context (traceparent): carried by every call, written into every log line of its handling.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace sifa::telemetry {

struct TraceContext {
  std::string trace_id;  // 32 hex digits
  std::string span_id;   // 16 hex digits
  bool sampled = true;

  std::string ToTraceparent() const;  // "00-<trace>-<span>-01"
  TraceContext Child() const;         // same trace, fresh span
};

TraceContext NewTrace();
// A fresh trace where the header is missing or malformed.
TraceContext ParseTraceparent(absl::string_view header);

// Makes a copy of `context` the current one of this thread until the scope ends. Scopes nest; they do not
// cross threads.
class TraceScope {
 public:
  explicit TraceScope(const TraceContext& context);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  const TraceContext context_;  // a copy, so that a temporary may be passed
  const TraceContext* const previous_;
};
// Null outside any scope.
const TraceContext* CurrentTrace();

}  // namespace sifa::telemetry
