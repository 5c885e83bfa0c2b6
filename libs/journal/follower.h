// A reader of the sealed journal that keeps its own position: statistics, events to neighbours, projections. What it writes
// and its position are one transaction, so each row takes effect exactly once.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/journal/journal.h"

namespace sifa::journal {

class Follower {
 public:
  // `fold` runs inside the transaction; it may run again for the same rows if the transaction fails.
  using Fold = std::function<absl::Status(mysql::Connection&, const std::vector<Sealed>&)>;
  Follower(mysql::Pool& pool, std::string name, Fold fold);
  ~Follower();

  void Start();
  void Wake();
  // One batch of up to 500 rows; the number taken.
  absl::StatusOr<int> FollowOnce();
  absl::StatusOr<int64_t> Position();
  const std::string& name() const { return name_; }

 private:
  void Run();
  bool MayGoOn() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return awake_ || stopping_; }

  mysql::Pool& pool_;
  const std::string name_;
  const Fold fold_;
  absl::Mutex mutex_;
  bool awake_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace sifa::journal
