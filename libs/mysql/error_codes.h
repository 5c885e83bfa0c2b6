// What the numbers of the server and of libmariadb mean to callers.
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

}  // namespace sifa::mysql
