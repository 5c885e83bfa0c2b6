#include "libs/journal/follower.h"

#include "absl/synchronization/mutex.h"
#include "libs/core/status.h"
#include "libs/telemetry/log.h"

namespace sifa::journal {
namespace {

constexpr int kBatch = 500;
constexpr absl::Duration kLook = absl::Seconds(1);
// Under load a round every moment would write each counter a hundred times a second.
constexpr absl::Duration kGather = absl::Milliseconds(250);

}  // namespace

Follower::Follower(mysql::Pool& pool, std::string name, Fold fold)
    : pool_(pool), name_(std::move(name)), fold_(std::move(fold)) {}

Follower::~Follower() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Follower::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Follower::Wake() {
  const absl::MutexLock lock(&mutex_);
  awake_ = true;
}

void Follower::Run() {
  bool healthy = true;
  while (true) {
    const auto taken = FollowOnce();
    if (taken.ok() != healthy) {
      healthy = taken.ok();
      telemetry::Warn(healthy ? "following again" : "cannot follow",
                      {{"follower", name_}, {"reason", std::string(taken.status().message())}});
    }
    if (taken.ok() && *taken == kBatch) continue;
    const absl::MutexLock lock(&mutex_);
    if (taken.ok() && *taken > 0) mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kGather);
    mutex_.AwaitWithTimeout(absl::Condition(this, &Follower::MayGoOn), kLook);
    if (stopping_) return;
    awake_ = false;
  }
}

absl::StatusOr<int> Follower::FollowOnce() {
  int taken = 0;
  RETURN_IF_ERROR(pool_.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto position, connection.Query("SELECT position FROM follower WHERE name = ? FOR UPDATE", {name_}));
    // Of two that begin at once the second is refused: it would count again what the first has counted.
    if (position.empty())
      RETURN_IF_ERROR(connection.Execute("INSERT INTO follower (name, position) VALUES (?, 0)", {name_}).status());
    ASSIGN_OR_RETURN(const auto rows, ReadSealed(connection, position.empty() ? 0 : position[0].Int(0), kBatch));
    taken = static_cast<int>(rows.size());
    if (rows.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(fold_(connection, rows));
    return connection.Execute("UPDATE follower SET position = ? WHERE name = ?", {rows.back().position, name_}).status();
  }));
  return taken;
}

absl::StatusOr<int64_t> Follower::Position() {
  int64_t position = 0;
  RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT position FROM follower WHERE name = ?", {name_}));
    if (!rows.empty()) position = rows[0].Int(0);
    return absl::OkStatus();
  }));
  return position;
}

}  // namespace sifa::journal
