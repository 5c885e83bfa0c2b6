#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/testing/test_database.h"

namespace sifa::mysql {
namespace {

constexpr Migration kFirst{1, "cases", "-- 案件\nCREATE TABLE a (n INT);\nCREATE TABLE b (n INT);\n"};
constexpr Migration kSecond{2, "more", "ALTER TABLE a ADD COLUMN m INT"};

std::string Ask(const Options& options, absl::string_view sql) {
  Pool pool(options);
  std::string answer;
  const absl::Status status = pool.WithConnection([&](Connection& c) {
    ASSIGN_OR_RETURN(const Rows rows, c.Query(sql));
    for (const Row& row : rows) absl::StrAppend(&answer, row.Bytes(0), ";");
    return absl::OkStatus();
  });
  return status.ok() ? answer : status.ToString();
}

}  // namespace

TEST_CASE("a schema is brought up step by step, and again without change") {
  testing::TestDatabase database;
  const Options options = database.MigrationOptions();
  CHECK(Migrate(options, "mediation", {kFirst}).ok());
  CHECK(Ask(options, "SHOW TABLES") == "a;b;lease;schema_version;");
  const Migration both[] = {kFirst, kSecond};
  CHECK(Migrate(options, "mediation", both).ok());
  CHECK(Migrate(options, "mediation", both).ok());
  CHECK(Ask(options, "SHOW COLUMNS FROM a") == "n;m;");
  CHECK(Ask(options, "SELECT CONCAT(version, ' ', name) FROM schema_version ORDER BY version") ==
        "1 cases;2 more;");
  // Another component keeps its own count in the same database.
  CHECK(Migrate(options, "journal", {Migration{1, "journal", "CREATE TABLE c (n INT)"}}).ok());
}

TEST_CASE("a step that was applied may not change, and an older program does not touch a newer schema") {
  testing::TestDatabase database;
  const Options options = database.MigrationOptions();
  const Migration both[] = {kFirst, kSecond};
  REQUIRE(Migrate(options, "mediation", both).ok());
  for (absl::string_view changed :
       {"ALTER TABLE a ADD COLUMN m BIGINT", "ALTER TABLE a ADD COLUMN m INT;\nDROP TABLE b", ""}) {
    const absl::Status status = Migrate(options, "mediation", {kFirst, Migration{2, "more", changed}});
    CHECK(status.code() == absl::StatusCode::kFailedPrecondition);
    CHECK(ReasonOf(status) == "SCHEMA_CHANGED");
  }
  CHECK(ReasonOf(Migrate(options, "mediation", {kFirst})) == "SCHEMA_NEWER");
  CHECK(Ask(options, "SHOW TABLES") == "a;b;lease;schema_version;");
}

TEST_CASE("a step that failed halfway goes on where it stopped, with its rest corrected") {
  testing::TestDatabase database;
  const Options options = database.MigrationOptions();
  const Migration broken{1, "cases", "CREATE TABLE a (n INT);\nCREATE TABL b (n INT)"};
  const absl::Status status = Migrate(options, "mediation", {broken});
  CHECK(ReasonOf(status) == "SCHEMA_STEP_FAILED");
  CHECK(ReasonOf(Migrate(options, "mediation", {Migration{1, "cases", "CREATE TABLE z (n INT)"}})) ==
        "SCHEMA_CHANGED");
  CHECK(Migrate(options, "mediation",
                {Migration{1, "cases", "CREATE TABLE a (n INT);\nCREATE TABLE b (n INT)"}})
            .ok());
  CHECK(Ask(options, "SHOW TABLES") == "a;b;lease;schema_version;");
}

TEST_CASE("the database is created where it is missing, in binary utf8mb4") {
  testing::TestDatabase database;
  const Options options = database.MigrationOptions();
  database.RunScript(absl::StrCat("DROP DATABASE ", database.name()));
  CHECK(Migrate(options, "mediation", {kFirst}).ok());
  CHECK(Ask(options, "SELECT @@collation_database") == "utf8mb4_bin;");
}

TEST_CASE("of many migrators one works and the others find it done") {
  testing::TestDatabase database;
  const Options options = database.MigrationOptions();
  std::atomic<int> good{0};
  std::vector<std::thread> migrators;
  for (int i = 0; i < 6; ++i) {
    migrators.emplace_back([&] {
      if (Migrate(options, "mediation", {kFirst, kSecond}).ok()) ++good;
    });
  }
  for (std::thread& migrator : migrators) migrator.join();
  CHECK(good == 6);
}

}  // namespace sifa::mysql
