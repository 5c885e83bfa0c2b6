// A whole casework backend for tests: a fresh database with its schema, keys, the calendar of data/ and a
// manual clock. Header only, so that sifa_testing itself needs no casework.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/casework/object_service.h"
#include "libs/casework/service.h"
#include "libs/casework/verify.h"
#include "libs/testing/process.h"
#include "libs/testing/test_database.h"

namespace sifa::testing {

class CaseworkBackend {
 public:
  // `root`: of the source tree.
  CaseworkBackend(const std::string& root, const casework::ServiceDefinition& definition, absl::CivilSecond now)
      : clock(now),
        contract(Must(contract::Contract::Load())),
        objects(Must(casework::Objects::Of(definition.name, definition.objects, contract))),
        regions(Must(RegionTable::Load(root + "/data/regions"))),
        codes(Must(CodeTables::Load(root + "/data/code-tables"))),
        keys_("sifa-keys") {
    for (const auto& part : casework::SchemaOf(definition)) Migrate(part.name, part.steps);
    database.GrantService();
    pool = std::make_unique<mysql::Pool>(database.ServiceOptions());
    keyring = Must(crypto::Keyring::Open(keys_ / "keys", crypto::SuiteId::kInternational, true));
    calendars = std::make_unique<calendar::CalendarBook>(
        Must(calendar::Calendar::Load(root + "/data/calendar/holidays.csv")));
    backend =
        std::make_unique<casework::Backend>(casework::Backend{*pool, *keyring, *calendars, clock, parameters});
    backend->objects = objects.get();
    backend->regions = &regions;
    backend->codes = &codes;
    if (definition.own_data) backend->own_data = Must(definition.own_data(root + "/data"));
  }

  template <class T>
  const casework::ObjectType& TypeOf() const {
    return objects->Of<T>();
  }
  // What the definition says of T, to be said otherwise.
  template <class T>
  casework::ObjectType& Alter() {
    return const_cast<casework::ObjectType&>(TypeOf<T>());
  }
  // The act of the call's method by the functions of its rows, as the frame serves it.
  template <class T>
  absl::StatusOr<T> Do(rpc::Call& call, const google::protobuf::Message& request) const {
    for (const auto& [act, method] : TypeOf<T>().methods) {
      if (method->path != call.method().path) continue;
      ASSIGN_OR_RETURN(const auto answer, casework::PerformRequest(*backend, TypeOf<T>(), call, act, request));
      return static_cast<const T&>(*answer);
    }
    Die(absl::StrCat(call.method().path, " performs no act"));
    return absl::InternalError("");
  }
  // The page that the frame serves.
  template <class T, class Response>
  absl::StatusOr<Response> List(rpc::Call& call, const google::protobuf::Message& request) const {
    Response response;
    RETURN_IF_ERROR(casework::ListByRequest(*backend, TypeOf<T>(), call, request, &response));
    return response;
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
  const contract::Contract contract;
  const std::unique_ptr<casework::Objects> objects;
  const RegionTable regions;
  const CodeTables codes;
  procedure::Parameters parameters;
  std::unique_ptr<mysql::Pool> pool;
  std::unique_ptr<crypto::Keyring> keyring;
  std::unique_ptr<calendar::CalendarBook> calendars;
  std::unique_ptr<casework::Backend> backend;

 private:
  void Migrate(const std::string& part, absl::Span<const mysql::Migration> steps) {
    const absl::Status status = mysql::Migrate(database.MigrationOptions(), part, steps);
    if (!status.ok()) Die(status.ToString());
  }

  TempDir keys_;
};

}  // namespace sifa::testing
