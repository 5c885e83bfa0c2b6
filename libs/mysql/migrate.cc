#include <openssl/evp.h>

#include <map>
#include <random>
#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "libs/core/status.h"
#include "libs/mysql/connection.h"

namespace sifa::mysql {
namespace {

constexpr absl::Duration kLeaseLength = absl::Seconds(30);
constexpr absl::Duration kRenewEvery = absl::Seconds(5);
constexpr absl::Duration kLeasePatience =
    absl::Minutes(10);  // another migrator may be altering a large table
constexpr absl::Duration kLeasePoll = absl::Milliseconds(100);

using Texts = std::vector<absl::string_view>;

// One row of schema_version. DDL commits by itself, so a step may have stopped halfway; `statements` tells
// where it goes on, and `digest` is that of the statements done.
struct Record {
  int64_t statements = 0;
  std::string digest;
  bool complete = false;
};

std::string DigestOf(absl::Span<const absl::string_view> statements) {
  const std::string text = absl::StrJoin(statements, ";\n");
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<char*>(digest), size));
}

bool OnlyComments(absl::string_view statement) {
  for (absl::string_view line : absl::StrSplit(statement, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (!line.empty() && !absl::StartsWith(line, "--")) return false;
  }
  return true;
}

Texts StatementsOf(absl::string_view sql) {
  Texts statements;
  for (absl::string_view statement : absl::StrSplit(sql, ";\n")) {
    statement = absl::StripAsciiWhitespace(statement);
    absl::ConsumeSuffix(&statement, ";");  // the last one, where no line follows
    if (!OnlyComments(statement)) statements.push_back(statement);
  }
  return statements;
}

absl::Status SchemaError(absl::string_view reason, absl::string_view component, const Migration& step,
                         absl::string_view message) {
  return Error(absl::StatusCode::kFailedPrecondition, reason,
               absl::StrCat(message, "（", component, " ", step.version, " ", step.name, "）"));
}

absl::StatusOr<std::unique_ptr<ServerConnection>> OpenDatabase(const Options& options) {
  Refusal why;
  auto connection = ServerConnection::Open(options, &why);
  if (connection.ok() || why.error != kUnknownDatabase) return connection;
  Options without = options;
  without.database.clear();
  ASSIGN_OR_RETURN(auto creator, ServerConnection::Open(without));
  if (absl::StrContains(options.database, '`')) return Internal("a database's name has no backtick");
  RETURN_IF_ERROR(creator->Run(absl::StrCat("CREATE DATABASE IF NOT EXISTS `", options.database,
                                            "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")));
  return ServerConnection::Open(options);
}

absl::Status CreateTables(Connection& connection) {
  RETURN_IF_ERROR(connection.Run(
      "CREATE TABLE IF NOT EXISTS schema_version ("
      "component VARCHAR(64) NOT NULL, version INT NOT NULL, name VARCHAR(128) NOT NULL,"
      "statements INT NOT NULL, digest CHAR(64) NOT NULL, applied_at DATETIME(6) NULL,"
      "PRIMARY KEY (component, version)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"));
  return connection.Run(
      "CREATE TABLE IF NOT EXISTS lease ("
      "name VARCHAR(128) NOT NULL PRIMARY KEY, holder VARCHAR(128) NOT NULL, epoch BIGINT NOT NULL,"
      "expires_at DATETIME(6) NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
}

absl::StatusOr<std::map<int64_t, Record>> ReadRecords(Connection& connection, absl::string_view component) {
  ASSIGN_OR_RETURN(const Rows rows,
                   connection.Query("SELECT version, statements, digest, applied_at FROM schema_version "
                                    "WHERE component = ?",
                                    {component}));
  std::map<int64_t, Record> records;
  for (const Row& row : rows) records[row.Int(0)] = {row.Int(1), row.Bytes(2), !row.IsNull(3)};
  return records;
}

// The statements of `step` that are still to run. FAILED_PRECONDITION where those that have run read
// otherwise now.
absl::StatusOr<size_t> DoneOf(absl::string_view component, const Migration& step, const Texts& statements,
                              const Record& record) {
  const size_t done = static_cast<size_t>(record.statements);
  const bool fits = record.complete ? done == statements.size() : done <= statements.size();
  if (fits && DigestOf(absl::MakeConstSpan(statements).first(done)) == record.digest) return done;
  return SchemaError("SCHEMA_CHANGED", component, step, "数据库结构由较早的程序建立，与本程序不符，且不作迁移；请换用新的数据库");
}

// Whether all steps are there; an error where what is there is not theirs.
absl::StatusOr<bool> UpToDate(Connection& connection, absl::string_view component,
                              absl::Span<const Migration> steps) {
  ASSIGN_OR_RETURN(const auto records, ReadRecords(connection, component));
  bool complete = true;
  for (const Migration& step : steps) {
    const auto record = records.find(step.version);
    complete = complete && record != records.end() && record->second.complete;
    if (record == records.end()) continue;
    RETURN_IF_ERROR(DoneOf(component, step, StatementsOf(step.sql), record->second).status());
  }
  if (!records.empty() && (steps.empty() || records.rbegin()->first > steps.back().version)) {
    const Migration newest{static_cast<int>(records.rbegin()->first), "", ""};
    return SchemaError("SCHEMA_NEWER", component, newest, "数据库结构比本程序新，请升级程序");
  }
  return complete;
}

// Holds the migrators' lease from Take until it is destroyed, on a connection of its own, since a step may
// take hours.
class LeaseKeeper {
 public:
  explicit LeaseKeeper(std::unique_ptr<ServerConnection> connection) : connection_(std::move(connection)) {
    lease_.name = "schema";
    std::random_device random;
    lease_.holder = absl::StrCat(absl::Hex(random(), absl::kZeroPad8), absl::Hex(random(), absl::kZeroPad8));
  }
  ~LeaseKeeper() {
    if (!thread_.joinable()) return;
    stop_.Notify();
    thread_.join();
    (void)ReleaseLease(*connection_, lease_);  // where it fails, the lease runs out by itself
  }

  absl::Status Take() {
    const absl::Time until = absl::Now() + kLeasePatience;
    for (;;) {
      ASSIGN_OR_RETURN(const bool taken, AcquireLease(*connection_, lease_, kLeaseLength));
      if (taken) break;
      if (absl::Now() >= until) return Unavailable("SCHEMA_LOCKED", "其他进程正在变更数据库结构");
      absl::SleepFor(kLeasePoll);
    }
    thread_ = std::thread([this] { Keep(); });
    return absl::OkStatus();
  }

  bool held() const { return held_; }

 private:
  void Keep() {
    while (!stop_.WaitForNotificationWithTimeout(kRenewEvery)) {
      const auto renewed = AcquireLease(*connection_, lease_, kLeaseLength);
      if (renewed.ok() && *renewed) continue;
      held_ = false;
      return;
    }
  }

  std::unique_ptr<ServerConnection> connection_;
  Lease lease_;
  std::atomic<bool> held_{true};
  absl::Notification stop_;
  std::thread thread_;
};

absl::Status ApplyStep(Connection& connection, absl::string_view component, const Migration& step,
                       const LeaseKeeper& keeper) {
  ASSIGN_OR_RETURN(const auto records, ReadRecords(connection, component));
  const Texts statements = StatementsOf(step.sql);
  size_t done = 0;
  if (const auto record = records.find(step.version); record == records.end()) {
    RETURN_IF_ERROR(
        connection
            .Execute("INSERT INTO schema_version (component, version, name, statements, digest, applied_at)"
                     " VALUES (?, ?, ?, 0, ?, NULL)",
                     {component, step.version, step.name, DigestOf({})})
            .status());
  } else {
    ASSIGN_OR_RETURN(done, DoneOf(component, step, statements, record->second));
  }
  for (; done < statements.size(); ++done) {
    if (!keeper.held()) return Unavailable("SCHEMA_LOCKED", "数据库结构变更的独占权已失去");
    if (absl::Status status = connection.Run(statements[done]); !status.ok()) {
      return SchemaError("SCHEMA_STEP_FAILED", component, step,
                         absl::StrCat("第", done + 1, "条语句执行失败：", status.message()));
    }
    const std::string digest = DigestOf(absl::MakeConstSpan(statements).first(done + 1));
    RETURN_IF_ERROR(
        connection
            .Execute(
                "UPDATE schema_version SET statements = ?, digest = ? WHERE component = ? AND version = ?",
                {static_cast<int64_t>(done) + 1, digest, component, step.version})
            .status());
  }
  return connection
      .Execute(
          "UPDATE schema_version SET applied_at = COALESCE(applied_at, UTC_TIMESTAMP(6)), name = ?"
          " WHERE component = ? AND version = ?",
          {step.name, component, step.version})
      .status();
}

absl::Status CheckOrder(absl::Span<const Migration> steps) {
  for (size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].version != steps[i - 1].version + 1) return Internal("the versions of a schema rise by one");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RequireSchema(Connection& connection, absl::string_view component, absl::Span<const Migration> steps) {
  ASSIGN_OR_RETURN(const bool complete, UpToDate(connection, component, steps));
  if (complete) return absl::OkStatus();
  return SchemaError("SCHEMA_MISSING", component, steps.back(), "数据库结构尚未建立完毕，请先以 --migrate 运行");
}

absl::Status Migrate(const Options& options, absl::string_view component, absl::Span<const Migration> steps) {
  RETURN_IF_ERROR(CheckOrder(steps));
  Options unhurried = options;
  unhurried.statement_timeout = absl::InfiniteDuration();  // altering a large table takes its time
  ASSIGN_OR_RETURN(auto connection, OpenDatabase(unhurried));
  RETURN_IF_ERROR(CreateTables(*connection));
  // Without the lease where nothing is to do, which is the start of every replica but the first.
  ASSIGN_OR_RETURN(bool complete, UpToDate(*connection, component, steps));
  if (complete) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto second, OpenDatabase(options));
  LeaseKeeper keeper(std::move(second));
  RETURN_IF_ERROR(keeper.Take());
  ASSIGN_OR_RETURN(complete, UpToDate(*connection, component, steps));
  for (const Migration& step : steps) {
    if (complete) break;
    RETURN_IF_ERROR(ApplyStep(*connection, component, step, keeper));
  }
  return absl::OkStatus();
}

}  // namespace sifa::mysql
