#include "libs/mysql/connection.h"

#include <catch2/catch.hpp>
#include <limits>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/mysql/error_codes.h"
#include "libs/testing/test_database.h"

namespace sifa::mysql {
namespace {

// A connection of the pool for each statement, as migration user.
struct Fixture {
  testing::TestDatabase database;
  Pool pool{database.MigrationOptions()};

  absl::StatusOr<Rows> Query(absl::string_view sql, std::initializer_list<Value> parameters = {}) {
    absl::StatusOr<Rows> rows;
    const absl::Status status = pool.WithConnection([&](Connection& c) {
      rows = c.Query(sql, parameters);
      return rows.status();
    });
    return status.ok() ? rows : status;
  }
  absl::StatusOr<int64_t> Execute(absl::string_view sql, std::initializer_list<Value> parameters = {}) {
    absl::StatusOr<int64_t> changed;
    const absl::Status status = pool.WithConnection([&](Connection& c) {
      changed = c.Execute(sql, parameters);
      return changed.status();
    });
    return status.ok() ? changed : status;
  }
};

std::string AllBytes(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 % 256);
  return bytes;
}

}  // namespace

TEST_CASE("every kind of value survives the way to the server and back") {
  Fixture f;
  f.database.RunScript(
      "CREATE TABLE t (id BINARY(16) PRIMARY KEY, n BIGINT, small TINYINT, text VARCHAR(100), body LONGBLOB, "
      "day DATE,"
      " at DATETIME(6), flag BOOLEAN)");
  const Id id = NewId(absl::FromUnixMillis(1700000000123));
  const std::string text = "𠮷田（2026）东人调字第123号 ‘’\\ \"%_ 👮";
  const std::string body = AllBytes(300'000);
  const absl::CivilDay day(2024, 2, 29);
  const absl::Time at = absl::FromUnixMicros(1727452799'999'999);
  REQUIRE(f.Execute("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    {id, INT64_MIN, -128, text, body, day, at, true})
              .ok());

  const auto rows = f.Query("SELECT id, n, small, text, body, day, at, flag FROM t WHERE id = ?", {id});
  REQUIRE(rows.ok());
  REQUIRE(rows->size() == 1);
  const Row& row = rows->front();
  CHECK(row.AsId(0) == id);
  CHECK(row.Int(1) == INT64_MIN);
  CHECK(row.Int(2) == -128);
  CHECK(row.Bytes(3) == text);
  CHECK((row.Bytes(4) == body));
  CHECK(row.Day(5) == day);
  CHECK(row.Time(6) == at);
  CHECK(row.Int(7) == 1);
  // The server keeps what we mean, not only what we read back.
  CHECK(f.Query("SELECT DATE_FORMAT(at, '%Y-%m-%d %H:%i:%s.%f') FROM t")->front().Bytes(0) ==
        "2024-09-27 15:59:59.999999");
  CHECK(f.Query("SELECT CHAR_LENGTH(text) < LENGTH(text), HEX(RIGHT(text, 1)) FROM t")->front().Bytes(1) ==
        "F09F91AE");
}

TEST_CASE("the edges of dates and times survive, before 1970 too") {
  Fixture f;
  f.database.RunScript("CREATE TABLE t (day DATE, at DATETIME(6), stamp TIMESTAMP(6) NULL)");
  for (const char* second : {"0001-01-01T00:00:00", "1969-12-31T23:59:59", "9999-12-31T23:59:59"}) {
    absl::CivilSecond civil;
    REQUIRE(absl::ParseCivilTime(second, &civil));
    const absl::Time at = absl::FromCivil(civil, absl::UTCTimeZone()) + absl::Microseconds(1);
    REQUIRE(f.Execute("DELETE FROM t").ok());
    REQUIRE(f.Execute("INSERT INTO t VALUES (?, ?, NULL)", {absl::CivilDay(civil), at}).ok());
    const auto rows = f.Query("SELECT day, at FROM t WHERE day = ? AND at = ?", {absl::CivilDay(civil), at});
    REQUIRE(rows->size() == 1);
    CHECK(rows->front().Day(0) == absl::CivilDay(civil));
    CHECK(rows->front().Time(1) == at);
  }
  CHECK_FALSE(f.Execute("INSERT INTO t (at) VALUES (?)", {absl::InfiniteFuture()}).ok());
  CHECK_FALSE(f.Execute("INSERT INTO t (day) VALUES (?)", {absl::CivilDay(10000, 1, 1)}).ok());
}

TEST_CASE("NULL is read as NULL, and as zero where a plain type is asked for") {
  Fixture f;
  f.database.RunScript("CREATE TABLE t (n BIGINT, text VARCHAR(100), body BLOB, day DATE, id BINARY(16))");
  REQUIRE(f.Execute("INSERT INTO t VALUES (?, ?, ?, ?, ?)",
                    {std::nullopt, std::optional<std::string>(), std::nullopt, std::nullopt, std::nullopt})
              .ok());
  REQUIRE(f.Execute("INSERT INTO t VALUES (?, ?, '', ?, ?)",
                    {7, std::optional<std::string>(""), absl::CivilDay(), Id{}})
              .ok());
  const auto rows = f.Query("SELECT * FROM t ORDER BY n");
  REQUIRE(rows->size() == 2);
  for (int column = 0; column < 5; ++column) {
    CHECK(rows->front().IsNull(column));
    CHECK_FALSE(rows->back().IsNull(column));
  }
  CHECK(rows->front().Int(0) == 0);
  CHECK(rows->front().Bytes(1).empty());
  CHECK(rows->front().AsId(4).IsZero());
  CHECK(rows->back().Bytes(1).empty());
  CHECK(rows->back().AsId(4).IsZero());
}

TEST_CASE("counts and sums are integers, fractions are text, an integer beyond 64 bits is an error") {
  Fixture f;
  f.database.RunScript("CREATE TABLE t (n INT, u BIGINT UNSIGNED)");
  REQUIRE(f.Execute("INSERT INTO t VALUES (1, 9223372036854775807), (2, 1)").ok());
  const auto rows = f.Query("SELECT COUNT(*), SUM(n), AVG(n), MAX(u) FROM t");
  CHECK(rows->front().Int(0) == 2);
  CHECK(rows->front().Int(1) == 3);
  CHECK(rows->front().Bytes(2) == "1.5000");
  CHECK(rows->front().Int(3) == std::numeric_limits<int64_t>::max());
  CHECK(f.Query("SELECT CAST(18446744073709551615 AS UNSIGNED)").status().code() ==
        absl::StatusCode::kInternal);
  CHECK(f.Query("SELECT SUM(u) FROM t").status().code() == absl::StatusCode::kInternal);
  CHECK(f.Query("SELECT COUNT(*) FROM t")->front().Int(0) == 2);  // the connection is whole
}

TEST_CASE("Execute tells the rows that changed, not those that matched") {
  Fixture f;
  f.database.RunScript("CREATE TABLE t (n INT)");
  CHECK(f.Execute("INSERT INTO t VALUES (1), (2), (2)").value() == 3);
  CHECK(f.Execute("UPDATE t SET n = 2").value() == 1);
  CHECK(f.Execute("DELETE FROM t WHERE n = ?", {5}).value() == 0);
}

TEST_CASE("a duplicate names its key and not the value, which may be a person's") {
  Fixture f;
  f.database.RunScript(
      "CREATE TABLE t (n INT PRIMARY KEY, idcard VARCHAR(40), UNIQUE KEY uk_idcard (idcard))");
  REQUIRE(f.Execute("INSERT INTO t VALUES (1, ?)", {"it's 11010119900307123X"}).ok());
  const absl::Status twice = f.Execute("INSERT INTO t VALUES (2, ?)", {"it's 11010119900307123X"}).status();
  CHECK(twice.code() == absl::StatusCode::kAlreadyExists);
  CHECK(ReasonOf(twice) == "DATABASE_DUPLICATE");
  CHECK(twice.message() == "记录已存在：uk_idcard");
  CHECK(f.Execute("INSERT INTO t VALUES (1, NULL)").status().message() == "记录已存在：PRIMARY");
}

TEST_CASE("the session is strict, binary in its comparisons and in UTC") {
  Fixture f;
  f.database.RunScript("CREATE TABLE t (text VARCHAR(3), day DATE)");
  CHECK_FALSE(f.Execute("INSERT INTO t (text) VALUES ('long text')").ok());
  const absl::Status wrong = f.Execute("INSERT INTO t (text) VALUES (?)", {"\xff\xfe"}).status();
  CHECK(wrong.code() == absl::StatusCode::kInternal);
  CHECK(f.Query("SELECT 'a' = 'A', @@session.time_zone, @@collation_connection, @@tx_isolation")
            ->front()
            .Int(0) == 0);
  const auto rows = f.Query("SELECT @@session.time_zone, @@collation_connection, @@tx_isolation");
  CHECK(rows->front().Bytes(0) == "+00:00");
  CHECK(rows->front().Bytes(1) == "utf8mb4_bin");
  CHECK(rows->front().Bytes(2) == "READ-COMMITTED");
}

TEST_CASE("an index on text and on ids serves parameters") {
  Fixture f;
  f.database.RunScript(
      "CREATE TABLE t (id BINARY(16) PRIMARY KEY, code VARCHAR(40), KEY by_code (code));\n"
      "INSERT INTO t SELECT UNHEX(MD5(seq)), seq FROM seq_1_to_2000;\nANALYZE TABLE t");
  // EXPLAIN's columns: id, select_type, table, type, possible_keys, key …
  CHECK(f.Query("EXPLAIN SELECT * FROM t WHERE code = ?", {"77"})->front().Bytes(5) == "by_code");
  CHECK(f.Query("EXPLAIN SELECT * FROM t WHERE id = ?", {Id{}})->front().Bytes(9).find("Impossible") == 0);
  CHECK(f.Query("EXPLAIN SELECT * FROM t WHERE id >= ? AND id < ?", {"0000000000000000", "1000000000000000"})
            ->front()
            .Bytes(5) == "PRIMARY");
}

TEST_CASE("mistakes in the program are INTERNAL and leave the connection whole") {
  Fixture f;
  CHECK(f.Query("SELEC 1").status().code() == absl::StatusCode::kInternal);
  CHECK(f.Query("SELECT ?", {1, 2}).status().code() == absl::StatusCode::kInternal);
  CHECK(f.Query("SELECT * FROM missing").status().code() == absl::StatusCode::kInternal);
  CHECK(f.Execute("SELECT 1 UNION SELECT 2").ok());  // a result that nobody reads
  CHECK(f.Query("SELECT 5")->front().Int(0) == 5);
  CHECK(f.pool.stats().open == 1);
}

TEST_CASE("a statement that runs too long is ended") {
  testing::TestDatabase database;
  Options options = database.MigrationOptions();
  options.statement_timeout = absl::Milliseconds(100);
  Pool pool(options);
  const absl::Status heavy = pool.WithConnection([](Connection& c) {
    return c.Query("SELECT COUNT(*) FROM seq_1_to_100000 a, seq_1_to_100000 b WHERE a.seq * b.seq = 7")
        .status();
  });
  INFO(heavy);
  CHECK(heavy.code() == absl::StatusCode::kDeadlineExceeded);
  CHECK(ReasonOf(heavy) == "DATABASE_TIMEOUT");
}

TEST_CASE("what the server would refuse for its size is refused before it is sent") {
  testing::TestDatabase database;
  auto connection = ServerConnection::Open(database.MigrationOptions()).value();
  REQUIRE(connection->Run("CREATE TABLE t (body LONGBLOB)").ok());
  const int64_t limit = connection->Query("SELECT @@max_allowed_packet")->front().Int(0);
  const std::string large(static_cast<size_t>(limit) + (1 << 20), 'x');
  const absl::Status status = connection->Execute("INSERT INTO t VALUES (?)", {large}).status();
  CHECK(ReasonOf(status) == "DATABASE_VALUE_TOO_LARGE");
  CHECK_FALSE(connection->lost());
  const std::string fits(static_cast<size_t>(limit) - (1 << 20), 'x');
  CHECK(connection->Execute("INSERT INTO t VALUES (?)", {fits}).ok());
  CHECK(connection->Query("SELECT body FROM t")->front().Bytes(0).size() == fits.size());
}

TEST_CASE("a table may change under a prepared statement") {
  testing::TestDatabase database;
  Options options = database.MigrationOptions();
  options.connections = 1;
  Pool pool(options);
  const auto ask = [&](absl::string_view sql) {
    Row row;
    CHECK(pool.WithConnection([&](Connection& c) {
                ASSIGN_OR_RETURN(Rows rows, c.Query(sql));
                row = rows.front();
                return absl::OkStatus();
              })
              .ok());
    return row;
  };
  database.RunScript("CREATE TABLE t (n INT);\nINSERT INTO t VALUES (5)");
  CHECK(ask("SELECT n FROM t").Int(0) == 5);
  CHECK(ask("SELECT * FROM t").Int(0) == 5);
  database.RunScript("ALTER TABLE t MODIFY n VARCHAR(20), ADD COLUMN day DATE DEFAULT '2024-02-29'");
  CHECK(ask("SELECT n FROM t").Bytes(0) == "5");
  const Row row = ask("SELECT * FROM t");
  REQUIRE(row.cells.size() == 2);
  CHECK(row.Bytes(0) == "5");
  CHECK(row.Day(1) == absl::CivilDay(2024, 2, 29));
}

TEST_CASE("the statement cache is bounded and drops what was used longest ago") {
  testing::TestDatabase database;
  auto connection = ServerConnection::Open(database.MigrationOptions()).value();
  const auto prepared = [&] {
    return connection
        ->Query(
            "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.SESSION_STATUS "
            "WHERE VARIABLE_NAME = 'COM_STMT_PREPARE'")
        ->front()
        .Int(0);
  };
  CHECK(connection->Query("SELECT 0")->front().Int(0) == 0);
  const int64_t before = prepared();
  for (int i = 1; i <= 600; ++i) {
    REQUIRE(connection->Query(absl::StrCat("SELECT ", i))->front().Int(0) == i);
    REQUIRE(connection->Query("SELECT 0").ok());
  }
  CHECK(prepared() - before == 600 + 1);  // "SELECT 0" never again, the question of this test once more
}

TEST_CASE("a full disk is told as such, and as something that passes") {
  for (const unsigned error : {1021u, 1114u}) {  // ER_DISK_FULL, ER_RECORD_FILE_FULL
    const absl::Status status = ToStatus(error, "The table 'journal' is full");
    CHECK(absl::IsUnavailable(status));
    CHECK(ReasonOf(status) == "DATABASE_DISK_FULL");
  }
}

}  // namespace sifa::mysql
