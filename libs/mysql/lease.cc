#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/mysql/mysql.h"
#include "libs/telemetry/metrics.h"

namespace sifa::mysql {
namespace {

// True where the lease is still ours and now runs on.
absl::StatusOr<bool> Renew(Connection& connection, const Lease& lease, int64_t micros) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      connection.Execute("UPDATE lease SET expires_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND "
                         "WHERE name = ? AND holder = ? AND epoch = ?",
                         {micros, lease.name, lease.holder, lease.epoch}));
  return changed == 1;
}

// The first holder ever. False where another was faster.
absl::StatusOr<bool> Create(Connection& connection, Lease& lease, int64_t micros) {
  const auto inserted = connection.Execute(
      "INSERT INTO lease (name, holder, epoch, expires_at) VALUES (?, ?, 1, UTC_TIMESTAMP(6) + INTERVAL ? "
      "MICROSECOND)",
      {lease.name, lease.holder, micros});
  if (absl::IsAlreadyExists(inserted.status())) return false;
  RETURN_IF_ERROR(inserted.status());
  lease.epoch = 1;
  return true;
}

// Takes the lease from the holder of `epoch`, if nobody else has meanwhile.
absl::StatusOr<bool> TakeOver(Connection& connection, Lease& lease, int64_t micros, int64_t epoch) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      connection.Execute("UPDATE lease SET holder = ?, epoch = epoch + 1, "
                         "expires_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND "
                         "WHERE name = ? AND epoch = ? AND (expires_at <= UTC_TIMESTAMP(6) OR holder = ?)",
                         {lease.holder, micros, lease.name, epoch, lease.holder}));
  if (changed == 1) lease.epoch = epoch + 1;
  return changed == 1;
}

// Of processes that live exactly one should say so of each task.
void NoteHeld(const Lease& lease, bool held) {
  telemetry::Gauge("sifa_lease_held", "1 where this process holds the lease of a task", {{"lease", lease.name}})
      .Set(held ? 1 : 0);
}

absl::StatusOr<bool> Acquire(Connection& connection, Lease& lease, absl::Duration length) {
  const int64_t micros = absl::ToInt64Microseconds(length);
  if (lease.epoch > 0) {
    ASSIGN_OR_RETURN(const bool renewed, Renew(connection, lease, micros));
    if (renewed) return true;
  }
  // Looked at before it is written, so that those who wait and ask again and again lock nothing.
  ASSIGN_OR_RETURN(
      const Rows rows,
      connection.Query("SELECT epoch, holder, expires_at <= UTC_TIMESTAMP(6) FROM lease WHERE name = ?",
                       {lease.name}));
  const bool had_it = lease.epoch > 0;
  lease.epoch = 0;
  if (rows.empty()) return Create(connection, lease, micros);
  // A holder that starts again under its name takes the lease at once, with a new epoch that shuts its former
  // life out.
  const bool ours = !had_it && rows[0].Bytes(1) == lease.holder;
  if (!ours && rows[0].Int(2) == 0) return false;
  return TakeOver(connection, lease, micros, rows[0].Int(0));
}

}  // namespace

absl::StatusOr<bool> AcquireLease(Connection& connection, Lease& lease, absl::Duration length) {
  const absl::StatusOr<bool> held = Acquire(connection, lease, length);
  NoteHeld(lease, held.ok() && *held);
  return held;
}

absl::Status ReleaseLease(Connection& connection, Lease& lease) {
  NoteHeld(lease, false);
  const int64_t epoch = std::exchange(lease.epoch, 0);
  return connection
      .Execute("UPDATE lease SET expires_at = UTC_TIMESTAMP(6) WHERE name = ? AND holder = ? AND epoch = ?",
               {lease.name, lease.holder, epoch})
      .status();
}

absl::Status CheckLease(Connection& connection, const Lease& lease) {
  // The shared lock makes whoever takes the lease wait until this transaction has ended.
  ASSIGN_OR_RETURN(
      const Rows rows,
      connection.Query("SELECT epoch FROM lease WHERE name = ? AND holder = ? LOCK IN SHARE MODE",
                       {lease.name, lease.holder}));
  if (rows.size() == 1 && lease.epoch > 0 && rows[0].Int(0) == lease.epoch) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "LEASE_LOST", absl::StrCat("任务已由其他进程接管：", lease.name));
}

}  // namespace sifa::mysql
