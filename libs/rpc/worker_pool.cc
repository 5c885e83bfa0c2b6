#include "libs/rpc/worker_pool.h"

#include <algorithm>
#include <utility>

namespace sifa::rpc {

WorkerPool::WorkerPool(int threads, size_t queue) : capacity_(queue), idle_(static_cast<size_t>(threads)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (Resting* thread : resting_) thread->wake.Signal();
  }
  for (auto& thread : threads_) thread.join();
}

bool WorkerPool::Submit(std::function<void()> work) {
  const absl::MutexLock lock(&mutex_);
  if (stopping_) return false;
  if (resting_.empty()) {
    if (queue_.size() >= capacity_ + idle_) {
      ++refused_;
      return false;
    }
    queue_.push_back(std::move(work));
    return true;
  }
  Resting* thread = resting_.back();
  resting_.pop_back();
  --idle_;
  thread->work = std::move(work);
  thread->wake.Signal();  // under the lock: once it is let go the thread may be gone
  return true;
}

size_t WorkerPool::queued() const {
  const absl::MutexLock lock(&mutex_);
  return queue_.size();
}

WorkerPool::Stats WorkerPool::stats() const {
  const absl::MutexLock lock(&mutex_);
  return {threads_.size() - std::min(idle_, threads_.size()), queue_.size(), refused_};
}

void WorkerPool::Run() {
  Resting self;
  for (bool first = true;; first = false) {
    std::function<void()> work;
    {
      const absl::MutexLock lock(&mutex_);
      if (!first) ++idle_;
      if (queue_.empty()) {
        if (stopping_) return;
        resting_.push_back(&self);
        while (!stopping_ && !self.work) self.wake.Wait(&mutex_);
        if (!self.work) return;
        work = std::exchange(self.work, nullptr);
      } else {
        work = std::move(queue_.front());
        queue_.pop_front();
        --idle_;
      }
    }
    work();
  }
}

}  // namespace sifa::rpc
