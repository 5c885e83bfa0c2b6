// All parts of the service, wired: what main serves and tests call.
#pragma once

#include <memory>
#include <string>

#include "libs/casework/journal_reading.h"
#include "libs/casework/service.h"
#include "libs/casework/signing_keys.h"
#include "libs/core/code_table.h"
#include "libs/core/region_table.h"
#include "libs/rpc/host.h"
#include "services/identity/account.h"
#include "services/identity/handovers.h"
#include "services/identity/live_tickets.h"
#include "services/identity/on_behalf.h"
#include "services/identity/organisation.h"
#include "services/identity/reference/calendar.h"
#include "services/identity/reference/lookups.h"
#include "services/identity/reference/period.h"
#include "services/identity/seed.h"
#include "services/identity/session.h"
#include "services/identity/tokens.h"

namespace sifa::identity {

// References outlive it. `process`: unique among living processes.
struct Identity {
  Identity(const casework::Backend& backend, const rpc::Authority& authority, const RegionTable& regions,
           const CodeTables& tables, const std::string& process, bool administrators_need_totp);

  // Keys and the imported calendar; then now and again.
  absl::Status Refresh();
  absl::Status Prune();
  void Register(rpc::Host& host);

  const casework::Backend& backend;
  Passwords passwords;
  casework::SigningKeys keys;
  OrganisationService organisations;
  AccountService accounts;
  SessionService sessions;
  TokenService tokens;
  OnBehalfService on_behalf;
  LiveTicketService live_tickets;
  casework::JournalService journal;
  HandoverService handovers;
  reference::CalendarService calendar;
  reference::PeriodService periods;
  reference::RegionService regions;
  reference::CodeTableService code_tables;
  reference::IdentifierService identifiers;
  Seeder seeder;
};

casework::ServiceDefinition Definition();

}  // namespace sifa::identity
