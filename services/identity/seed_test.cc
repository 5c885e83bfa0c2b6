// The first start of an empty database: production's three administrators, and the demonstration county.
#include "libs/crypto/password.h"
#include "services/identity/demo.h"
#include "services/identity/identity_fixture.h"

namespace sifa::identity {
namespace {

int64_t Count(const casework::Backend& backend, const std::string& table) {
  int64_t count = 0;
  REQUIRE_OK(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT COUNT(*) FROM " + table));
    count = rows[0].Int(0);
    return absl::OkStatus();
  }));
  return count;
}

// Identity on an empty database.
struct Empty {
  Empty() { REQUIRE_OK(identity.Refresh()); }

  testing::CaseworkBackend& base = IdentityFixture::Base();
  testing::Calls calls{"identity", std::string(SIFA_ROOT) + "/config", base.clock};
  const RegionTable& regions = IdentityFixture::Regions();
  CodeTables tables;
  Identity identity{*base.backend, calls.authority(), regions, tables, "identity:test", false};
  testing::TempDir directory{"sifa-seed"};
  const std::string file = directory / "accounts.json";
};

}  // namespace

TEST_CASE_METHOD(
    Empty, "The first start makes the root and its three administrators, once, each with a second factor") {
  REQUIRE_OK(SeedFirst(identity.seeder, regions, "33", file));
  const std::string accounts = testing::ReadFile(file);
  const std::vector<std::string> words = absl::StrSplit(accounts, '"');
  REQUIRE(words.size() > 30);
  CHECK(words[3] == "first.system");
  CHECK(Count(*base.backend, "organisation") == 1);
  CHECK(Count(*base.backend, "login") == 3);

  auto call = calls.Of("/sifa.identity.v1.SessionService/CreateSession");
  v1::CreateSessionRequest r;
  r.set_account("first.system");
  r.set_password(words[7]);
  CHECK(ReasonOf(identity.sessions.CreateSession(call, r).status()) == "TOTP_REQUIRED");
  const size_t secret = accounts.find("totpSecret");
  r.set_totp_code(crypto::TotpCode(accounts.substr(secret + 14, 32), base.clock.Now()));
  const auto tokens = identity.sessions.CreateSession(call, r);
  REQUIRE_OK(tokens.status());
  CHECK(tokens->must_change_password());

  REQUIRE_OK(SeedFirst(identity.seeder, regions, "33", directory / "again.json"));
  CHECK(testing::ReadFile(directory / "again.json").empty());
  CHECK(Count(*base.backend, "login") == 3);
}

TEST_CASE_METHOD(Empty,
                 "The demonstration has 东阳's 18 townships and 388 villages, two of 义乌, and what was cut short is finished") {
  // As if killed before the accounts were made.
  REQUIRE_OK(identity.seeder.AddOrganisations(
      {{"33", "", "浙江省司法厅", v1::Organisation::BUREAU, 1, "330000"}}, "2011-01-01"));
  REQUIRE_OK(SeedDemonstration(identity.seeder, regions, file));
  CHECK(Count(*base.backend, "organisation WHERE code LIKE '_________' AND code NOT LIKE '%-%'") == 20);
  CHECK(Count(*base.backend, "organisation WHERE code LIKE '____________' AND code NOT LIKE '%-%'") == 388);
  CHECK(Count(*base.backend, "organisation WHERE code LIKE '_________-00'") == 18);
  CHECK(Count(*base.backend, "login") == 61);
  CHECK(testing::ReadFile(file).find("\"nanma.mediator\"") != std::string::npos);
}

TEST_CASE_METHOD(Empty,
                 "Whoever starts while the lease of a killed process still runs waits for it, and seeds") {
  mysql::Lease killed{.name = "seed", .holder = "seed:killed"};
  REQUIRE_OK(base.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const bool ours, AcquireLease(connection, killed, absl::Seconds(1)));
    CHECK(ours);
    return absl::OkStatus();
  }));
  REQUIRE_OK(SeedFirst(identity.seeder, regions, "33", file));
  CHECK(Count(*base.backend, "login") == 3);
}

}  // namespace sifa::identity
