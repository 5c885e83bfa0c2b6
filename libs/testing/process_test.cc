#include "libs/testing/process.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "libs/testing/wait_until.h"

namespace sifa::testing {
namespace {

// Gone, or dead and not yet buried by the first process of a container.
bool Ended(const std::string& pid) { return ReadFile("/proc/" + pid + "/cmdline").empty(); }

}  // namespace

TEST_CASE("a child ends with the process that holds it, and its exit code is told") {
  const TempDir dir("sifa-process");
  CHECK(RunProgram({"/bin/sh", "-c", "exit 7"}, dir / "log", absl::Seconds(5)) == 7);
  pid_t pid = 0;
  {
    Process process({"/bin/sleep", "60"}, dir / "log");
    pid = process.pid();
    CHECK(process.Running());
  }
  CHECK(Ended(std::to_string(pid)));
}

TEST_CASE("what a child holds ends with its process, however that ends") {
  const TempDir dir("sifa-process");
  const std::string scratch = dir / "scratch";
  REQUIRE(mkdir(scratch.c_str(), 0700) == 0);
  const std::string pids = dir / "pids";
  // A process of ours that starts a child with a child of its own, and is then killed like any crashed test.
  const pid_t crashing = fork();
  if (crashing == 0) {
    Process child({"/bin/sh", "-c", "sleep 60 & echo $$ $! > " + pids + "; wait"}, dir / "log", scratch);
    WaitUntil([&] { return ReadFile(pids).find('\n') != std::string::npos; });
    raise(SIGKILL);
  }
  waitpid(crashing, nullptr, 0);
  std::istringstream both(ReadFile(pids));
  std::string parent, grandchild;
  REQUIRE(both >> parent >> grandchild);
  CHECK(WaitUntil([&] { return Ended(parent) && Ended(grandchild) && access(scratch.c_str(), F_OK) != 0; }));
}

}  // namespace sifa::testing
