#include "libs/testing/redis_server.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "libs/testing/unix_socket.h"
#include "libs/testing/wait_until.h"

namespace sifa::testing {
namespace {

bool Answers(const std::string& socket) {
  const int fd = ConnectUnix(socket);
  if (fd < 0) return false;
  constexpr char kPing[] = "PING\r\n";
  char answer[5] = {};
  const bool pong = send(fd, kPing, sizeof kPing - 1, MSG_NOSIGNAL) > 0 &&
                    recv(fd, answer, sizeof answer, MSG_WAITALL) == 5 && std::string(answer, 5) == "+PONG";
  close(fd);
  return pong;
}

}  // namespace

RedisServer::RedisServer() : dir_("sifa-redis"), socket_(dir_ / "redis.sock") { Start(); }

RedisServer::~RedisServer() { Stop(); }

void RedisServer::Kill() {
  process_->Signal(SIGKILL);
  process_->Wait(absl::InfiniteDuration());
}

void RedisServer::Stop() { process_->Stop(absl::Seconds(5)); }

void RedisServer::Start() {
  const std::string log = dir_ / "redis.log";
  unlink(socket_.c_str());  // a killed server leaves it behind
  process_ = std::make_unique<Process>(
      std::vector<std::string>{FindProgram("redis-server"), "--port", "0", "--unixsocket", socket_, "--dir",
                               dir_.path(), "--save", "", "--appendonly", "no", "--daemonize", "no"},
      log, dir_.path());
  const bool up = WaitUntil([&] { return Answers(socket_) || !process_->Running(); }, absl::Seconds(20));
  if (!up || !process_->Running()) Die(absl::StrCat("redis-server did not start: ", ReadFile(log)));
}

const std::string& RedisServer::SharedSocket() {
  if (static const char* given = std::getenv("SIFA_TEST_REDIS"); given != nullptr) {
    static const std::string path = given;
    return path;
  }
  static RedisServer server;
  return server.socket();
}

}  // namespace sifa::testing
