#include "services/identity/identity.h"

#include "libs/core/status.h"
#include "services/identity/lockout.h"
#include "services/identity/revocations.h"
#include "services/identity/schema/schema.h"
#include "services/identity/settings.h"
#include "services/identity/verify.h"

namespace sifa::identity {

Identity::Identity(const casework::Backend& b, const rpc::Authority& authority, const RegionTable& region_table,
                   const CodeTables& tables, const std::string& process, bool administrators_need_totp)
    : backend(b),
      keys(b, TokenKeyTerms(), process),
      organisations(b, region_table),
      accounts(b, authority, passwords),
      sessions(b, accounts, passwords, keys, administrators_need_totp),
      tokens(b, keys),
      on_behalf(b, accounts.casework().type(), keys),
      live_tickets(b, sessions),
      journal(b, {&organisations.casework().type(), &accounts.casework().type()}),
      handovers(b, accounts.casework().type()),
      calendar(b),
      periods(b.calendars),
      regions(region_table),
      code_tables(tables),
      identifiers(region_table),
      seeder(b, organisations, accounts, passwords) {}

casework::ServiceDefinition Definition() {
  return {.name = "identity",
          .objects = {&kAccount, &kOrganisation, &reference::kCalendarNotice},
          .schema = Schema(),
          .own_check = VerifyIdentity};
}

absl::Status Identity::Refresh() {
  RETURN_IF_ERROR(keys.Refresh());
  return calendar.Refresh();
}

absl::Status Identity::Prune() {
  RETURN_IF_ERROR(PruneSessions(backend));
  RETURN_IF_ERROR(PruneKnownNetworks(backend));
  RETURN_IF_ERROR(PruneLiveTickets(backend));
  return PruneRevocations(backend);
}

void Identity::Register(rpc::Host& host) {
  host.Expose("sifa.identity.v1.OrganisationService", organisations);
  host.Expose("sifa.identity.v1.AccountService", accounts);
  host.Expose("sifa.identity.v1.SessionService", sessions);
  host.Expose("sifa.identity.v1.TokenService", tokens);
  host.Expose("sifa.identity.v1.OnBehalfService", on_behalf);
  host.Expose("sifa.identity.v1.LiveTicketService", live_tickets);
  host.Expose("sifa.office.v1.JournalService", journal);
  host.Expose("sifa.identity.v1.HandoverService", handovers);
  host.Expose("sifa.reference.v1.CalendarService", calendar);
  host.Expose("sifa.reference.v1.PeriodService", periods);
  host.Expose("sifa.reference.v1.RegionService", regions);
  host.Expose("sifa.reference.v1.CodeTableService", code_tables);
  host.Expose("sifa.reference.v1.IdentifierService", identifiers);
}

}  // namespace sifa::identity
