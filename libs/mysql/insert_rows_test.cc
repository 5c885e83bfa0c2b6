#include <catch2/catch.hpp>

#include "libs/core/status.h"
#include "libs/testing/test_database.h"

namespace sifa::mysql {
namespace {

// Remembers what would be sent.
class Recorder : public Connection {
 public:
  absl::Status Each(absl::string_view, absl::Span<const Value>, absl::FunctionRef<absl::Status(Row&)>) override {
    return absl::OkStatus();
  }
  absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> parameters) override {
    texts.emplace_back(sql);
    sizes.push_back(parameters.size());
    return 0;
  }
  absl::Status Run(absl::string_view) override { return absl::OkStatus(); }
  void WhenEnded(std::function<void(End)>) override {}
  int64_t writes() const override { return static_cast<int64_t>(texts.size()); }
  std::vector<std::string> texts;
  std::vector<size_t> sizes;
};

}  // namespace

TEST_CASE("a thousand rows arrive, each once, and again as updates") {
  testing::TestDatabase database;
  database.RunScript("CREATE TABLE t (n INT PRIMARY KEY, text VARCHAR(20), count INT NOT NULL DEFAULT 1)");
  Pool pool(database.MigrationOptions());
  std::vector<std::string> texts;
  for (int i = 0; i < 1000; ++i) texts.push_back("第" + std::to_string(i) + "行");
  std::vector<Value> values;
  for (int i = 0; i < 1000; ++i) values.insert(values.end(), {i, texts[i]});
  for (int round = 0; round < 2; ++round) {
    REQUIRE(pool.InTransaction([&](Connection& c) {
                  return InsertRows(c, "INSERT INTO t (n, text) VALUES", 2, values,
                                    "ON DUPLICATE KEY UPDATE count = count + 1");
                })
                .ok());
  }
  CHECK(pool.WithConnection([&](Connection& c) {
              ASSIGN_OR_RETURN(const Rows rows, c.Query("SELECT n, text, count FROM t ORDER BY n"));
              REQUIRE(rows.size() == 1000);
              for (int i = 0; i < 1000; ++i) {
                REQUIRE(rows[i].Int(0) == i);
                REQUIRE(rows[i].Bytes(1) == texts[i]);
                REQUIRE(rows[i].Int(2) == 2);
              }
              return absl::OkStatus();
            })
            .ok());
}

TEST_CASE("rows are sent in few sizes, bounded in rows, places and bytes") {
  Recorder recorder;
  const std::vector<Value> thousand(1000, Value(1));
  REQUIRE(InsertRows(recorder, "INSERT INTO t VALUES", 1, thousand).ok());
  CHECK(recorder.sizes == std::vector<size_t>{512, 256, 128, 64, 32, 8});

  recorder = {};
  REQUIRE(InsertRows(recorder, "INSERT INTO t VALUES", 1, std::vector<Value>(23, Value(1))).ok());
  CHECK(recorder.sizes == std::vector<size_t>{16, 7});

  recorder = {};
  REQUIRE(InsertRows(recorder, "INSERT INTO t VALUES", 2, {1, 2, 3, 4, 5, 6}, "ON DUPLICATE KEY UPDATE a = 1")
              .ok());
  CHECK(recorder.texts ==
        std::vector<std::string>{"INSERT INTO t VALUES (?,?),(?,?),(?,?) ON DUPLICATE KEY UPDATE a = 1"});

  recorder = {};
  const std::string large(3 << 20, 'x');
  REQUIRE(InsertRows(recorder, "INSERT INTO t VALUES", 1, std::vector<Value>(4, Value(large))).ok());
  CHECK(recorder.sizes == std::vector<size_t>{1, 1, 1, 1});

  recorder = {};
  REQUIRE(InsertRows(recorder, "INSERT INTO t VALUES", 200, std::vector<Value>(200 * 512, Value(1))).ok());
  CHECK(recorder.sizes == std::vector<size_t>{200 * 256, 200 * 256});

  recorder = {};
  CHECK(InsertRows(recorder, "INSERT INTO t VALUES", 2, {}).ok());
  CHECK(recorder.texts.empty());
  CHECK_FALSE(InsertRows(recorder, "INSERT INTO t VALUES", 2, {1, 2, 3}).ok());
}

}  // namespace sifa::mysql
