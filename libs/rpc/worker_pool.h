// A bounded pool of threads for handlers that block on the database. Work goes to the thread that rested last: its stack, its
// part of the heap and its caches are the warmest, and the threads of a past rush stay asleep. Thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace sifa::rpc {

class WorkerPool {
 public:
  WorkerPool(int threads, size_t queue);
  // Runs what is queued, then joins.
  ~WorkerPool();

  // False, and nothing runs, where no thread is free and the queue is full: the service sheds load before it drowns. A queue of 0
  // takes only what a thread begins at once.
  bool Submit(std::function<void()> work);
  size_t queued() const;
  struct Stats {
    size_t busy = 0;  // threads at work
    size_t queued = 0;
    int64_t refused = 0;
  };
  Stats stats() const;

 private:
  struct Resting {
    absl::CondVar wake;
    std::function<void()> work;
  };

  void Run();

  const size_t capacity_;
  mutable absl::Mutex mutex_;
  // All below but the threads is guarded by `mutex_`. Where a thread rests, nothing is queued.
  std::vector<Resting*> resting_ ABSL_GUARDED_BY(mutex_);  // the last to rest at the end
  size_t idle_ ABSL_GUARDED_BY(mutex_);  // threads with nothing to do, whether they rest already or are on their way
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  int64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace sifa::rpc
