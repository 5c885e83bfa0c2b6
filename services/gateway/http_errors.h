// Errors as front ends see them: the HTTP status of each gRPC code, and a google.rpc.Status as the body.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sifa::gateway {

// What is sent instead of an answer. `http` 0: by the code of `status`.
struct HttpError {
  absl::Status status;
  int http = 0;
  std::string extra_header;  // "Allow: GET\r\n", or ""
};

// google.rpc.Code's own mapping.
int HttpStatusOf(absl::StatusCode code);
absl::string_view ReasonPhrase(int http);

// A refusal by the gateway itself, with the message in plain Chinese.
HttpError Refusal(int http, absl::StatusCode code, absl::string_view reason, absl::string_view message);
// No room for the request's body.
HttpError Busy();

// What a user may see of an error: faults of the suite (INTERNAL, UNKNOWN, DATA_LOSS, …) and errors that gRPC itself
// made (addresses, versions) become a general sentence, with the id under which the logs tell more; what our services said
// is passed on.
absl::Status Presentable(const absl::Status& status, absl::string_view request_id);

// {"code":3,"message":"…","details":[{"@type":…}]}; `status` is made presentable.
std::string ErrorBody(const absl::Status& status, absl::string_view request_id);

}  // namespace sifa::gateway
