#include "services/gateway/route_metrics.h"

#include "libs/telemetry/metrics.h"

namespace sifa::gateway {

absl::string_view CodeName(absl::StatusCode code) {
  static constexpr absl::string_view kNames[] = {
      "OK",           "CANCELLED",           "UNKNOWN",           "INVALID_ARGUMENT",    "DEADLINE_EXCEEDED", "NOT_FOUND",
      "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",          "OUT_OF_RANGE",
      "UNIMPLEMENTED", "INTERNAL",           "UNAVAILABLE",       "DATA_LOSS",           "UNAUTHENTICATED"};
  const auto index = static_cast<size_t>(code);
  return index < std::size(kNames) ? kNames[index] : "UNKNOWN";
}

RouteMetrics::RouteMetrics(std::string pattern)
    : pattern_(std::move(pattern)),
      latency_(telemetry::Latency("sifa_gateway_request_seconds", "From the end of a request's head to the end of its answer.",
                                  {{"route", pattern_}})),
      by_code_([this](const std::string& code) -> prometheus::Counter& {
        return telemetry::Counter("sifa_gateway_requests_total", "Requests answered, by route and gRPC code.",
                                  {{"route", pattern_}, {"code", code}});
      }) {}

void RouteMetrics::Observe(absl::StatusCode code, double seconds) {
  latency_.Observe(seconds);
  Count(code);
}

void RouteMetrics::Count(absl::StatusCode code) { by_code_.Increment(code); }

bool RouteMetrics::MayLog(int64_t now_ms, int64_t* skipped) {
  constexpr int64_t kLinesASecond = 5;
  const int64_t second = now_ms / 1000;
  if (log_second_.exchange(second) != second) logged_ = 0;
  if (logged_.fetch_add(1) >= kLinesASecond) {
    ++skipped_;
    return false;
  }
  *skipped = skipped_.exchange(0);
  return true;
}

ProcessMetrics& ProcessMetrics::Get() {
  static ProcessMetrics metrics{
      telemetry::Gauge("sifa_gateway_in_flight", "Calls that services are working on."),
      telemetry::Gauge("sifa_gateway_connections", "Open connections of front ends."),
      telemetry::Gauge("sifa_gateway_connections_limit", "Connections of front ends that may be open."),
      telemetry::Gauge("sifa_gateway_live_streams", "Streams of changes that are open."),
      telemetry::Gauge("sifa_gateway_live_streams_limit", "Streams of changes that may be open."),
      telemetry::Counter("sifa_gateway_connections_total", "Connections accepted."),
      telemetry::Gauge("sifa_gateway_body_bytes", "Bytes of request bodies that are held."),
      telemetry::Counter("sifa_gateway_bodies_refused_total", "Request bodies for which there was no room."),
      telemetry::Counter("sifa_gateway_connections_refused_total", "Connections closed at once: too many open.",
                         {{"bound", "all"}}),
      telemetry::Counter("sifa_gateway_connections_refused_total", "Connections closed at once: too many open.",
                         {{"bound", "address"}}),
      telemetry::Counter("sifa_gateway_handshakes_failed_total", "TLS handshakes that failed or took too long."),
      telemetry::Counter("sifa_gateway_unrouted_total", "Requests for no route, or with the wrong method."),
      telemetry::Counter("sifa_gateway_malformed_total", "Requests that are not HTTP as we accept it."),
      telemetry::Counter("sifa_gateway_limited_total", "Requests refused because their caller made too many."),
      telemetry::Counter("sifa_gateway_abandoned_total", "Calls cancelled because the client went away or took too long."),
  };
  return metrics;
}

prometheus::Gauge& BackendState(const std::string& peer) {
  return telemetry::Gauge("sifa_gateway_backend_state",
                          "Connections to a service: 0 idle, 1 connecting, 2 ready, 3 failing.", {{"peer", peer}});
}

}  // namespace sifa::gateway
