#include "libs/testing/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/testing/wait_until.h"

extern char** environ;

namespace sifa::testing {
namespace {

constexpr int kLowestPort = 12000;   // above the well-known services of a developer's machine
constexpr int kHighestPort = 32000;  // Linux gives outgoing connections ports from 32768

pid_t Spawn(const std::vector<std::string>& arguments, posix_spawn_file_actions_t* actions) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  // A group of its own: an interrupt typed at the terminal reaches the test, which then stops its servers in
  // order.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, argv[0], actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) Die(absl::StrCat("cannot start ", arguments[0], ": ", strerror(error)));
  return pid;
}

bool CanBind(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return bound;
}

}  // namespace

void Die(absl::string_view reason) {
  std::fprintf(stderr, "test environment: %.*s\n", static_cast<int>(reason.size()), reason.data());
  std::abort();
}

std::string FindProgram(const std::string& name) {
  const char* path = std::getenv("PATH");
  const std::string places =
      absl::StrCat(path == nullptr ? "/usr/bin" : path, ":/usr/sbin:/usr/local/sbin:/sbin");
  for (absl::string_view place : absl::StrSplit(places, ':', absl::SkipEmpty())) {
    const std::string file = absl::StrCat(place, "/", name);
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  Die(absl::StrCat(name, " is not installed"));
}

int FreePort() {
  static std::mt19937 random{std::random_device{}()};
  for (int i = 0; i < 1000; ++i) {
    const int port = std::uniform_int_distribution<int>(kLowestPort, kHighestPort)(random);
    if (CanBind(port)) return port;
  }
  Die("no free port");
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TempDir::TempDir(absl::string_view prefix) {
  const char* base = std::getenv("TMPDIR");
  // Short, for the path of a unix socket holds 107 bytes.
  path_ = absl::StrCat(base == nullptr ? "/tmp" : base, "/", prefix, ".XXXXXX");
  if (mkdtemp(path_.data()) == nullptr) Die(absl::StrCat("cannot make ", path_));
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::operator/(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

Process::Process(const std::vector<std::string>& arguments, const std::string& log,
                 const std::string& scratch) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_ = Spawn(arguments, &actions);
  posix_spawn_file_actions_destroy(&actions);
  StartGuardian(scratch);
}

Process::~Process() {
  if (Running()) Signal(SIGKILL);
  Wait(absl::InfiniteDuration());
}

void Process::StartGuardian(const std::string& scratch) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) Die("cannot make a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
  constexpr char kScript[] =
      "read never; kill -s KILL -- \"-$1\" 2>/dev/null; if [ -n \"$2\" ]; then sleep 0.2; rm -rf \"$2\"; fi";
  guardian_ = Spawn({"/bin/sh", "-c", kScript, "guardian", absl::StrCat(pid_), scratch}, &actions);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[0]);
  guardian_pipe_ = ends[1];
}

void Process::StopGuardian() {
  if (guardian_ < 0) return;
  // Before the child's number is free for another process, which the guardian would kill.
  kill(guardian_, SIGKILL);
  waitpid(guardian_, nullptr, 0);
  close(guardian_pipe_);
  guardian_ = -1;
}

bool Process::Running() {
  if (pid_ < 0) return false;
  siginfo_t info{};
  if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0)
    return true;
  StopGuardian();
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  pid_ = -1;
  return false;
}

void Process::Signal(int signal) {
  if (pid_ > 0) kill(pid_, signal);
}

bool Process::Wait(absl::Duration timeout) {
  return WaitUntil([this] { return !Running(); }, timeout);
}

void Process::Stop(absl::Duration patience) {
  Signal(SIGTERM);
  if (Wait(patience)) return;
  Signal(SIGKILL);
  Wait(absl::InfiniteDuration());
}

int RunProgram(const std::vector<std::string>& arguments, const std::string& log, absl::Duration timeout,
               const std::string& scratch) {
  Process process(arguments, log, scratch);
  if (!process.Wait(timeout)) Die(absl::StrCat(arguments[0], " did not end: ", ReadFile(log)));
  return process.exit_code();
}

}  // namespace sifa::testing
