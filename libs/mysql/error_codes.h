// What the numbers of the server and of its client library mean to callers.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sifa::mysql {

enum class Failure {
  kLost,       // this connection is of no more use
  kFull,       // the server takes no more connections
  kConflict,   // another transaction was in the way; safe to run again from the start
  kDuplicate,  // a unique key
  kTimeout,    // the statement ran longer than it may
  kOther,
};

Failure FailureOf(unsigned error);
// The documented error; `text` is the server's. Values that the text quotes are left out: they may be
// personal data.
absl::Status ToStatus(unsigned error, absl::string_view text);

// Numbers that single places handle.
constexpr unsigned kUnknownDatabase = 1049;
constexpr unsigned kUnknownVariable = 1193;
constexpr unsigned kTooManyStatements = 1461;
constexpr unsigned kUnknownFailure = 2000;   // the client's, without a number of its own
constexpr unsigned kNoTurnToConnect = 2003;  // the client's for a host that it cannot connect to

}  // namespace sifa::mysql
