#include "libs/rpc/worker_pool.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <latch>
#include <optional>
#include <set>
#include <thread>

namespace sifa::rpc {
namespace {

std::thread::id Ran(WorkerPool& pool) {
  std::promise<std::thread::id> ran;
  REQUIRE(pool.Submit([&] { ran.set_value(std::this_thread::get_id()); }));
  return ran.get_future().get();
}

}  // namespace

TEST_CASE("a full queue is refused, and what was taken is run before the pool ends") {
  std::atomic<int> done = 0;
  std::latch started(1), go(1);
  std::optional<WorkerPool> pool(std::in_place, 1, 2);
  REQUIRE(pool->Submit([&] {
    started.count_down();
    go.wait();
    ++done;
  }));
  started.wait();
  CHECK(pool->Submit([&] { ++done; }));
  CHECK(pool->Submit([&] { ++done; }));
  CHECK(pool->queued() == 2);
  CHECK_FALSE(pool->Submit([&] { done += 100; }));
  go.count_down();
  pool.reset();
  CHECK(done == 3);
}

TEST_CASE("without a queue work is refused, not kept waiting, while every thread is busy") {
  constexpr int kThreads = 4;
  WorkerPool pool(kThreads, 0);
  std::latch go(1);
  std::atomic<int> ran = 0;
  for (int i = 0; i < kThreads; ++i) {  // at once, also of threads that have only been started
    CHECK(pool.Submit([&] {
      go.wait();
      ++ran;
    }));
  }
  CHECK_FALSE(pool.Submit([&] { ran += 100; }));
  go.count_down();
  while (!pool.Submit([&] { ++ran; })) std::this_thread::yield();
  while (ran < kThreads + 1) std::this_thread::yield();
  CHECK(ran == kThreads + 1);
}

TEST_CASE("after a rush the threads of it rest, and the last ones go on") {
  constexpr int kThreads = 8;
  WorkerPool pool(kThreads, 100);
  std::latch all(kThreads);
  for (int i = 0; i < kThreads; ++i) REQUIRE(pool.Submit([&] { all.arrive_and_wait(); }));
  all.wait();
  std::set<std::thread::id> used;
  // A thread that has answered is on its way to its rest while the next piece comes: a few take turns, never all.
  for (int i = 0; i < 1000; ++i) used.insert(Ran(pool));
  CHECK(used.size() < kThreads);
}

}  // namespace sifa::rpc
