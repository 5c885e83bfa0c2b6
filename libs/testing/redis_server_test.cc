#include "libs/testing/redis_server.h"

#include <unistd.h>

#include <catch2/catch.hpp>

#include "libs/testing/unix_socket.h"

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

}  // namespace sifa::testing
