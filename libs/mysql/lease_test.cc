#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "libs/core/status.h"
#include "libs/testing/test_database.h"
#include "libs/testing/wait_until.h"

namespace sifa::mysql {
namespace {

constexpr absl::Duration kLong = absl::Minutes(10);

struct Fixture {
  Fixture() {
    REQUIRE(Migrate(database.MigrationOptions(), "test", {Migration{1, "t", "CREATE TABLE t (n INT)"}}).ok());
  }

  absl::StatusOr<bool> Acquire(Lease& lease, absl::Duration length) {
    absl::StatusOr<bool> taken;
    const absl::Status status = pool.WithConnection([&](Connection& c) {
      taken = AcquireLease(c, lease, length);
      return taken.status();
    });
    return status.ok() ? taken : status;
  }
  absl::Status Check(const Lease& lease) {
    return pool.InTransaction([&](Connection& c) { return CheckLease(c, lease); });
  }
  void Expire() {
    REQUIRE(
        pool.WithConnection([](Connection& c) { return c.Run("UPDATE lease SET expires_at = '2000-01-01'"); })
            .ok());
  }

  testing::TestDatabase database;
  Pool pool{database.MigrationOptions()};
};

}  // namespace

TEST_CASE("a lease has one holder, who renews it, until it expires") {
  Fixture f;
  Lease a{"sealer", "a"};
  Lease b{"sealer", "b"};
  CHECK(f.Acquire(a, kLong).value());
  CHECK(a.epoch == 1);
  CHECK_FALSE(f.Acquire(b, kLong).value());
  CHECK(f.Acquire(a, kLong).value());
  CHECK(a.epoch == 1);
  CHECK(f.Check(a).ok());
  CHECK(ReasonOf(f.Check(b)) == "LEASE_LOST");

  f.Expire();
  CHECK(f.Acquire(a, kLong).value());  // nobody was faster: still the same term
  CHECK(a.epoch == 1);
  f.Expire();
  CHECK(f.Acquire(b, kLong).value());
  CHECK(b.epoch == 2);
  CHECK(ReasonOf(f.Check(a)) == "LEASE_LOST");
  CHECK(f.Check(a).code() == absl::StatusCode::kAborted);
  CHECK(f.Check(b).ok());
  CHECK_FALSE(f.Acquire(a, kLong).value());
  CHECK(a.epoch == 0);
}

TEST_CASE("a lease ends by the database's time") {
  Fixture f;
  Lease a{"sealer", "a"};
  Lease b{"sealer", "b"};
  REQUIRE(f.Acquire(a, absl::Milliseconds(100)).value());
  CHECK(testing::WaitUntil([&] { return f.Acquire(b, kLong).value(); }, absl::Seconds(5)));
}

TEST_CASE("a lease that is given back is free at once, and only its holder gives it back") {
  Fixture f;
  Lease a{"sealer", "a"};
  Lease b{"sealer", "b"};
  const auto release = [&](Lease& lease) {
    return f.pool.WithConnection([&](Connection& c) { return ReleaseLease(c, lease); });
  };
  REQUIRE(f.Acquire(a, kLong).value());
  CHECK(release(b).ok());
  CHECK_FALSE(f.Acquire(b, kLong).value());
  CHECK(release(a).ok());
  CHECK(ReasonOf(f.Check(a)) == "LEASE_LOST");
  CHECK(f.Acquire(b, kLong).value());
  CHECK(b.epoch == 2);
  CHECK(release(a).ok());
  CHECK(f.Check(b).ok());
  CHECK_FALSE(f.Acquire(a, kLong).value());
}

TEST_CASE("a holder that starts again takes its lease at once and shuts its former life out") {
  Fixture f;
  Lease before{"sealer", "pod-0"};
  Lease after{"sealer", "pod-0"};
  REQUIRE(f.Acquire(before, kLong).value());
  CHECK(f.Acquire(after, kLong).value());
  CHECK(after.epoch == 2);
  CHECK(ReasonOf(f.Check(before)) == "LEASE_LOST");
  CHECK_FALSE(f.Acquire(before, kLong).value());
}

TEST_CASE("who takes a lease waits for the owner's transaction that has checked it") {
  Fixture f;
  Lease a{"sealer", "a"};
  Lease b{"sealer", "b"};
  REQUIRE(f.Acquire(a, kLong).value());
  f.Expire();
  std::atomic<bool> taken{false};
  std::thread taker;
  CHECK(f.pool
            .InTransaction([&](Connection& c) {
              RETURN_IF_ERROR(CheckLease(c, a));
              taker = std::thread([&] { taken = f.Acquire(b, kLong).value_or(false); });
              CHECK_FALSE(testing::WaitUntil([&] { return taken.load(); }, absl::Milliseconds(100)));
              return c.Execute("INSERT INTO t VALUES (1)").status();
            })
            .ok());
  taker.join();
  CHECK(taken);
  CHECK(ReasonOf(f.Check(a)) == "LEASE_LOST");
}

TEST_CASE("of many that want a new lease one gets it") {
  Fixture f;
  std::atomic<int> holders{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&f, &holders, i] {
      Lease lease{"sealer", std::to_string(i)};
      holders += f.Acquire(lease, kLong).value_or(false) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(holders == 1);
}

}  // namespace sifa::mysql
