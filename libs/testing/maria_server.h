// A private MariaDB for tests: its own data directory in a temporary directory, a unix socket and a loopback
// port, and root without a password. Runs as root and as any other user.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/mysql/mysql.h"
#include "libs/testing/process.h"

namespace sifa::testing {

// Not thread-safe, except the options and addresses.
class MariaServer {
 public:
  // Starts, and returns when it answers. `arguments` are given to mariadbd after the defaults and so win over
  // them.
  explicit MariaServer(std::vector<std::string> arguments = {});
  ~MariaServer();  // kills: nobody reads the data again

  const std::string& socket() const { return socket_; }
  int port() const { return port_; }

  // Root over the socket, without a database.
  mysql::Options RootOptions() const;

  void Kill();   // SIGKILL, as a loss of power would
  void Stop();   // in order
  void Start();  // again on the same data, socket and port; returns when it answers

  // The socket of one server for all tests of a program, started at the first use and stopped at exit. Where
  // the environment gives SIFA_TEST_MYSQL (the socket of a running private server), that one. Never kill it.
  static const std::string& SharedSocket();

 private:
  void Install();
  bool Answers() const;

  TempDir dir_;
  std::vector<std::string> arguments_;
  std::string socket_;
  int port_;
  std::unique_ptr<Process> process_;
};

}  // namespace sifa::testing
