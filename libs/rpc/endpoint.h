// The steps that every call passes, in their order. Private to the door.
#pragma once

#include "grpcpp/server_context.h"
#include "libs/rpc/described_service.h"
#include "libs/telemetry/code_counters.h"
#include "libs/telemetry/metrics.h"

namespace sifa::rpc {

struct EndpointBase {
  EndpointBase(const contract::Method& method, const Door& door);

  // Before the handler: (1) deadline, (2) is the calling process allowed here, (3) whose token is it, (4) does any of
  // its grants hold the method's permission. Which objects those grants reach, casework decides at the object.
  absl::Status Admit(const grpc::CallbackServerContext& context, Call& call) const;
  // After the handler: hides personal data, unless casework has journalled the reading.
  void Mask(const Call& call, google::protobuf::Message* answer) const;
  // Before the handler: whether the call looks for records by personal values; after it: that this is in the journal.
  void NoteSearch(const google::protobuf::Message& request, Call& call) const;
  static absl::Status CheckSearch(Call& call);
  // Last: internal detail goes to the log, the caller gets a sentence and the id of the request.
  absl::Status Present(const Call& call, const absl::Status& status) const;

  const contract::Method& method;
  const Door door;
  const bool masks;
  const bool may_search;  // reads, under a permission, and its request has sensitive fields
  telemetry::CodeCounters calls;
  prometheus::Histogram& latency;
  prometheus::Gauge& in_flight;
};

// Counts and times one call.
class Measure {
 public:
  explicit Measure(EndpointBase& endpoint) : endpoint_(endpoint), start_(absl::GetCurrentTimeNanos()) {
    endpoint_.in_flight.Increment();
  }
  void End(absl::StatusCode code) {
    endpoint_.in_flight.Decrement();
    endpoint_.latency.Observe(static_cast<double>(absl::GetCurrentTimeNanos() - start_) / 1e9);
    endpoint_.calls.Increment(code);
  }

 private:
  EndpointBase& endpoint_;
  const int64_t start_;
};

}  // namespace sifa::rpc
