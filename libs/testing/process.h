// What the private servers of tests share: programs run as children, directories that vanish, free ports.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace sifa::testing {

// Ends the test program with the reason: an environment that cannot be set up is no result of a test.
[[noreturn]] void Die(absl::string_view reason);

// The path of a program in PATH or in the system's sbin directories; dies where it is not installed.
std::string FindProgram(const std::string& name);

// A loopback port on which nothing listens, below the range that the kernel hands to outgoing connections.
int FreePort();

// The whole text of a file, "" where it does not exist.
std::string ReadFile(const std::string& path);

// A fresh directory under $TMPDIR or /tmp, removed with all it holds.
class TempDir {
 public:
  explicit TempDir(absl::string_view prefix);
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(absl::string_view name) const;

 private:
  std::string path_;
};

// A child program whose output goes to a log file. It never outlives this process, however that ends: a small
// shell waits for the end of a pipe that only this process holds, then kills the child with its own children
// and removes `scratch`.
class Process {
 public:
  Process(const std::vector<std::string>& arguments, const std::string& log, const std::string& scratch = "");
  ~Process();  // SIGKILL where it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  bool Running();
  void Signal(int signal);
  // Waits for the end; false where it still runs after `timeout`.
  bool Wait(absl::Duration timeout);
  // SIGTERM, and SIGKILL where it has not ended within `patience`.
  void Stop(absl::Duration patience);
  pid_t pid() const { return pid_; }
  // As in the shell: the exit code, or 128 + the signal. -1 while it runs.
  int exit_code() const { return exit_code_; }

 private:
  void StartGuardian(const std::string& scratch);
  void StopGuardian();

  pid_t pid_ = -1;
  int exit_code_ = -1;
  pid_t guardian_ = -1;
  int guardian_pipe_ = -1;
};

// Runs a program to its end and returns its exit code.
int RunProgram(const std::vector<std::string>& arguments, const std::string& log, absl::Duration timeout,
               const std::string& scratch = "");

}  // namespace sifa::testing
