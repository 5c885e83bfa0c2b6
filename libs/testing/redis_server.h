// A private Redis for tests: on a unix socket in a temporary directory, without persistence.
#pragma once

#include <memory>
#include <string>

#include "libs/testing/process.h"

namespace sifa::testing {

// Not thread-safe, except socket().
class RedisServer {
 public:
  RedisServer();  // starts, and returns when it answers
  ~RedisServer();

  const std::string& socket() const { return socket_; }
  // SIGKILL; everything it held is lost.
  void Kill();
  void Stop();
  // Again on the same socket, empty.
  void Start();

  // One server for all tests of a program, started at the first use. SIFA_TEST_REDIS (the socket's path) uses
  // a server that already runs. Keys of tests share it: give them a prefix of their own. Never kill it.
  static const std::string& SharedSocket();

 private:
  TempDir dir_;
  std::string socket_;
  std::unique_ptr<Process> process_;
};

}  // namespace sifa::testing
