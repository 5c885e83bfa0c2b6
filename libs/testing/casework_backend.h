// A whole casework backend for tests: a fresh database with its schema, keys, the calendar of data/ and a
// manual clock. Header only, so that sifa_testing itself needs no casework.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/casework/service.h"
#include "libs/casework/verify.h"
#include "libs/testing/process.h"
#include "libs/testing/test_database.h"

namespace sifa::testing {

class CaseworkBackend {
 public:
  // `root`: of the source tree. `parts`: schema beyond those of journal and casework.
  CaseworkBackend(const std::string& root, const std::vector<casework::SchemaPart>& parts,
                  absl::CivilSecond now)
      : clock(now), keys_("sifa-keys") {
    Migrate("journal", absl::MakeConstSpan(journal::kSchema, journal::kSchemaSteps));
    Migrate("casework", absl::MakeConstSpan(casework::kSchema, casework::kSchemaSteps));
    for (const auto& part : parts) Migrate(part.name, part.steps);
    database.GrantService();
    pool = std::make_unique<mysql::Pool>(database.ServiceOptions());
    keyring = Must(crypto::Keyring::Open(keys_ / "keys", crypto::SuiteId::kInternational, true));
    calendars = std::make_unique<calendar::CalendarBook>(
        Must(calendar::Calendar::Load(root + "/data/calendar/holidays.csv")));
    backend =
        std::make_unique<casework::Backend>(casework::Backend{*pool, *keyring, *calendars, clock, parameters});
  }

  // Empties every table and sets the clock: much faster than a fresh database for each test.
  void Reset(absl::CivilSecond now) {
    clock.Set(now);
    mysql::Rows tables;
    mysql::Pool owner(database.MigrationOptions());
    const absl::Status status = owner.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(
          tables,
          connection.Query("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                           " AND table_name <> 'schema_version'"));
      for (const mysql::Row& table : tables)
        RETURN_IF_ERROR(connection.Run(absl::StrCat("DELETE FROM `", table.Bytes(0), "`")));
      return absl::OkStatus();
    });
    if (!status.ok()) Die(status.ToString());
  }

  template <class T>
  static T Must(absl::StatusOr<T> result) {
    if (!result.ok()) Die(result.status().ToString());
    return *std::move(result);
  }

  TestDatabase database;
  ManualClock clock;
  procedure::Parameters parameters;
  std::unique_ptr<mysql::Pool> pool;
  std::unique_ptr<crypto::Keyring> keyring;
  std::unique_ptr<calendar::CalendarBook> calendars;
  std::unique_ptr<casework::Backend> backend;

 private:
  void Migrate(absl::string_view part, absl::Span<const mysql::Migration> steps) {
    const absl::Status status = mysql::Migrate(database.MigrationOptions(), part, steps);
    if (!status.ok()) Die(status.ToString());
  }

  TempDir keys_;
};

}  // namespace sifa::testing
