#include "libs/statistics/rebuild.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/mysql/second_connection.h"
#include "libs/statistics/answers.h"
#include "libs/statistics/compare.h"
#include "libs/statistics/folder.h"
#include "libs/telemetry/log.h"

namespace sifa::statistics {
namespace {

constexpr char kLeaseName[] = "statistics.rebuild";
constexpr int kBatch = 500;
constexpr int kDeleteBatch = 5000;
const absl::Duration kLeaseLength = absl::Seconds(15);  // after which another goes on for one that was killed
constexpr char kColumns[] = "id, replaces, begun, started_at, ended_at, position, goal, problem, report";

absl::StatusOr<int64_t> PositionOf(mysql::Connection& connection, absl::string_view follower, bool lock) {
  RETURN_IF_ERROR(
      connection.Execute("INSERT IGNORE INTO follower (name, position) VALUES (?, 0)", {follower}).status());
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(lock ? "SELECT position FROM follower WHERE name = ? FOR UPDATE"
                                         : "SELECT position FROM follower WHERE name = ?",
                                    {follower}));
  return rows[0].Int(0);
}

absl::StatusOr<Rebuild> ReadRow(const mysql::Row& row) {
  Rebuild rebuild;
  rebuild.id = row.AsId(0);
  rebuild.replaces = row.Int(1) != 0;
  if (!row.IsNull(2)) rebuild.begun = row.AsId(2);
  rebuild.started_at = row.Time(3);
  if (!row.IsNull(4)) rebuild.ended_at = row.Time(4);
  rebuild.position = row.Int(5);
  rebuild.of = row.Int(6);
  rebuild.problem = row.Bytes(7);
  if (!row.IsNull(8)) {
    v1::Rebuild stored;
    if (!stored.ParseFromString(row.Bytes(8))) return Internal("a stored report of a rebuild does not parse");
    rebuild.report = ReportOf(stored);
  }
  return rebuild;
}

absl::StatusOr<std::optional<Rebuild>> RunningRebuild(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT ", kColumns, " FROM statistics_rebuild WHERE running = 1")));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(Rebuild rebuild, ReadRow(rows[0]));
  return rebuild;
}

// Work that another try may well finish.
bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsAborted(status) || absl::IsDeadlineExceeded(status);
}

class Rebuilder {
 public:
  Rebuilder(mysql::Pool& pool, const Cubes& cubes, const Clock& clock, const RebuildEnded& ended,
            const std::function<absl::Status()>& between)
      : pool_(pool),
        cubes_(cubes),
        clock_(clock),
        ended_(ended),
        between_(between),
        lease_{kLeaseName, crypto::Hex(crypto::RandomBytes(8)), 0} {}

  absl::Status Run() {
    bool held = false;
    RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(auto running, RunningRebuild(connection));
      if (!running) return absl::OkStatus();
      ASSIGN_OR_RETURN(held, mysql::AcquireLease(connection, lease_, kLeaseLength));
      if (!held) return absl::OkStatus();
      ASSIGN_OR_RETURN(running, RunningRebuild(connection));  // who held it may have ended it meanwhile
      if (running) {
        rebuild_ = *running;
        return absl::OkStatus();
      }
      held = false;
      return mysql::ReleaseLease(connection, lease_);
    }));
    if (!held) return absl::OkStatus();
    absl::Status status = RunHeld();
    if (absl::IsCancelled(status)) status = absl::OkStatus();  // it goes on at the next start
    if (!status.ok()) status = Note(status);
    const absl::Status released =
        pool_.WithConnection([&](mysql::Connection& connection) { return mysql::ReleaseLease(connection, lease_); });
    return status.ok() ? released : status;
  }

 private:
  absl::Status RunHeld() {
    RETURN_IF_ERROR(Prepare());
    RETURN_IF_ERROR(CatchUp());
    RebuildReport report;
    RETURN_IF_ERROR(CompareAtOnePosition(&report));
    report.replaced = rebuild_.replaces;
    if (rebuild_.replaces) RETURN_IF_ERROR(CatchUp());
    RETURN_IF_ERROR(End(report));
    telemetry::Info("statistics rebuilt", {{"position", absl::StrCat(report.position)},
                                           {"contributions", absl::StrCat(report.contributions)},
                                           {"differences", absl::StrCat(report.difference_count)},
                                           {"replaced", report.replaced ? "true" : "false"}});
    telemetry::ReportIf("dropping figures that were rebuilt", DropOthers());  // the next one drops what is left
    return absl::OkStatus();
  }

  absl::Status Renew() {
    bool held = false;
    RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(held, mysql::AcquireLease(connection, lease_, kLeaseLength));
      return absl::OkStatus();
    }));
    if (!held) return Error(absl::StatusCode::kAborted, "LEASE_LOST", "another process goes on with the rebuild");
    return between_ ? between_() : absl::OkStatus();
  }

  // Goes on where it stands, if by these cubes and beside the generation that still lives; otherwise from the first row.
  absl::Status Prepare() {
    Generation living;
    RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(living, LivingGeneration(connection));
      ASSIGN_OR_RETURN(const auto rows,
                       connection.Query("SELECT generation, definition FROM statistics_rebuild WHERE id = ?", {rebuild_.id}));
      if (rows.empty()) return Internal("a rebuild that runs is missing");
      generation_ = rows[0].Int(0);
      goes_on_ = generation_ == living.number + 1 && static_cast<uint64_t>(rows[0].Int(1)) == cubes_.definition();
      return absl::OkStatus();
    }));
    if (goes_on_) return absl::OkStatus();
    RETURN_IF_ERROR(DropOthers());
    generation_ = living.number + 1;
    return pool_.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
      return connection
          .Execute("UPDATE statistics_rebuild SET generation = ?, definition = ?, position = 0 WHERE id = ?",
                   {generation_, static_cast<int64_t>(cubes_.definition()), rebuild_.id})
          .status();
    });
  }

  // Folds rows up to `goal` at most; how many.
  absl::StatusOr<int> FoldBatch(mysql::Connection& connection, int64_t goal) {
    RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
    ASSIGN_OR_RETURN(const auto at,
                     connection.Query("SELECT position FROM statistics_rebuild WHERE id = ? FOR UPDATE", {rebuild_.id}));
    if (at.empty()) return Internal("a rebuild that runs is missing");
    const int64_t position = at[0].Int(0);
    const int limit = static_cast<int>(std::min<int64_t>(kBatch, goal - position));
    if (limit <= 0) return 0;
    ASSIGN_OR_RETURN(const auto rows, journal::ReadSealed(connection, position, limit));
    if (rows.empty()) return Internal("the journal ends before the position of its follower");
    RETURN_IF_ERROR(FoldInto(connection, cubes_, generation_, rows));
    RETURN_IF_ERROR(connection
                        .Execute("UPDATE statistics_rebuild SET position = ?, goal = ?, problem = '' WHERE id = ?",
                                 {rows.back().position, goal, rebuild_.id})
                        .status());
    return static_cast<int>(rows.size());
  }

  absl::Status FoldAll(mysql::Connection& connection, int64_t goal) {
    while (true) {
      ASSIGN_OR_RETURN(const int folded, FoldBatch(connection, goal));
      if (folded == 0) return absl::OkStatus();
    }
  }

  // Up to where the living counters are, in small transactions.
  absl::Status CatchUp() {
    for (int folded = 1; folded > 0;) {
      RETURN_IF_ERROR(Renew());
      RETURN_IF_ERROR(pool_.InTransaction([&](mysql::Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const int64_t goal, PositionOf(connection, kFollowerName, false));
        ASSIGN_OR_RETURN(folded, FoldBatch(connection, goal));
        return absl::OkStatus();
      }));
    }
    return absl::OkStatus();
  }

  // The follower stands still, held by the lock of its position, only until both generations are at its
  // position and the snapshot of the comparison is taken.
  absl::Status CompareAtOnePosition(RebuildReport* report) {
    return pool_.WithConnection([&](mysql::Connection& reader) -> absl::Status {
      RETURN_IF_ERROR(pool_.InTransaction([&](mysql::Connection& holder) -> absl::Status {
        ASSIGN_OR_RETURN(report->position, PositionOf(holder, kFollowerName, true));
        const mysql::SecondConnection beside_the_holder;
        RETURN_IF_ERROR(pool_.InTransaction(
            [&](mysql::Connection& connection) { return FoldAll(connection, report->position); }));
        RETURN_IF_ERROR(reader.Run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
        return reader.Run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
      }));
      const absl::Status compared = CompareGenerations(
          reader, cubes_, generation_ - 1, generation_, [&] { return Renew(); }, report);
      const absl::Status ended = reader.Run("COMMIT");
      return compared.ok() ? ended : compared;
    });
  }

  // The report is kept in the transaction in which what was computed takes over.
  absl::Status End(const RebuildReport& report) {
    return pool_.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      if (rebuild_.replaces) {
        ASSIGN_OR_RETURN(const int64_t position, PositionOf(connection, kFollowerName, true));
        RETURN_IF_ERROR(FoldAll(connection, position));
        RETURN_IF_ERROR(connection
                            .Execute("UPDATE statistics_generation SET living = ?, definition = ? WHERE id = 1",
                                     {generation_, static_cast<int64_t>(cubes_.definition())})
                            .status());
      }
      return Finish(connection, "", report);
    });
  }

  absl::Status Finish(mysql::Connection& connection, const std::string& problem, const std::optional<RebuildReport>& report) {
    RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
    Rebuild found = rebuild_;
    found.report = report;
    const std::string stored = ToProto(found).SerializeAsString();
    RETURN_IF_ERROR(connection
                        .Execute("UPDATE statistics_rebuild SET running = NULL, ended_at = ?, problem = ?, report = ?"
                                 " WHERE id = ?",
                                 {clock_.Now(), problem, report ? mysql::Value(stored) : mysql::Value(std::nullopt), rebuild_.id})
                        .status());
    if (!ended_) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Rebuild now, ReadRebuild(connection, rebuild_.id));
    return ended_(connection, now);
  }

  // Keeps what went wrong: for a look, or as the end of it.
  absl::Status Note(const absl::Status& problem) {
    std::string text = absl::StrCat(ReasonOf(problem), " ", problem.message());
    size_t end = std::min<size_t>(text.size(), 300);
    while (end < text.size() && (text[end] & 0xC0) == 0x80) --end;  // no character is cut
    text.resize(end);
    const absl::Status kept = pool_.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      if (!MayPass(problem)) return Finish(connection, text, std::nullopt);
      RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
      return connection.Execute("UPDATE statistics_rebuild SET problem = ? WHERE id = ?", {text, rebuild_.id}).status();
    });
    kept.IgnoreError();  // with the database away there is nowhere to keep it
    return problem;
  }

  // All generations but the living one, in pieces that do not hold the server up.
  absl::Status DropOthers() {
    for (const absl::string_view table : {"statistics_counter", "statistics_contribution", "statistics_snapshot", "statistics_snapshot_counter"}) {
      for (const absl::string_view side : {"<", ">"}) {
        const std::string sql =
            absl::StrCat("DELETE FROM ", table, " WHERE generation ", side,
                         " (SELECT living FROM statistics_generation WHERE id = 1) LIMIT ", kDeleteBatch);
        for (int64_t deleted = kDeleteBatch; deleted == kDeleteBatch;) {
          RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
            ASSIGN_OR_RETURN(deleted, connection.Execute(sql, {}));
            return absl::OkStatus();
          }));
          RETURN_IF_ERROR(Renew());
        }
      }
    }
    return absl::OkStatus();
  }

  mysql::Pool& pool_;
  const Cubes& cubes_;
  const Clock& clock_;
  const RebuildEnded& ended_;
  const std::function<absl::Status()>& between_;
  mysql::Lease lease_;
  Rebuild rebuild_;
  int64_t generation_ = 0;
  bool goes_on_ = false;
};

}  // namespace

absl::Status BeginRebuild(mysql::Connection& connection, Rebuild* rebuild) {
  // A lock on the one row that there is lets one caller look and insert at a time.
  RETURN_IF_ERROR(connection.Query("SELECT living FROM statistics_generation WHERE id = 1 FOR UPDATE").status());
  ASSIGN_OR_RETURN(const auto running, RunningRebuild(connection));
  if (running) {
    return Error(absl::StatusCode::kAborted, "REBUILD_RUNNING",
                 absl::StrCat("统计正在重算（", running->id.ToString(), "），请等它结束"));
  }
  ASSIGN_OR_RETURN(rebuild->of, PositionOf(connection, kFollowerName, false));
  return connection
      .Execute("INSERT INTO statistics_rebuild (id, running, replaces, begun, started_at, goal) VALUES (?, 1, ?, ?, ?, ?)",
               {rebuild->id, rebuild->replaces, rebuild->begun, rebuild->started_at, rebuild->of})
      .status();
}

absl::StatusOr<Rebuild> ReadRebuild(mysql::Connection& connection, const Id& id) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT ", kColumns, " FROM statistics_rebuild WHERE id = ?"), {id}));
  if (rows.empty()) return Error(absl::StatusCode::kNotFound, "REBUILD_UNKNOWN", "没有这次重算");
  return ReadRow(rows[0]);
}

absl::StatusOr<std::vector<Rebuild>> ListRebuilds(mysql::Connection& connection, int limit) {
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(absl::StrCat("SELECT ", kColumns, " FROM statistics_rebuild ORDER BY id DESC LIMIT ?"), {limit}));
  std::vector<Rebuild> rebuilds;
  for (const auto& row : rows) {
    ASSIGN_OR_RETURN(rebuilds.emplace_back(), ReadRow(row));
  }
  return rebuilds;
}

absl::Status ContinueRebuild(mysql::Pool& pool, const Cubes& cubes, const Clock& clock, const RebuildEnded& ended,
                             const std::function<absl::Status()>& between) {
  return Rebuilder(pool, cubes, clock, ended, between).Run();
}

absl::Status BeginCounting(mysql::Pool& pool, const Cubes& cubes) {
  return pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t counted, PositionOf(connection, kFollowerName, true));
    if (counted > 0) return absl::OkStatus();
    return connection
        .Execute("UPDATE statistics_generation SET definition = ? WHERE id = 1", {static_cast<int64_t>(cubes.definition())})
        .status();
  });
}

absl::StatusOr<bool> BringUpToDate(mysql::Pool& pool, const Cubes& cubes, const Clock& clock) {
  bool is_current = false;
  RETURN_IF_ERROR(pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const Generation living, LivingGeneration(connection));
    is_current = living.definition == cubes.definition();
    if (is_current) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto running, RunningRebuild(connection));
    if (running) return absl::OkStatus();
    Rebuild rebuild;
    rebuild.started_at = clock.Now();
    rebuild.id = NewId(rebuild.started_at);
    rebuild.replaces = true;
    return BeginRebuild(connection, &rebuild);
  }));
  return is_current;
}

}  // namespace sifa::statistics
