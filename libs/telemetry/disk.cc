#include "libs/telemetry/disk.h"

#include <sys/statvfs.h>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/telemetry/metrics.h"

namespace sifa::telemetry {

absl::Status CheckDisks(const std::vector<std::string>& directories, int64_t reserve_bytes) {
  absl::Status found;
  for (const std::string& directory : directories) {
    struct statvfs disk;
    if (statvfs(directory.c_str(), &disk) != 0) {
      found.Update(Unavailable("DISK_UNKNOWN", absl::StrCat("cannot look at ", directory)));
      continue;
    }
    const int64_t free = static_cast<int64_t>(disk.f_bavail) * static_cast<int64_t>(disk.f_frsize);
    Gauge("sifa_disk_free_bytes", "room on the disk of a directory", {{"directory", directory}}).Set(static_cast<double>(free));
    if (free >= reserve_bytes) continue;
    found.Update(Error(absl::StatusCode::kResourceExhausted, "DISK_LOW",
                       absl::StrCat(free >> 20, " MiB free for ", directory, ", ", reserve_bytes >> 20, " MiB are the reserve")));
  }
  return found;
}

}  // namespace sifa::telemetry
