// Errors as the whole suite speaks them: an absl::Status whose message is plain Chinese for the clerk, with a stable
// English reason and, where the law refused, its article. `rpc` carries them over the wire as google.rpc.Status.
#pragma once

#include <string>
#include "absl/strings/string_view.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/rpc/status.pb.h"

namespace sifa {

// An article of an instrument (条款), e.g. {"人民调解法", "17"}.
struct Citation {
  absl::string_view instrument;
  absl::string_view article;
};

// An error with ErrorInfo{reason, domain "sifa"}. `reason` is a stable constant, e.g. "REGION_UNKNOWN".
absl::Status Error(absl::StatusCode code, absl::string_view reason, absl::string_view message);

// INVALID_ARGUMENT that names the field by its path in the request, e.g. "parties[1].id_number".
absl::Status InvalidField(absl::string_view field, absl::string_view reason, absl::string_view message);

// Adds one more field violation to an error made by InvalidField.
void AddFieldViolation(absl::Status& status, absl::string_view field, absl::string_view message);

// FAILED_PRECONDITION because a rule of law refuses; the article goes into ErrorInfo.metadata["law"].
absl::Status Refused(absl::string_view reason, absl::string_view message, Citation law);

absl::Status NotFound(absl::string_view what);
absl::Status Internal(absl::string_view what);                     // logged by the caller; users see a general sentence
absl::Status Unavailable(absl::string_view reason, absl::string_view message);

// The stable reason of an error, or "" where it has none.
std::string ReasonOf(const absl::Status& status);

// To and from the wire form; details that are not known are kept as they are.
google::rpc::Status ToProto(const absl::Status& status);
absl::Status FromProto(const google::rpc::Status& status);

}  // namespace sifa

#define SIFA_CONCAT_INNER_(a, b) a##b
#define SIFA_CONCAT_(a, b) SIFA_CONCAT_INNER_(a, b)

// Returns the error of an expression that yields absl::Status.
#define RETURN_IF_ERROR(expression)                         \
  if (absl::Status _status = (expression); !_status.ok()) { \
    return _status;                                         \
  }

// ASSIGN_OR_RETURN(auto x, Make()): the value of an absl::StatusOr, or returns its error.
#define ASSIGN_OR_RETURN(lhs, expression) ASSIGN_OR_RETURN_IMPL_(SIFA_CONCAT_(_or_, __LINE__), lhs, expression)
#define ASSIGN_OR_RETURN_IMPL_(temporary, lhs, expression) \
  auto temporary = (expression);                           \
  if (!temporary.ok()) {                                   \
    return std::move(temporary).status();                  \
  }                                                        \
  lhs = *std::move(temporary)
