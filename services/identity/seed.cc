#include "services/identity/seed.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "libs/core/status.h"
#include "libs/crypto/password.h"
#include "libs/crypto/suite.h"
#include "libs/telemetry/log.h"
#include "services/identity/password_rules.h"

namespace sifa::identity {
namespace {

constexpr size_t kBatch = 100;
// Longer than a batch, or the hashing of all passwords, takes; so short that a start after a kill does not
// wait for long.
constexpr absl::Duration kLeaseLength = absl::Seconds(15);
constexpr absl::Duration kLeasePause = absl::Milliseconds(200);

absl::Status WritePrivately(const std::string& path, const std::string& text) {
  const std::string fresh = absl::StrCat(path, ".", getpid());
  const int file = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool written = file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                 fsync(file) == 0;
  if (file >= 0) written = close(file) == 0 && written;
  if (written && rename(fresh.c_str(), path.c_str()) == 0) return absl::OkStatus();
  unlink(fresh.c_str());
  return Error(absl::StatusCode::kFailedPrecondition, "ACCOUNTS_FILE_UNWRITABLE",
               absl::StrCat("cannot write ", path));
}

casework::ActInput SystemInput(const casework::Backend& backend, const std::string& action) {
  return {.act_day = backend.clock.Today(), .occurred_at = backend.clock.Now(), .action = action};
}

}  // namespace

Seeder::Seeder(const casework::Backend& backend, OrganisationService& organisations, AccountService& accounts,
               Passwords& passwords)
    : backend_(backend), organisations_(organisations), accounts_(accounts), passwords_(passwords) {
  lease_.name = "seed";
  lease_.holder = absl::StrCat("seed:", crypto::Hex(crypto::RandomBytes(8)));
}

absl::StatusOr<bool> Seeder::MaySeed() {
  while (true) {
    bool empty = false, ours = false;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(ours, AcquireLease(connection, lease_, kLeaseLength));
      ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT COUNT(*) FROM login"));
      empty = rows[0].Int(0) == 0;
      return absl::OkStatus();
    }));
    if (ours || !empty) return empty;
    absl::SleepFor(kLeasePause);
  }
}

absl::Status Seeder::InLease(const std::function<absl::Status(mysql::Connection&)>& body) {
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) {
    return AcquireLease(connection, lease_, kLeaseLength).status();
  }));
  return backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
    return body(connection);
  });
}

absl::Status Seeder::AddOrganisation(mysql::Connection& connection, const SeedOrganisation& seed,
                                     const std::string& valid_from) {
  ASSIGN_OR_RETURN(const auto existing, FindOrganisation(backend_, connection, seed.code));
  if (existing) return absl::OkStatus();
  std::optional<OrganisationRow> parent;
  if (!seed.parent_code.empty()) {
    ASSIGN_OR_RETURN(parent, FindOrganisation(backend_, connection, seed.parent_code));
    if (!parent) return Internal(absl::StrCat("seed names no parent: ", seed.code));
  }
  v1::EstablishOrganisationRequest request;
  request.set_code(seed.code);
  request.set_name(seed.name);
  request.set_kind(seed.kind);
  request.set_level(seed.level);
  request.set_region(seed.region);
  request.set_valid_from(valid_from);
  casework::Stored stored{NewId(backend_.clock.Now()), 0, backend_.clock.Now(), nullptr};
  stored.object = std::make_unique<v1::Organisation>(
      NewOrganisation(parent ? &*parent : nullptr, request, backend_.clock.Today()));
  return organisations_.casework()
      .ActInTransaction(casework::Actor::System(), v1::Organisation::ESTABLISH,
                        SystemInput(backend_, "ESTABLISH"), &stored, connection)
      .status();
}

absl::Status Seeder::AddOrganisations(const std::vector<SeedOrganisation>& seeds,
                                      const std::string& valid_from) {
  for (size_t from = 0; from < seeds.size(); from += kBatch) {
    RETURN_IF_ERROR(InLease([&](mysql::Connection& connection) -> absl::Status {
      for (size_t i = from; i < std::min(seeds.size(), from + kBatch); ++i) {
        RETURN_IF_ERROR(AddOrganisation(connection, seeds[i], valid_from));
      }
      return absl::OkStatus();
    }));
  }
  backend_.committed();
  return absl::OkStatus();
}

absl::Status Seeder::AddAccounts(const std::vector<SeedAccount>& seeds, const std::string& valid_from,
                                 const std::string& file) {
  std::vector<v1::Account> accounts;
  std::vector<std::string> lines;
  for (const SeedAccount& seed : seeds) {
    const auto* role = accounts_.authority().FindRole(seed.role);
    if (role == nullptr) return Internal(absl::StrCat("seed names no role: ", seed.role));
    ASSIGN_OR_RETURN(const OrganisationRow organisation,
                     RequireOrganisation(backend_, "organisation", seed.organisation));
    const std::string password = OneTimePassword(crypto::RandomBytes(16));
    ASSIGN_OR_RETURN(const std::string hash, passwords_.Hash({.known = true}, password));
    v1::Account& account = accounts.emplace_back();
    account.set_organisation(organisation.code);
    account.set_organisation_path(organisation.path);
    account.set_region(organisation.region);
    account.set_account(seed.account);
    account.set_display_name(seed.display_name);
    SetPassword(&account, hash, seed.one_time, backend_.clock.Now());
    for (const std::string& held : {seed.role, seed.also}) {
      if (held.empty()) continue;
      auto* post = account.add_posts();
      post->set_id(NewId(backend_.clock.Now()).ToString());
      post->set_role(held);
      post->set_organisation(organisation.code);
      post->set_descendants(seed.descendants);
      post->set_valid_from(valid_from);
      post->set_granted_by("system");
    }
    std::string line = absl::StrCat(
        R"({"account": ")", seed.account, R"(", "password": ")", password, R"(", "role": ")", seed.role,
        R"(", "roleName": ")", role->label(), R"(", "organisation": ")", organisation.code,
        R"(", "organisationName": ")", organisation.name, R"(", "level": )", organisation.level);
    if (seed.totp) {
      account.mutable_credentials()->set_totp_secret(crypto::NewTotpSecret());
      account.set_totp_enabled(true);
      absl::StrAppend(&line, R"(, "totpSecret": ")", account.credentials().totp_secret(), "\"");
    }
    lines.push_back(line + "}");
  }
  RETURN_IF_ERROR(WritePrivately(file, absl::StrCat("[\n ", absl::StrJoin(lines, ",\n "), "\n]\n")));
  RETURN_IF_ERROR(InLease([&](mysql::Connection& connection) -> absl::Status {
    for (const v1::Account& account : accounts) {
      casework::Stored stored{NewId(backend_.clock.Now()), 0, backend_.clock.Now(),
                              std::make_unique<v1::Account>(account)};
      RETURN_IF_ERROR(accounts_.casework()
                          .ActInTransaction(casework::Actor::System(), v1::Account::CREATE,
                                            SystemInput(backend_, "CREATE"), &stored, connection)
                          .status());
    }
    return absl::OkStatus();
  }));
  backend_.committed();
  telemetry::Info("accounts made", {{"count", absl::StrCat(accounts.size())}, {"file", file}});
  return absl::OkStatus();
}

absl::Status SeedFirst(Seeder& seeder, const RegionTable& regions, const std::string& code,
                       const std::string& file) {
  ASSIGN_OR_RETURN(const bool may, seeder.MaySeed());
  if (!may) return absl::OkStatus();
  ASSIGN_OR_RETURN(const RegionCode region, RegionCode::ParsePrefix(code));
  RETURN_IF_ERROR(regions.Require(region).status());
  const int level = static_cast<int>(region.level());
  const std::string name = absl::StrCat(regions.NameOf(region), level == 1 ? "司法厅" : "司法局");
  const std::string today = "1949-10-01";
  RETURN_IF_ERROR(
      seeder.AddOrganisations({{code, "", name, v1::Organisation::BUREAU, level, region.ToString()}}, today));
  return seeder.AddAccounts({{"first.system", "系统管理员", "system_admin", code, true, true, true},
                             {"first.security", "安全管理员", "security_admin", code, true, true, true},
                             {"first.auditor", "审计管理员", "auditor", code, true, true, true}},
                            today, file);
}

}  // namespace sifa::identity
