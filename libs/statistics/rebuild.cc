#include "libs/statistics/rebuild.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/mysql/second_connection.h"
#include "libs/statistics/compare.h"
#include "libs/statistics/folder.h"
#include "libs/telemetry/log.h"

namespace sifa::statistics {
namespace {

constexpr char kRebuildName[] = "statistics.rebuild";
constexpr int kBatch = 500;
constexpr int kDeleteBatch = 5000;
const absl::Duration kLeaseLength = absl::Minutes(1);

absl::StatusOr<int64_t> PositionOf(mysql::Connection& connection, absl::string_view follower, bool lock) {
  RETURN_IF_ERROR(
      connection.Execute("INSERT IGNORE INTO follower (name, position) VALUES (?, 0)", {follower}).status());
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(lock ? "SELECT position FROM follower WHERE name = ? FOR UPDATE"
                                         : "SELECT position FROM follower WHERE name = ?",
                                    {follower}));
  return rows[0].Int(0);
}

class Rebuilder {
 public:
  Rebuilder(mysql::Pool& pool, const Cubes& cubes)
      : pool_(pool), cubes_(cubes), lease_{kRebuildName, crypto::Hex(crypto::RandomBytes(8)), 0} {}

  absl::StatusOr<RebuildReport> Run(bool replace) {
    RETURN_IF_ERROR(Renew());
    absl::StatusOr<RebuildReport> report = RunHeld(replace);
    RETURN_IF_ERROR(GiveBack());
    return report;
  }

 private:
  absl::StatusOr<RebuildReport> RunHeld(bool replace) {
    RETURN_IF_ERROR(Prepare());
    RETURN_IF_ERROR(CatchUp());
    RebuildReport report;
    RETURN_IF_ERROR(CompareAtOnePosition(&report));
    if (replace) RETURN_IF_ERROR(TakeOver());
    report.replaced = replace;
    RETURN_IF_ERROR(DropOthers());
    return report;
  }

  absl::Status Renew() {
    bool held = false;
    RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(held, mysql::AcquireLease(connection, lease_, kLeaseLength));
      return absl::OkStatus();
    }));
    return held ? absl::OkStatus()
                : Error(absl::StatusCode::kAborted, "REBUILD_RUNNING", "统计正在重算，请稍后再试");
  }
  absl::Status GiveBack() {
    return pool_.WithConnection([&](mysql::Connection& connection) {
      return mysql::AcquireLease(connection, lease_, absl::ZeroDuration()).status();
    });
  }

  // Clears what an interrupted rebuild left, and begins at the first row.
  absl::Status Prepare() {
    RETURN_IF_ERROR(DropOthers());
    return pool_.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const Generation living, LivingGeneration(connection));
      generation_ = living.number + 1;
      RETURN_IF_ERROR(PositionOf(connection, kRebuildName, true).status());
      return connection.Execute("UPDATE follower SET position = 0 WHERE name = ?", {kRebuildName}).status();
    });
  }

  // Folds rows up to `goal` at most; how many.
  absl::StatusOr<int> FoldBatch(mysql::Connection& connection, int64_t goal) {
    RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
    ASSIGN_OR_RETURN(const int64_t position, PositionOf(connection, kRebuildName, true));
    const int limit = static_cast<int>(std::min<int64_t>(kBatch, goal - position));
    if (limit <= 0) return 0;
    ASSIGN_OR_RETURN(const auto rows, journal::ReadSealed(connection, position, limit));
    if (rows.empty()) return Internal("the journal ends before the position of its follower");
    RETURN_IF_ERROR(FoldInto(connection, cubes_, generation_, rows));
    RETURN_IF_ERROR(
        connection
            .Execute("UPDATE follower SET position = ? WHERE name = ?", {rows.back().position, kRebuildName})
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

  absl::Status TakeOver() {
    RETURN_IF_ERROR(CatchUp());
    return pool_.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const int64_t position, PositionOf(connection, kFollowerName, true));
      RETURN_IF_ERROR(FoldAll(connection, position));
      return connection.Execute("UPDATE statistics_generation SET living = ?, definition = ? WHERE id = 1",
                                {generation_, static_cast<int64_t>(cubes_.definition())})
          .status();
    });
  }

  // All generations but the living one, in pieces that do not hold the server up.
  absl::Status DropOthers() {
    for (const absl::string_view table : {"statistics_counter", "statistics_contribution"}) {
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
  mysql::Lease lease_;
  int64_t generation_ = 0;
};

}  // namespace

absl::StatusOr<RebuildReport> Rebuild(mysql::Pool& pool, const Cubes& cubes, bool replace) {
  return Rebuilder(pool, cubes).Run(replace);
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

absl::Status BringUpToDate(mysql::Pool& pool, const Cubes& cubes) {
  Generation living;
  RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(living, LivingGeneration(connection));
    return absl::OkStatus();
  }));
  if (living.definition == cubes.definition()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const RebuildReport report, Rebuild(pool, cubes, true));
  telemetry::Info("statistics rebuilt for their cubes", {{"position", absl::StrCat(report.position)},
                                                         {"contributions", absl::StrCat(report.contributions)},
                                                         {"differences", absl::StrCat(report.difference_count)}});
  return absl::OkStatus();
}

}  // namespace sifa::statistics
