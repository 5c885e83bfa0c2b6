#include "libs/telemetry/process_metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "absl/time/clock.h"
#include "libs/telemetry/metrics.h"

namespace sifa::telemetry {
namespace {

// Close to the start of the process, which is enough to see a restart.
const absl::Time started_at = absl::Now();

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return time.tv_sec + time.tv_usec / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t total_pages = 0, resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return static_cast<double>(resident_pages) * sysconf(_SC_PAGESIZE);
}

int OpenFiles() {
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) return 0;
  int count = -3;  // ".", ".." and the directory itself
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count;
}

int MostFiles() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<int>(limit.rlim_cur);
}

}  // namespace

void ReadProcessMetrics() {
  static auto& cpu = Counter("process_cpu_seconds_total", "CPU time spent by this process, in seconds.");
  static auto& resident = Gauge("process_resident_memory_bytes", "Resident memory of this process.");
  static auto& files = Gauge("process_open_fds", "Open file descriptors of this process.");
  static auto& most_files = Gauge("process_max_fds", "File descriptors that this process may have open.");
  static auto& build = Gauge("sifa_build_info", "1, with the version of the program.", {{"version", SIFA_VERSION}});
  static auto& start = Gauge("process_start_time_seconds", "Start of this process, Unix time in seconds.");
  cpu.Increment(CpuSeconds() - cpu.Value());
  resident.Set(ResidentBytes());
  files.Set(OpenFiles());
  most_files.Set(MostFiles());
  build.Set(1);
  start.Set(static_cast<double>(absl::ToUnixSeconds(started_at)));
}

}  // namespace sifa::telemetry
