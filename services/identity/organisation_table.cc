#include "services/identity/organisation_table.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/objects.h"
#include "libs/core/status.h"
#include "services/identity/organisation.h"

namespace sifa::identity {
namespace {

constexpr char kSelect[] = "SELECT object_id FROM organisation WHERE code = ?";

// The organisation as its object has it: what a row says of it decides nothing.
absl::StatusOr<std::optional<OrganisationRow>> Read(const casework::Backend& backend, mysql::Connection& connection,
                                                    const std::string& code, const mysql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const Id id = rows[0].AsId(0);
  ASSIGN_OR_RETURN(const auto stored,
                   backend.store.Load(connection, backend.objects->Of<v1::Organisation>(), id, casework::Lock::kNone));
  const auto* o = stored ? static_cast<const v1::Organisation*>(stored->object.get()) : nullptr;
  if (o == nullptr || o->organisation() != code) return Internal(absl::StrCat("row of another organisation: ", code));
  return RowOf(id, *o);
}

absl::Status CheckParent(const casework::Backend& backend, mysql::Connection& connection, const v1::Organisation& organisation) {
  if (organisation.parent_code().empty()) return absl::OkStatus();
  // Locked, so that the parent is not dissolved meanwhile.
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat(kSelect, " FOR UPDATE"), {organisation.parent_code()}));
  ASSIGN_OR_RETURN(const auto parent, Read(backend, connection, organisation.parent_code(), rows));
  if (!parent || parent->dissolved) {
    return InvalidField("parent_code", "ORGANISATION_DISSOLVED", "上级机构不存在或已撤销");
  }
  if (organisation.organisation_path() == absl::StrCat(parent->path, organisation.organisation(), "/"))
    return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "ORGANISATION_MOVED", "上级机构的隶属刚有变动，请重试");
}

// Again, now that the row is locked: whoever establishes one below it locks it too, and may have been first.
absl::Status CheckNothingBelow(mysql::Connection& connection, const std::string& code) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT 1 FROM organisation WHERE parent_code = ? AND dissolved = ? LIMIT 1", {code, 0}));
  if (rows.empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "ORGANISATION_HAS_CHILDREN", "该机构刚设立了下级机构，须先撤销或改变其隶属");
}

absl::StatusOr<OrganisationRow> Known(const casework::Backend& backend, mysql::Connection& connection, absl::string_view field,
                                      const std::string& code) {
  ASSIGN_OR_RETURN(const auto found, FindOrganisation(backend, connection, code));
  if (found) return *found;
  return InvalidField(field, "ORGANISATION_UNKNOWN", absl::StrCat("没有代码为 ", code, " 的机构"));
}

}  // namespace

OrganisationRow RowOf(const Id& id, const v1::Organisation& o) {
  return {id,
          o.organisation(),
          o.organisation_path(),
          o.parent_code(),
          o.region(),
          o.name(),
          static_cast<int>(o.level()),
          o.kind(),
          o.state() == v1::Organisation::DISSOLVED,
          o.valid_from(),
          o.valid_to()};
}

absl::StatusOr<std::optional<OrganisationRow>> FindOrganisation(const casework::Backend& backend, mysql::Connection& connection,
                                                                const std::string& code) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query(kSelect, {code}));
  return Read(backend, connection, code, rows);
}

absl::StatusOr<OrganisationRow> RequireOrganisation(const casework::Backend& backend, mysql::Connection& connection,
                                                    absl::string_view field, const std::string& code) {
  ASSIGN_OR_RETURN(const OrganisationRow found, Known(backend, connection, field, code));
  if (!found.dissolved) return found;
  return InvalidField(field, "ORGANISATION_DISSOLVED", absl::StrCat("机构 ", found.name, " 已撤销"));
}

absl::StatusOr<OrganisationRow> RequireOrganisation(const casework::Backend& backend, absl::string_view field,
                                                    const std::string& code) {
  OrganisationRow found;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, RequireOrganisation(backend, connection, field, code));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<OrganisationRow> KnownOrganisation(const casework::Backend& backend, absl::string_view field,
                                                  const std::string& code) {
  OrganisationRow found;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, Known(backend, connection, field, code));
    return absl::OkStatus();
  }));
  return found;
}

absl::Status ProjectOrganisation(const casework::Backend& backend, mysql::Connection& connection, const v1::Organisation* before,
                                 const v1::Organisation& after) {
  if (before == nullptr || before->parent_code() != after.parent_code()) {
    RETURN_IF_ERROR(CheckParent(backend, connection, after));
  }
  ASSIGN_OR_RETURN(const Id id, ParseId(after.id()));
  const bool dissolved = after.state() == v1::Organisation::DISSOLVED;
  if (before == nullptr) {
    const auto inserted =
        connection.Execute("INSERT INTO organisation (code, object_id, parent_code, dissolved) VALUES (?,?,?,?)",
                           {after.organisation(), id, after.parent_code(), dissolved});
    if (absl::IsAlreadyExists(inserted.status())) {
      return Error(absl::StatusCode::kAlreadyExists, "ORGANISATION_CODE_TAKEN",
                   absl::StrCat("机构代码 ", after.organisation(), " 已被使用"));
    }
    return inserted.status();
  }
  RETURN_IF_ERROR(connection
                      .Execute("UPDATE organisation SET parent_code = ?, dissolved = ? WHERE code = ?",
                               {after.parent_code(), dissolved, after.organisation()})
                      .status());
  const bool goes = dissolved || before->parent_code() != after.parent_code();
  return goes ? CheckNothingBelow(connection, after.organisation()) : absl::OkStatus();
}

}  // namespace sifa::identity
