// A rebuild seen through at once, for tests.
#pragma once

#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/statistics/rebuild.h"

namespace sifa::statistics::test {

inline absl::StatusOr<RebuildReport> RebuildNow(mysql::Pool& pool, const Cubes& cubes, bool replaces) {
  const SystemClock clock;
  statistics::Rebuild rebuild;
  rebuild.started_at = clock.Now();
  rebuild.id = NewId(rebuild.started_at);
  rebuild.replaces = replaces;
  RETURN_IF_ERROR(pool.InTransaction([&](mysql::Connection& connection) { return BeginRebuild(connection, &rebuild); }));
  RETURN_IF_ERROR(ContinueRebuild(pool, cubes, clock));
  RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(rebuild, ReadRebuild(connection, rebuild.id));
    return absl::OkStatus();
  }));
  return rebuild.report ? absl::StatusOr<RebuildReport>(*rebuild.report) : Internal(rebuild.problem);
}

}  // namespace sifa::statistics::test
