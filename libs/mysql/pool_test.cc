#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/core/deadline.h"
#include "libs/core/status.h"
#include "libs/mysql/second_connection.h"
#include "libs/mysql/snapshot.h"
#include "libs/testing/tcp_gate.h"
#include "libs/testing/test_database.h"
#include "libs/testing/wait_until.h"

namespace sifa::mysql {
namespace {

using testing::TcpGate;
using testing::TestDatabase;
using testing::WaitUntil;

int64_t Count(Pool& pool, absl::string_view sql = "SELECT COUNT(*) FROM t") {
  int64_t count = -1;
  const absl::Status status = pool.WithConnection([&](Connection& c) {
    ASSIGN_OR_RETURN(const Rows rows, c.Query(sql));
    count = rows.front().Int(0);
    return absl::OkStatus();
  });
  INFO(status);
  CHECK(status.ok());
  return count;
}

absl::Status Insert(Connection& c, int n) { return c.Execute("INSERT INTO t (n) VALUES (?)", {n}).status(); }

Options Through(const TcpGate& gate, Options options) {
  options.socket = gate.socket();
  return options;
}

absl::Duration TimeOf(const std::function<void()>& action) {
  const absl::Time start = absl::Now();
  action();
  return absl::Now() - start;
}

}  // namespace

TEST_CASE("a snapshot sees nothing of what is committed meanwhile, and the next one does") {
  TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  Pool pool(database.MigrationOptions());
  const auto look = [&](int meanwhile) {
    int64_t count = -1;
    const absl::Status status = InSnapshot(pool, [&](Connection& c) -> absl::Status {
      Pool other(database.MigrationOptions());
      CHECK(other.InTransaction([&](Connection& o) { return Insert(o, meanwhile); }).ok());
      ASSIGN_OR_RETURN(const Rows rows, c.Query("SELECT COUNT(*) FROM t"));
      count = rows.front().Int(0);
      return absl::OkStatus();
    });
    CHECK(status.ok());
    return count;
  };
  CHECK(look(1) == 0);
  CHECK(look(2) == 1);
  CHECK(pool.InTransaction([](Connection& c) { return Insert(c, 3); }).ok());  // on the same connection, and it may write again
}

TEST_CASE("a transaction commits with OK and leaves nothing with an error") {
  TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  Pool pool(database.MigrationOptions());
  CHECK(pool.InTransaction([](Connection& c) { return Insert(c, 1); }).ok());
  const absl::Status refused = pool.InTransaction([](Connection& c) {
    CHECK(Insert(c, 2).ok());
    return Error(absl::StatusCode::kFailedPrecondition, "REFUSED", "不予受理");
  });
  CHECK(ReasonOf(refused) == "REFUSED");
  CHECK(Count(pool) == 1);
  CHECK(pool.stats().open == 1);
  CHECK(pool.stats().busy == 0);
}

TEST_CASE("inside a transaction there is no second connection, unless it is said to be needed") {
  TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  Pool pool(database.MigrationOptions());
  const auto one = [](Connection& c) { return Insert(c, 1); };
  CHECK(pool.InTransaction([&](Connection&) {
    CHECK(ReasonOf(pool.WithConnection(one)) == "INTERNAL");
    CHECK(ReasonOf(pool.InTransaction(one)) == "INTERNAL");
    const SecondConnection second;
    return pool.InTransaction([](Connection& c) { return Insert(c, 2); });
  }).ok());
  CHECK(pool.WithConnection([](Connection& c) { return Insert(c, 3); }).ok());
  CHECK(Count(pool) == 2);
}

TEST_CASE("a deadlock is run again, and both transactions end well") {
  TestDatabase database;
  database.RunScript(
      "CREATE TABLE t (n INT PRIMARY KEY, v INT NOT NULL);\nINSERT INTO t VALUES (1, 0), (2, 0)");
  Pool pool(database.MigrationOptions());
  // The server tells of the deadlock in its answer to the one, and amid the rows of the other.
  const bool locking_read = GENERATE(false, true);
  std::atomic<int> arrived{0};
  std::atomic<int> runs{0};
  const auto add = [&](int first, int second) {
    return pool.InTransaction([&](Connection& c) {
      ++runs;
      RETURN_IF_ERROR(c.Execute("UPDATE t SET v = v + 1 WHERE n = ?", {first}).status());
      ++arrived;
      (void)WaitUntil([&] { return arrived >= 2; }, absl::Seconds(5));  // both hold their first row
      // A body that does not look at an error must not end with half of its work.
      if (locking_read) (void)c.Query("SELECT v FROM t WHERE n = ? FOR UPDATE", {second});
      (void)c.Execute("UPDATE t SET v = v + 1 WHERE n = ?", {second});
      return absl::OkStatus();
    });
  };
  absl::Status other;
  std::thread thread([&] { other = add(2, 1); });
  const absl::Status mine = add(1, 2);
  thread.join();
  CHECK(mine.ok());
  CHECK(other.ok());
  CHECK(runs == 3);
  CHECK(pool.stats().retries == 1);
  CHECK(Count(pool, "SELECT MIN(v) FROM t") == 2);
  CHECK(Count(pool, "SELECT MAX(v) FROM t") == 2);
}

TEST_CASE("an ABORTED of the body's own is its answer and not run again") {
  TestDatabase database;
  Pool pool(database.MigrationOptions());
  int runs = 0;
  const absl::Status status = pool.InTransaction([&](Connection&) {
    ++runs;
    return Error(absl::StatusCode::kAborted, "ETAG_MISMATCH", "已被他人修改");
  });
  CHECK(ReasonOf(status) == "ETAG_MISMATCH");
  CHECK(runs == 1);
}

TEST_CASE("an exhausted pool answers DATABASE_BUSY within its patience") {
  TestDatabase database;
  Options options = database.MigrationOptions();
  options.connections = 2;
  options.acquire_timeout = absl::Milliseconds(50);
  Pool pool(options);
  std::atomic<bool> release{false};
  std::vector<std::thread> holders;
  for (int i = 0; i < 2; ++i) {
    holders.emplace_back([&] {
      (void)pool.WithConnection([&](Connection&) {
        WaitUntil([&] { return release.load(); });
        return absl::OkStatus();
      });
    });
  }
  REQUIRE(WaitUntil([&] { return pool.stats().busy == 2; }));
  absl::Status status;
  const absl::Duration took =
      TimeOf([&] { status = pool.WithConnection([](Connection&) { return absl::OkStatus(); }); });
  CHECK(status.code() == absl::StatusCode::kResourceExhausted);
  CHECK(ReasonOf(status) == "DATABASE_BUSY");
  CHECK(took < absl::Milliseconds(500));
  CHECK(pool.stats().waits == 1);
  release = true;
  for (std::thread& holder : holders) holder.join();
  CHECK(pool.Ping().ok());
}

TEST_CASE("who waits for a connection gets it before whoever comes anew") {
  TestDatabase database;
  Options options = database.MigrationOptions();
  options.connections = 1;
  options.acquire_timeout = absl::Seconds(20);
  Pool pool(options);
  std::vector<std::string> order;  // written by the one who has the connection
  std::thread waiter;
  const auto use = [&](const char* who) {
    return pool.WithConnection([&](Connection&) {
      order.push_back(who);
      return absl::OkStatus();
    });
  };
  REQUIRE(pool.WithConnection([&](Connection&) {
    waiter = std::thread([&] { (void)use("waiter"); });
    REQUIRE(WaitUntil([&] { return pool.stats().waits == 1; }));
    return absl::OkStatus();
  }).ok());
  REQUIRE(use("newcomer").ok());  // the same thread, which need not be woken first
  waiter.join();
  CHECK(order == std::vector<std::string>{"waiter", "newcomer"});
}

TEST_CASE("a body that leaves a transaction open gives nothing to the next user of its connection") {
  TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  Pool pool(database.MigrationOptions());
  CHECK(pool.WithConnection([](Connection& c) {
              RETURN_IF_ERROR(c.Run("BEGIN"));
              return Insert(c, 1);
            })
            .ok());
  CHECK(Count(pool) == 0);
}

TEST_CASE("a server that is killed makes calls fail at once, and is used again as soon as it is back") {
  testing::MariaServer server;
  TestDatabase database(server);
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  Pool pool(database.MigrationOptions());
  REQUIRE(pool.InTransaction([](Connection& c) { return Insert(c, 1); }).ok());

  server.Kill();
  for (int i = 0; i < 3; ++i) {
    absl::Status status;
    const absl::Duration took =
        TimeOf([&] { status = pool.InTransaction([](Connection& c) { return Insert(c, 2); }); });
    CHECK(status.code() == absl::StatusCode::kUnavailable);
    CHECK(ReasonOf(status) == "DATABASE_UNAVAILABLE");
    CHECK(took < absl::Milliseconds(300));
  }
  CHECK_FALSE(pool.Ping().ok());
  CHECK(pool.stats().open == 0);

  server.Start();
  CHECK(WaitUntil([&] { return pool.Ping().ok(); }));
  CHECK(pool.InTransaction([](Connection& c) { return Insert(c, 3); }).ok());
  CHECK(Count(pool) == 2);

  // Restarted between two calls: nobody sees it.
  server.Stop();
  server.Start();
  CHECK(pool.InTransaction([](Connection& c) { return Insert(c, 4); }).ok());
  CHECK(Count(pool) == 3);
}

TEST_CASE("many callers of a server that is away fail together, not one after the other") {
  TestDatabase database;
  TcpGate gate(testing::MariaServer::SharedSocket());
  Pool pool(Through(gate, database.MigrationOptions()));
  REQUIRE(pool.Ping().ok());
  gate.RefuseNew();
  gate.CutAll();
  std::atomic<int> unavailable{0};
  const absl::Duration took = TimeOf([&] {
    std::vector<std::thread> callers;
    for (int i = 0; i < 32; ++i) {
      callers.emplace_back([&] { unavailable += absl::IsUnavailable(pool.Ping()) ? 1 : 0; });
    }
    for (std::thread& caller : callers) caller.join();
  });
  CHECK(unavailable == 32);
  CHECK(took < absl::Milliseconds(300));
  gate.Pass();
  CHECK(WaitUntil([&] { return pool.Ping().ok(); }, absl::Seconds(2)));
}

TEST_CASE("a server that accepts and says nothing costs one caller the connect timeout, the others nothing") {
  TestDatabase database;
  TcpGate gate(testing::MariaServer::SharedSocket());
  Options options = Through(gate, database.MigrationOptions());
  options.connect_timeout = absl::Seconds(1);
  Pool pool(options);
  gate.Blackhole();
  CHECK(TimeOf([&] { CHECK(absl::IsUnavailable(pool.Ping())); }) < absl::Seconds(2));
  CHECK(TimeOf([&] { CHECK(absl::IsUnavailable(pool.Ping())); }) < absl::Milliseconds(100));
  gate.Pass();
  CHECK(WaitUntil([&] { return pool.Ping().ok(); }, absl::Seconds(5)));
}

TEST_CASE("a server that falls silent is waited for as long as the call is, and a ping for a second") {
  TestDatabase database;
  TcpGate gate(testing::MariaServer::SharedSocket());
  Pool pool(Through(gate, database.MigrationOptions()));
  REQUIRE(pool.Ping().ok());
  gate.Blackhole();
  const auto read = [&] {
    const DeadlineScope deadline(absl::Now() + absl::Milliseconds(300));
    CHECK(absl::IsDeadlineExceeded(pool.WithConnection([](Connection& c) { return c.Query("SELECT 1").status(); })));
  };
  CHECK(TimeOf(read) < absl::Milliseconds(1000));
  gate.Pass();
  REQUIRE(WaitUntil([&] { return pool.Ping().ok(); }, absl::Seconds(5)));
  gate.Blackhole();
  CHECK(TimeOf([&] { CHECK_FALSE(pool.Ping().ok()); }) < absl::Seconds(4));
}

TEST_CASE("a server that has fallen silent is away for all within seconds, and back by itself") {
  TestDatabase database;
  TcpGate gate(testing::MariaServer::SharedSocket());
  Options options = Through(gate, database.MigrationOptions());
  options.connect_timeout = absl::Seconds(1);
  Pool pool(options);
  REQUIRE(pool.Ping().ok());
  const auto read = [&] { return pool.WithConnection([](Connection& c) { return c.Query("SELECT 1").status(); }); };
  gate.Blackhole();
  std::atomic<int> unavailable{0};
  const absl::Duration first = TimeOf([&] {
    std::vector<std::thread> callers;
    for (int i = 0; i < 32; ++i) callers.emplace_back([&] { unavailable += absl::IsUnavailable(read()) ? 1 : 0; });
    for (std::thread& caller : callers) caller.join();
  });
  CHECK(unavailable == 32);
  CHECK(first < absl::Seconds(5));
  absl::Duration slowest;
  for (int i = 0; i < 20; ++i) {
    slowest = std::max(slowest, TimeOf([&] { CHECK(absl::IsUnavailable(read())); }));
    absl::SleepFor(absl::Milliseconds(50));
  }
  CHECK(slowest < absl::Milliseconds(300));
  gate.Pass();
  CHECK(WaitUntil([&] { return read().ok(); }, absl::Seconds(5)));
}

TEST_CASE("a COMMIT to which a silent server says nothing is unknown") {
  TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  TcpGate gate(testing::MariaServer::SharedSocket());
  Options options = Through(gate, database.MigrationOptions());
  options.connect_timeout = absl::Seconds(1);
  Pool pool(options);
  int runs = 0;
  const absl::Status status = pool.InTransaction([&](Connection& c) {
    ++runs;
    RETURN_IF_ERROR(Insert(c, 1));
    gate.Blackhole();
    return absl::OkStatus();
  });
  CHECK(ReasonOf(status) == kCommitUnknown);
  CHECK(runs == 1);
  gate.Pass();
  CHECK(WaitUntil([&] { return pool.Ping().ok(); }, absl::Seconds(5)));
}

TEST_CASE("a statement that takes long on a server that is there is not taken for silence") {
  TestDatabase database;
  Pool pool(database.MigrationOptions());
  CHECK(Count(pool, "SELECT SLEEP(4)") == 0);
  CHECK(pool.stats().failures == 0);
}

TEST_CASE("after the call's deadline nothing is committed, and the connection is whole") {
  TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  Pool pool(database.MigrationOptions());
  {
    const DeadlineScope deadline(absl::Now() + absl::Milliseconds(100));
    const absl::Status late = pool.InTransaction([](Connection& c) {
      const absl::Status inserted = Insert(c, 1);
      absl::SleepFor(absl::Milliseconds(150));
      return inserted;
    });
    CHECK(ReasonOf(late) == "DEADLINE_EXCEEDED");
  }
  CHECK(Count(pool) == 0);
  CHECK(pool.stats().open == 1);
  CHECK(pool.InTransaction([](Connection& c) { return Insert(c, 1); }).ok());
}

TEST_CASE("a connection lost before COMMIT runs the transaction again, once") {
  TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  TcpGate gate(testing::MariaServer::SharedSocket());
  Pool pool(Through(gate, database.MigrationOptions()));
  int runs = 0;
  const auto body = [&](Connection& c) {
    RETURN_IF_ERROR(Insert(c, 1));
    if (++runs == 1) gate.CutAll();
    return Insert(c, 2);
  };
  CHECK(pool.InTransaction(body).ok());
  CHECK(runs == 2);
  CHECK(Count(pool) == 2);

  runs = 0;
  const absl::Status status = pool.InTransaction([&](Connection& c) {
    ++runs;
    gate.CutAll();
    return Insert(c, 3);
  });
  CHECK(ReasonOf(status) == "DATABASE_UNAVAILABLE");
  CHECK(runs == 2);
  CHECK(Count(pool) == 2);
}

TEST_CASE("outside a transaction a read is run again after a loss, a write is not") {
  TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  TcpGate gate(testing::MariaServer::SharedSocket());
  Pool pool(Through(gate, database.MigrationOptions()));
  REQUIRE(pool.Ping().ok());
  gate.CutAll();
  CHECK(Count(pool) == 0);

  gate.CutAtMarker("INSERT", TcpGate::When::kAfterForwarding);
  int runs = 0;
  const absl::Status status = pool.WithConnection([&](Connection& c) {
    ++runs;
    return c.Run("INSERT INTO t VALUES (1)");
  });
  CHECK(ReasonOf(status) == "DATABASE_UNAVAILABLE");
  CHECK(runs == 1);
  CHECK(Count(pool) == 1);
}

TEST_CASE(
    "a COMMIT that the server never saw and one whose answer was lost are both unknown, and never run "
    "again") {
  TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  TcpGate gate(testing::MariaServer::SharedSocket());
  Pool pool(Through(gate, database.MigrationOptions()));
  Pool direct(database.MigrationOptions());
  const auto [when, rows] = GENERATE(table<TcpGate::When, int>(
      {{TcpGate::When::kBeforeForwarding, 0}, {TcpGate::When::kAfterForwarding, 1}}));
  gate.CutAtMarker("COMMIT", when);
  int runs = 0;
  const absl::Status status = pool.InTransaction([&](Connection& c) {
    ++runs;
    return Insert(c, 1);
  });
  CHECK(status.code() == absl::StatusCode::kUnavailable);
  CHECK(ReasonOf(status) == kCommitUnknown);
  CHECK(runs == 1);
  CHECK(gate.cuts() == 1);
  // Settled by looking, with a locking read: it waits where the transaction is still under way.
  CHECK(Count(direct, "SELECT COUNT(*) FROM t WHERE n = 1 FOR UPDATE") == rows);
  CHECK(pool.InTransaction([](Connection& c) { return Insert(c, 2); }).ok());
}

TEST_CASE("a server killed at COMMIT leaves an unknown, and the row is there or not as a whole") {
  testing::MariaServer server;
  TestDatabase database(server);
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  TcpGate gate(server.socket());
  gate.CutAtMarker("COMMIT", TcpGate::When::kAfterForwarding);
  Pool pool(Through(gate, database.MigrationOptions()));
  const absl::Status status = pool.InTransaction([&](Connection& c) {
    RETURN_IF_ERROR(Insert(c, 1));
    return Insert(c, 2);
  });
  CHECK(ReasonOf(status) == kCommitUnknown);
  server.Kill();  // an answered COMMIT is on disk
  server.Start();
  Pool direct(database.MigrationOptions());
  CHECK(Count(direct) == 2);
}

TEST_CASE("a connection that the server ends is a loss") {
  TestDatabase database;
  Pool pool(database.MigrationOptions());
  Pool other(database.MigrationOptions());
  int runs = 0;
  const absl::Status status = pool.InTransaction([&](Connection& c) {
    ASSIGN_OR_RETURN(const Rows id, c.Query("SELECT CONNECTION_ID()"));
    if (++runs == 1) {
      CHECK(other.WithConnection([&](Connection& k) { return k.Run(absl::StrCat("KILL ", id[0].Int(0))); })
                .ok());
    }
    return c.Query("SELECT 1").status();
  });
  CHECK(status.ok());
  CHECK(runs == 2);
}

TEST_CASE("the service user may do what it was granted and no more") {
  TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY)");
  Pool service(database.ServiceOptions());
  CHECK(service.Ping().ok());
  CHECK_FALSE(service.InTransaction([](Connection& c) { return Insert(c, 1); }).ok());
  database.GrantService("SELECT, INSERT", "t");
  CHECK(service.InTransaction([](Connection& c) { return Insert(c, 1); }).ok());
  CHECK_FALSE(service.InTransaction([](Connection& c) { return c.Execute("DELETE FROM t").status(); }).ok());
  CHECK(Count(service) == 1);
}

}  // namespace sifa::mysql
