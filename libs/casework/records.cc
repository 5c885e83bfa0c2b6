#include "libs/casework/records.h"

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/metrics.h"

namespace sifa::casework {
namespace {

std::string VerifiedPath(const std::string& directory) { return absl::StrCat(directory, "/journal.verified"); }

}  // namespace

void RecordVerified(const std::string& directory, int64_t findings) {
  const std::string path = VerifiedPath(directory), fresh = path + ".new";
  if (!std::ifstream(path).is_open()) return;
  std::ofstream out(fresh);
  out << absl::ToUnixSeconds(absl::Now()) << " " << findings << "\n";
  out.close();
  if (!out || std::rename(fresh.c_str(), path.c_str()) != 0) telemetry::Warn("cannot write down the check", {{"file", path}});
}

void MeasureRecords(const std::string& directory) {
  int64_t time = 0, findings = 0;
  if (std::ifstream verified(VerifiedPath(directory)); verified >> time >> findings) {
    telemetry::Gauge("sifa_journal_verified_time_seconds",
                     "When this journal was last checked from end to end, or first was there, Unix time")
        .Set(static_cast<double>(time));
    telemetry::Gauge("sifa_journal_verified_findings", "What the last check of this journal found").Set(static_cast<double>(findings));
  }
  if (std::ifstream taken(absl::StrCat(directory, "/backup.taken")); taken >> time) {
    telemetry::Gauge("sifa_backup_time_seconds", "When this service's data was last backed up, or first was there, Unix time")
        .Set(static_cast<double>(time));
  }
}

}  // namespace sifa::casework
