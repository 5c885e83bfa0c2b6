// 行政处罚案件: the book of what agencies decided, as they told it (law §4.2).
#pragma once

#include <string>

#include "libs/casework/definition.h"
#include "services/enforcement/agency.h"
#include "services/enforcement/case_facts.h"

namespace sifa::enforcement {

extern const procedure::Procedure<Case> kCaseProcedure;
extern const casework::Definition<Case> kCase;
extern const statistics::Cube kFilingsCube, kDecisionsCube, kServicesCube, kPaymentsCube, kClosingsCube;

// The agency of that credit code within the caller's reach, whatever its state: what an agency decided before it ended is told
// afterwards too. INVALID_ARGUMENT "ORGAN_FOREIGN".
absl::StatusOr<Agency> AgencyOf(const casework::Backend& backend, mysql::Connection& connection, const casework::Actor& actor,
                                const std::string& credit_code);

// A case of that agency without entries.
Case NewCase(const Agency& agency);

// Which party of its case an entry is (Entry.key). INVALID_ARGUMENT "KEY_MISSING" where it cannot be told.
absl::StatusOr<std::string> EntryKey(const crypto::Keyring& keyring, const Entry& entry);

// Sets the entry in the place of the one with its key, or beside the others.
void PutEntry(Entry entry, Case* c);

// What a case is found by: its own number where it is decided, else that of its filing. INVALID_ARGUMENT "KEY_MISSING".
absl::Status CheckKey(const Entry& entry);

}  // namespace sifa::enforcement
