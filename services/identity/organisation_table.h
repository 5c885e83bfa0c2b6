// Organisations by their code, as every part of identity needs them. A table that follows the objects in the same transaction
// leads from the code to the object; all that is told of an organisation is read from the object. Functions work inside the
// caller's transaction or connection.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "sifa/identity/v1/organisation.pb.h"

namespace sifa::identity {

struct OrganisationRow {
  Id object;
  std::string code, path, parent_code, region, name;
  int level = 0;
  v1::Organisation::Kind kind = v1::Organisation::KIND_UNSPECIFIED;
  bool dissolved = false;
  std::string valid_from, valid_to;  // the last day; empty: it stands
};

OrganisationRow RowOf(const Id& id, const v1::Organisation& organisation);

absl::StatusOr<std::optional<OrganisationRow>> FindOrganisation(const casework::Backend& backend, mysql::Connection& connection,
                                                                const std::string& code);
// INVALID_ARGUMENT "ORGANISATION_UNKNOWN" naming the field where there is none, or "ORGANISATION_DISSOLVED".
absl::StatusOr<OrganisationRow> RequireOrganisation(const casework::Backend& backend, mysql::Connection& connection,
                                                    absl::string_view field, const std::string& code);
// The same on a connection of its own; and that of a dissolved one too, for what a repeated request must find
// again.
absl::StatusOr<OrganisationRow> RequireOrganisation(const casework::Backend& backend, absl::string_view field,
                                                    const std::string& code);
absl::StatusOr<OrganisationRow> KnownOrganisation(const casework::Backend& backend, absl::string_view field,
                                                  const std::string& code);

// What ObjectType::project of Organisation does. Refuses to place one below a dissolved organisation.
absl::Status ProjectOrganisation(const casework::Backend& backend, mysql::Connection& connection, const v1::Organisation* before,
                                 const v1::Organisation& after);

}  // namespace sifa::identity
