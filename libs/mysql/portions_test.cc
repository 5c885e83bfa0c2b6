#include "libs/mysql/portions.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/testing/test_database.h"

namespace sifa::mysql {

TEST_CASE("a table of more rows than a portion is read whole, each row once and in order of its key") {
  testing::TestDatabase database;
  database.RunScript(
      "CREATE TABLE t (kind INT, place VARBINARY(20), day DATE, n INT, PRIMARY KEY (kind, place, day));\n"
      // 5 places of 25 days in each of 20 kinds, in an order that is not the key's; and a kind that is not asked for.
      "INSERT INTO t SELECT seq % 20, CONCAT('甲', seq DIV 20 % 5), '2024-02-20' + INTERVAL seq DIV 100 DAY, seq FROM "
      "seq_0_to_2499;\n"
      "INSERT INTO t VALUES (-1, '', '2024-01-01', -1)");
  Pool pool(database.MigrationOptions());
  const KeyedSelect select{
      .columns = "kind, place, day, n", .from = "t", .key = {"kind", "place", "day"}, .where = "kind >= ?", .parameters = {0}};
  std::vector<std::string> keys;
  int64_t sum = 0;
  const auto read = [&](int most) {
    keys.clear();
    sum = 0;
    return pool.WithConnection([&](Connection& c) {
      return EachInPortions(c, select, [&](Row& row) -> absl::Status {
        if (static_cast<int>(keys.size()) == most) return Internal("enough");
        const Row taken = std::move(row);
        keys.push_back(
            absl::StrCat(absl::Dec(taken.Int(0), absl::kZeroPad2), taken.Bytes(1), absl::FormatCivilTime(taken.Day(2))));
        sum += taken.Int(3);
        return absl::OkStatus();
      });
    });
  };
  REQUIRE(read(5000).ok());
  CHECK(keys.size() == 2500);
  CHECK(sum == 2499 * 2500 / 2);
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());

  CHECK(absl::IsInternal(read(1500)));
  CHECK(keys.size() == 1500);
}

TEST_CASE("a portion is found by its key's index") {
  testing::TestDatabase database;
  database.RunScript(
      "CREATE TABLE t (a INT, b VARBINARY(20), PRIMARY KEY (a, b));\n"
      "INSERT INTO t SELECT seq % 100, seq FROM seq_0_to_19999;\n"
      "ANALYZE TABLE t");
  Pool pool(database.MigrationOptions());
  const absl::Status status = pool.WithConnection([&](Connection& c) -> absl::Status {
    ASSIGN_OR_RETURN(const Rows before, c.Query("SHOW SESSION STATUS LIKE 'Handler_read_next'"));
    RETURN_IF_ERROR(
        EachInPortions(c, {.columns = "a, b", .from = "t", .key = {"a", "b"}}, [](Row&) { return absl::OkStatus(); }));
    ASSIGN_OR_RETURN(const Rows after, c.Query("SHOW SESSION STATUS LIKE 'Handler_read_next'"));
    CHECK(std::stoi(after[0].Bytes(1)) - std::stoi(before[0].Bytes(1)) < 25'000);  // each row about once
    return absl::OkStatus();
  });
  INFO(status);
  CHECK(status.ok());
}

}  // namespace sifa::mysql
