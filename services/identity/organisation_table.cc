#include "services/identity/organisation_table.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::identity {
namespace {

constexpr char kSelect[] =
    "SELECT object_id, code, path, parent_code, region, name, level, kind, dissolved FROM organisation WHERE "
    "code = ?";

std::optional<OrganisationRow> Read(const mysql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const auto& row = rows[0];
  return OrganisationRow{row.AsId(0),
                         row.Bytes(1),
                         row.Bytes(2),
                         row.Bytes(3),
                         row.Bytes(4),
                         row.Bytes(5),
                         static_cast<int>(row.Int(6)),
                         static_cast<v1::Organisation::Kind>(row.Int(7)),
                         row.Int(8) != 0};
}

absl::Status CheckParent(mysql::Connection& connection, const v1::Organisation& organisation) {
  if (organisation.parent_code().empty()) return absl::OkStatus();
  // Locked, so that the parent is not dissolved meanwhile.
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat(kSelect, " FOR UPDATE"), {organisation.parent_code()}));
  const auto parent = Read(rows);
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

absl::StatusOr<OrganisationRow> Known(mysql::Connection& connection, absl::string_view field,
                                      const std::string& code) {
  ASSIGN_OR_RETURN(const auto found, FindOrganisation(connection, code));
  if (found) return *found;
  return InvalidField(field, "ORGANISATION_UNKNOWN", absl::StrCat("没有代码为 ", code, " 的机构"));
}

}  // namespace

absl::StatusOr<std::optional<OrganisationRow>> FindOrganisation(mysql::Connection& connection,
                                                                const std::string& code) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query(kSelect, {code}));
  return Read(rows);
}

absl::StatusOr<OrganisationRow> RequireOrganisation(mysql::Connection& connection, absl::string_view field,
                                                    const std::string& code) {
  ASSIGN_OR_RETURN(const OrganisationRow found, Known(connection, field, code));
  if (!found.dissolved) return found;
  return InvalidField(field, "ORGANISATION_DISSOLVED", absl::StrCat("机构 ", found.name, " 已撤销"));
}

absl::StatusOr<OrganisationRow> RequireOrganisation(const casework::Backend& backend, absl::string_view field,
                                                    const std::string& code) {
  OrganisationRow found;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, RequireOrganisation(connection, field, code));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<OrganisationRow> KnownOrganisation(const casework::Backend& backend, absl::string_view field,
                                                  const std::string& code) {
  OrganisationRow found;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, Known(connection, field, code));
    return absl::OkStatus();
  }));
  return found;
}

absl::Status ProjectOrganisation(mysql::Connection& connection, const v1::Organisation* before,
                                 const v1::Organisation& after) {
  if (before == nullptr || before->parent_code() != after.parent_code()) {
    RETURN_IF_ERROR(CheckParent(connection, after));
  }
  ASSIGN_OR_RETURN(const Id id, ParseId(after.id()));
  const bool dissolved = after.state() == v1::Organisation::DISSOLVED;
  if (before == nullptr) {
    const auto inserted = connection.Execute(
        "INSERT INTO organisation (code, object_id, path, parent_code, level, region, name, kind, dissolved) "
        "VALUES (?,?,?,?,?,?,?,?,?)",
        {after.organisation(), id, after.organisation_path(), after.parent_code(), after.level(),
         after.region(), after.name(), static_cast<int>(after.kind()), dissolved});
    if (absl::IsAlreadyExists(inserted.status())) {
      return Error(absl::StatusCode::kAlreadyExists, "ORGANISATION_CODE_TAKEN",
                   absl::StrCat("机构代码 ", after.organisation(), " 已被使用"));
    }
    return inserted.status();
  }
  RETURN_IF_ERROR(connection
                      .Execute("UPDATE organisation SET path = ?, parent_code = ?, level = ?, region = ?, name = ?, kind = ?, "
                               "dissolved = ? WHERE code = ?",
                               {after.organisation_path(), after.parent_code(), after.level(), after.region(), after.name(),
                                static_cast<int>(after.kind()), dissolved, after.organisation()})
                      .status());
  const bool goes = dissolved || before->parent_code() != after.parent_code();
  return goes ? CheckNothingBelow(connection, after.organisation()) : absl::OkStatus();
}

}  // namespace sifa::identity
