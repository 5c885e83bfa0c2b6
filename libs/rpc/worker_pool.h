// A bounded pool of threads for handlers that block on the database. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sifa::rpc {

class WorkerPool {
 public:
  WorkerPool(int threads, size_t queue);
  // Runs what is queued, then joins.
  ~WorkerPool();

  // False, and nothing runs, where the queue is full: the service sheds load before it drowns.
  bool Submit(std::function<void()> work);
  size_t queued() const;

 private:
  void Run();

  const size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sifa::rpc
