#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/testing/test_database.h"

namespace sifa::mysql {
namespace {

absl::Status Run(const Options& options, const std::string& sql) {
  Pool pool(options);
  return pool.WithConnection([&](Connection& c) { return c.Run(sql); });
}

}  // namespace

TEST_CASE("a service may only add to what is append-only, and change everything else") {
  testing::TestDatabase database;
  Options root = database.MigrationOptions();
  root.user = "root";
  root.password.clear();
  const Options service = database.ServiceOptions();
  const std::string account = absl::StrCat(service.user, "@%");
  const absl::string_view append_only[] = {"journal"};
  CHECK(ReasonOf(Grant(root, account, append_only).status()) == "SCHEMA_MISSING");
  database.RunScript("CREATE TABLE journal (n INT);\nCREATE TABLE object (n INT)");
  CHECK(ReasonOf(Run(service, "INSERT INTO journal VALUES (1)")) == kNotSetUp);
  for (int again = 0; again < 2; ++again) CHECK(*Grant(root, account, append_only) == 2);

  CHECK(Run(service, "INSERT INTO journal VALUES (1)").ok());
  CHECK(ReasonOf(Run(service, "UPDATE journal SET n = 2")) == kNotSetUp);
  CHECK(ReasonOf(Run(service, "DELETE FROM journal")) == kNotSetUp);
  CHECK(Run(service, "INSERT INTO object VALUES (1)").ok());
  CHECK(Run(service, "UPDATE object SET n = 2").ok());
  CHECK(Run(service, "DELETE FROM object").ok());
  CHECK_FALSE(Run(service, "DROP TABLE object").ok());
}

TEST_CASE("an account that could be more than one word of SQL gets no rights") {
  testing::TestDatabase database;
  for (const char* bad : {"", "mediation", "@%", "mediation@", "a`@`%` WITH GRANT OPTION -- @%"}) {
    CHECK(ReasonOf(Grant(database.MigrationOptions(), bad, {}).status()) == "FLAG_INVALID");
  }
}

}  // namespace sifa::mysql
