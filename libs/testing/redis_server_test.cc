#include "libs/testing/redis_server.h"

#include <unistd.h>

#include <catch2/catch.hpp>

#include "libs/testing/unix_socket.h"
#include "libs/testing/wait_until.h"

namespace sifa::testing {
namespace {

bool Accepts(const std::string& socket) {
  const int fd = ConnectUnix(socket);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

}  // namespace

TEST_CASE("a private Redis can be killed and started again on its socket") {
  RedisServer server;
  CHECK(Accepts(server.socket()));
  server.Kill();
  CHECK_FALSE(Accepts(server.socket()));
  server.Start();
  CHECK(Accepts(server.socket()));
  server.Stop();
  CHECK_FALSE(Accepts(server.socket()));
}

TEST_CASE("a child ends with the process that holds it, and its exit code is told") {
  const TempDir dir("sifa-process");
  CHECK(RunProgram({"/bin/sh", "-c", "exit 7"}, dir / "log", absl::Seconds(5)) == 7);
  pid_t pid = 0;
  {
    Process process({"/bin/sleep", "60"}, dir / "log");
    pid = process.pid();
    CHECK(process.Running());
  }
  CHECK(access(("/proc/" + std::to_string(pid)).c_str(), F_OK) != 0);
}

}  // namespace sifa::testing
