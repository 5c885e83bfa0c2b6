#include "libs/testing/maria_server.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "libs/testing/unix_socket.h"
#include "libs/testing/wait_until.h"

namespace sifa::testing {
namespace {

const std::string& UserName() {
  static const std::string name = geteuid() == 0 ? "root" : "";  // mariadbd as root wants to be told so
  return name;
}

void AddUser(std::vector<std::string>& arguments) {
  if (!UserName().empty()) arguments.push_back("--user=" + UserName());
}

}  // namespace

MariaServer::MariaServer(std::vector<std::string> arguments)
    : dir_("sifa-maria"), arguments_(std::move(arguments)), socket_(dir_ / "my.sock"), port_(FreePort()) {
  Install();
  Start();
}

MariaServer::~MariaServer() {
  if (process_->Running()) Kill();
}

void MariaServer::Install() {
  const std::string log = dir_ / "install.log";
  std::vector<std::string> install = {
      FindProgram("mariadb-install-db"), "--no-defaults", "--datadir=" + (dir_ / "data"),
      "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
      "--innodb-log-file-size=16M", "--innodb-buffer-pool-size=32M",
      // Nobody keeps a data directory whose making was cut short.
      "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF"};
  AddUser(install);
  if (RunProgram(install, log, absl::Minutes(2), dir_.path()) != 0)
    Die(absl::StrCat("mariadb-install-db: ", ReadFile(log)));
}

void MariaServer::Start() {
  const std::string log = dir_ / "maria.log";
  std::vector<std::string> start = {FindProgram("mariadbd"),
                                    "--no-defaults",
                                    "--datadir=" + (dir_ / "data"),
                                    "--socket=" + socket_,
                                    "--pid-file=" + (dir_ / "maria.pid"),
                                    "--bind-address=127.0.0.1",
                                    absl::StrCat("--port=", port_),
                                    "--skip-name-resolve",
                                    "--skip-log-bin",
                                    "--performance-schema=OFF",
                                    "--character-set-server=utf8mb4",
                                    "--collation-server=utf8mb4_bin",
                                    "--innodb-buffer-pool-size=64M",
                                    "--innodb-log-file-size=16M",
                                    "--innodb-flush-log-at-trx-commit=1",
                                    "--max-connections=300"};
  AddUser(start);
  start.insert(start.end(), arguments_.begin(), arguments_.end());
  unlink(socket_.c_str());  // a killed server leaves it behind
  process_ = std::make_unique<Process>(start, log, dir_.path());
  const bool up = WaitUntil([this] { return Answers() || !process_->Running(); }, absl::Minutes(1));
  if (!up || !process_->Running()) Die(absl::StrCat("mariadbd did not start: ", ReadFile(log)));
}

bool MariaServer::Answers() const {
  // Asked only once it listens, so that the pool has no failure to log.
  const int fd = ConnectUnix(socket_);
  if (fd < 0) return false;
  close(fd);
  mysql::Options options = RootOptions();
  options.connections = 1;
  return mysql::Pool(options).Ping().ok();
}

mysql::Options MariaServer::RootOptions() const {
  mysql::Options options;
  options.socket = socket_;
  options.user = "root";
  return options;
}

void MariaServer::Kill() {
  process_->Signal(SIGKILL);
  process_->Wait(absl::InfiniteDuration());
}

void MariaServer::Stop() { process_->Stop(absl::Seconds(30)); }

const std::string& MariaServer::SharedSocket() {
  if (static const char* given = std::getenv("SIFA_TEST_MYSQL"); given != nullptr) {
    static const std::string path = given;
    return path;
  }
  static MariaServer server;
  return server.socket();
}

}  // namespace sifa::testing
