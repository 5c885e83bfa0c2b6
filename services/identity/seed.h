// What an empty database needs before anybody can log in: organisations and accounts made by the suite
// itself.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/identity/account.h"
#include "services/identity/organisation.h"

namespace sifa::identity {

struct SeedOrganisation {
  std::string code, parent_code, name;
  v1::Organisation::Kind kind;
  int level;
  std::string region;
};
struct SeedAccount {
  std::string account, display_name, role, organisation;
  bool descendants = false;
  bool one_time = false;  // the password must be changed at the first log-in
  bool totp = false;
  std::string also = {};  // a second role at the same place
};

class Seeder {
 public:
  Seeder(const casework::Backend& backend, OrganisationService& organisations, AccountService& accounts,
         Passwords& passwords);

  // Parents before children; those that are there already stay as they are.
  absl::Status AddOrganisations(const std::vector<SeedOrganisation>& seeds, const std::string& valid_from);

  // All or none, and none where any account exists. Writes the fresh passwords to `file` first (JSON, mode
  // 0600), so that they are never lost: a list of {account, password, role, roleName, organisation,
  // organisationName, level, totpSecret?}.
  absl::Status AddAccounts(const std::vector<SeedAccount>& seeds, const std::string& valid_from,
                           const std::string& file);

  // False where accounts exist. Waits while another process seeds, or until the lease of one that was killed
  // at it has run out.
  absl::StatusOr<bool> MaySeed();

 private:
  absl::Status AddOrganisation(mysql::Connection& connection, const SeedOrganisation& seed,
                               const std::string& valid_from);
  // A transaction of whoever still may seed, for a while longer.
  absl::Status InLease(const std::function<absl::Status(mysql::Connection&)>& body);

  const casework::Backend& backend_;
  OrganisationService& organisations_;
  AccountService& accounts_;
  Passwords& passwords_;
  mysql::Lease lease_;
};

// Production's first start: the organisation at the root, and one account for each of the three
// administrators with a one-time password and a second factor in `file`. `code` is that of a division: "33"
// or "330783". Nothing where accounts exist.
absl::Status SeedFirst(Seeder& seeder, const RegionTable& regions, const std::string& code,
                       const std::string& file);

}  // namespace sifa::identity
