// 实时动态: what changes in a service, told to its subscribers as it happens. One follower of the sealed journal in a process,
// and from there to all of them: the journal is read and understood once, however many listen, and not at all while nobody does.
//
// A subscriber is a position of the journal and an outlet. What he is told has the position, so that he begins again where he
// ended, in this process or another: nothing is lost, nothing comes twice. Nothing is kept for him either: one who reads slowly,
// or begins long ago, is at an earlier position, from which the journal is read once more for all who are behind. So what he can
// cost has a bound: an outlet takes so many messages, and who does not take one for half a minute is dropped.
//
// The follower keeps no position in the database (journal::Follower does): each process of a service tells its own subscribers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/journal/journal.h"
#include "libs/mysql/mysql.h"
#include "libs/rpc/outlet.h"
#include "libs/telemetry/metrics.h"
#include "sifa/office/v1/live.pb.h"

namespace sifa::feed {

// An act as it may be told.
struct Told {
  int64_t position = 0;
  office::v1::Change change;
  // Whether the caller may see it; asked in the thread of Tick.
  std::function<bool(const rpc::Call&)> visible;
};
// What the rows of the journal tell, in their order: not each of them tells something.
using Translate = std::function<absl::StatusOr<std::vector<Told>>(mysql::Connection&, const std::vector<journal::Sealed>&)>;

struct Limits {
  size_t subscribers = 5'000;
  size_t of_account = 16;
  int batch = 500;                              // rows that are read at once
  int64_t furthest = 10'000;                    // positions that one may be behind; then he begins anew
  absl::Duration beat = absl::Seconds(15);      // a subscriber of whom nothing is heard is told his position so often
  absl::Duration check = absl::Seconds(2);      // tokens are looked at so often
  absl::Duration patience = absl::Seconds(30);  // with one who takes nothing
};

// Subscribe is thread-safe; Tick has one thread.
class Feed {
 public:
  Feed(mysql::Pool& pool, Translate translate, Limits limits = {});
  ~Feed();

  // The outlet is told its position at once, and from the next Tick on what changes. RESOURCE_EXHAUSTED "LIVE_LIMIT_REACHED".
  absl::Status Subscribe(const office::v1::FollowChangesRequest& request, std::shared_ptr<rpc::Outlet> outlet);
  // Tells what has been sealed. Called a few times a second. `now` is of a clock that only goes forward.
  absl::Status Tick(absl::Time now);

 private:
  struct Subscriber;
  using Subscribers = std::vector<std::unique_ptr<Subscriber>>;

  void TakeIn(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);
  // Ends those who may not go on, and lets go of those who have gone.
  void Sweep(absl::Time now);
  // Tells what comes after a position to all who are there or further. False where nothing comes.
  absl::StatusOr<bool> Advance(int64_t after, absl::Time now);

  mysql::Pool& pool_;
  const Translate translate_;
  const Limits limits_;
  prometheus::Gauge& open_;
  Subscribers subscribers_;  // of the thread of Tick
  absl::Time checked_at_ = absl::InfinitePast();
  absl::Mutex mutex_;
  Subscribers coming_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, size_t> accounts_ ABSL_GUARDED_BY(mutex_);
  size_t count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace sifa::feed
