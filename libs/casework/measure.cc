#include "libs/casework/measure.h"

#include <algorithm>

#include "libs/casework/records.h"
#include "libs/core/status.h"
#include "libs/crypto/rotation.h"
#include "libs/journal/journal.h"
#include "libs/telemetry/metrics.h"

namespace sifa::casework {
namespace {

// A counter of something that counts by itself.
void Follow(prometheus::Counter& counter, int64_t value) { counter.Increment(static_cast<double>(value) - counter.Value()); }

void MeasurePool(const mysql::Pool& pool) {
  static auto& open = telemetry::Gauge("sifa_database_connections", "Connections of the pool", {{"state", "open"}});
  static auto& busy = telemetry::Gauge("sifa_database_connections", "Connections of the pool", {{"state", "busy"}});
  static auto& limit = telemetry::Gauge("sifa_database_connections_limit", "Connections that the pool may have");
  static auto& waiting = telemetry::Gauge("sifa_database_waiting", "Callers that wait for a connection");
  static auto& waits = telemetry::Counter("sifa_database_waits_total", "Callers that had to wait for a connection");
  static auto& failures = telemetry::Counter("sifa_database_connect_failures_total", "Connections that could not be opened");
  static auto& retries = telemetry::Counter("sifa_database_retries_total", "Transactions that were run again");
  static auto& conflicts =
      telemetry::Counter("sifa_database_commit_conflicts_total",
                         "Transactions that the server refused at COMMIT, as a cluster does where two nodes met");
  const auto stats = pool.stats();
  open.Set(stats.open);
  busy.Set(stats.busy);
  limit.Set(stats.limit);
  waiting.Set(stats.waiting);
  Follow(waits, stats.waits);
  Follow(failures, stats.failures);
  Follow(retries, stats.retries);
  Follow(conflicts, stats.commit_conflicts);
}

void MeasureJournal(journal::Sealer& sealer) {
  static auto& lag = telemetry::Gauge("sifa_journal_lag_rows", "Journal rows committed and not yet sealed");
  static auto& oldest = telemetry::Gauge("sifa_journal_oldest_seconds", "How long the oldest of them has waited");
  static auto& strange =
      telemetry::Gauge("sifa_journal_quarantined_rows", "Journal rows not sealed, since no writer has signed them");
  if (const auto rows = sealer.Lag(); rows.ok()) lag.Set(static_cast<double>(*rows));
  if (const auto age = sealer.Age(); age.ok()) oldest.Set(absl::ToDoubleSeconds(*age));
  if (const auto rows = sealer.Quarantined(); rows.ok()) strange.Set(static_cast<double>(*rows));
}

// Where replicas have different keyrings they must be made equal before one writes with what another lacks.
void MeasureKeys(const crypto::Keyring& keyring, const std::string& directory) {
  static auto& newest = telemetry::Gauge("sifa_data_key", "Number of a data key of the keyring, as this process has it", {{"is", "newest"}});
  static auto& used = telemetry::Gauge("sifa_data_key", "Number of a data key of the keyring, as this process has it", {{"is", "used"}});
  if (const auto key = crypto::NewestDataKey(directory); key.ok()) newest.Set(*key);
  used.Set(keyring.current_key());
}

void MeasureFollowers(const Service& service) {
  if (service.followers().empty()) return;
  int64_t head = 0;
  const absl::Status read = service.backend().pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(head, journal::HeadPosition(connection));
    return absl::OkStatus();
  });
  if (!read.ok()) return;
  for (const auto& follower : service.followers()) {
    auto& lag = telemetry::Gauge("sifa_follower_lag_rows", "Sealed rows that a reader of the journal has not taken in yet",
                                 {{"follower", follower->name()}});
    if (const auto position = follower->Position(); position.ok())
      lag.Set(static_cast<double>(std::max<int64_t>(head - *position, 0)));
  }
}

void MeasureSchemaOfDatabase(mysql::Pool& pool) {
  pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT component, MAX(version) FROM schema_version"
                                                           " WHERE applied_at IS NOT NULL GROUP BY component"));
        for (const auto& row : rows) {
          telemetry::Gauge("sifa_schema_version", "Version of a part of the schema, as the program and as the database has it",
                           {{"component", row.Bytes(0)}, {"of", "database"}})
              .Set(static_cast<double>(row.Int(1)));
        }
        return absl::OkStatus();
      })
      .IgnoreError();
}

}  // namespace

void MeasureService(const Service& service, const std::string& records, const std::string& keys) {
  static auto& demonstration = telemetry::Gauge("sifa_demonstration", "1 where the clock is the demonstration's");
  static auto& last_year = telemetry::Gauge("sifa_calendar_last_year", "Last year whose holidays the calendar knows");
  demonstration.Set(service.host().demonstration() ? 1 : 0);
  if (const auto years = service.backend().calendars.Current().Years(); !years.empty()) last_year.Set(years.back());
  MeasurePool(service.backend().pool);
  MeasureJournal(service.sealer());
  MeasureRecords(records);
  MeasureKeys(service.backend().keyring, keys);
  MeasureFollowers(service);
  MeasureSchemaOfDatabase(service.backend().pool);
}

void MeasureSchema(const std::vector<SchemaPart>& parts) {
  for (const SchemaPart& part : parts) {
    telemetry::Gauge("sifa_schema_version", "Version of a part of the schema, as the program and as the database has it",
                     {{"component", part.name}, {"of", "program"}})
        .Set(static_cast<double>(part.steps.size()));
  }
}

}  // namespace sifa::casework
