#include "services/identity/identity.h"

#include "libs/core/status.h"
#include "services/identity/revocations.h"

namespace sifa::identity {

Identity::Identity(const casework::Backend& b, const rpc::Authority& authority,
                   const RegionTable& region_table, const CodeTables& tables, const std::string& process,
                   bool administrators_need_totp)
    : backend(b),
      keys(b, process),
      organisations(b, region_table),
      accounts(b, authority, passwords),
      sessions(b, accounts, passwords, keys, administrators_need_totp),
      tokens(b, keys),
      journal(b, {&organisations.casework().type(), &accounts.casework().type()}),
      handovers(b),
      calendar(b),
      periods(b.calendars),
      regions(region_table),
      code_tables(tables),
      seeder(b, organisations, accounts, passwords) {}

absl::Status Identity::Refresh() {
  RETURN_IF_ERROR(keys.Refresh());
  return calendar.Refresh();
}

absl::Status Identity::Prune() {
  RETURN_IF_ERROR(PruneSessions(backend));
  return PruneRevocations(backend);
}

void Identity::Register(rpc::Host& host) {
  organisations.Register(host);
  accounts.Register(host);
  sessions.Register(host);
  tokens.Register(host);
  journal.Register(host);
  handovers.Register(host);
  calendar.Register(host);
  periods.Register(host);
  regions.Register(host);
  code_tables.Register(host);
  identifiers.Register(host);
}

}  // namespace sifa::identity
