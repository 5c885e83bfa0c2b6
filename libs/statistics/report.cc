#include "libs/statistics/report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/statistics/statement.h"

namespace sifa::statistics {
namespace {

constexpr char kColumns[] =
    "id, name, organisation_path, query, position, digest, created_by, created_at, request_id";

StoredReport Read(const mysql::Row& row) {
  return {row.AsId(0), row.Bytes(1), row.Bytes(2), row.Bytes(3), "",
          row.Int(4),  row.Bytes(5), row.Bytes(6), row.Time(7),  row.Bytes(8)};
}

absl::StatusOr<std::optional<StoredReport>> FindByRequest(mysql::Connection& connection,
                                                          const StoredReport& report) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT ", kColumns,
                                                                  ", answer FROM statistics_report"
                                                                  " WHERE created_by = ? AND request_id = ?"),
                                                     {report.created_by, report.request_id}));
  if (rows.empty()) return std::optional<StoredReport>();
  StoredReport found = Read(rows[0]);
  found.answer = rows[0].Bytes(9);
  return std::optional(std::move(found));
}

}  // namespace

std::string StoredReport::Digest() const {
  std::string bytes;
  for (const std::string* part : {&name, &query, &answer}) absl::StrAppend(&bytes, part->size(), ":", *part);
  return crypto::Sha256(absl::StrCat(bytes, position));
}

absl::StatusOr<StoredReport> FreezeReport(mysql::Pool& pool, StoredReport report) {
  if (report.request_id.empty()) report.request_id = report.id.ToString();
  report.digest = report.Digest();
  std::optional<StoredReport> found;
  RETURN_IF_ERROR(pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(
        const auto inserted,
        connection.Execute(
            "INSERT IGNORE INTO statistics_report (id, name, organisation_path, query, answer, position,"
            " digest, created_by, created_at, request_id) VALUES (?,?,?,?,?,?,?,?,?,?)",
            {report.id, report.name, report.organisation_path, report.query, report.answer, report.position,
             report.digest, report.created_by, report.created_at, report.request_id}));
    if (inserted > 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(found, FindByRequest(connection, report));
    return found ? absl::OkStatus() : Internal("a report could not be stored");
  }));
  return found ? *std::move(found) : report;
}

absl::StatusOr<StoredReport> ReadReport(mysql::Pool& pool, const Id& id) {
  StoredReport report;
  RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(
        const auto rows,
        connection.Query(absl::StrCat("SELECT ", kColumns, ", answer FROM statistics_report WHERE id = ?"),
                         {id}));
    if (rows.empty()) return NotFound("统计报表");
    report = Read(rows[0]);
    report.answer = rows[0].Bytes(9);
    return absl::OkStatus();
  }));
  if (report.Digest() != report.digest) {
    return Error(absl::StatusCode::kDataLoss, "REPORT_CHANGED", "报表内容与其校验值不符，可能被改动过");
  }
  return report;
}

absl::StatusOr<std::vector<StoredReport>> ListReports(mysql::Pool& pool,
                                                      const std::vector<std::string>& scopes,
                                                      const std::optional<Id>& before, int limit) {
  std::vector<StoredReport> reports;
  if (scopes.empty()) return reports;
  Statement statement(absl::StrCat("SELECT ", kColumns, " FROM statistics_report WHERE (FALSE"));
  for (absl::string_view scope : scopes) {
    if (absl::ConsumePrefix(&scope, "=")) {
      statement.AddText(" OR organisation_path = ?", scope);
    } else {
      statement.Add(" OR (TRUE").AddPrefix("organisation_path", scope).Add(")");
    }
  }
  statement.Add(")");
  if (before) statement.AddText(" AND id < ?", before->AsBytes());
  statement.Add(" ORDER BY id DESC LIMIT ?", {limit});
  RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, statement.Query(connection));
    reports.clear();
    for (const auto& row : rows) reports.push_back(Read(row));
    return absl::OkStatus();
  }));
  return reports;
}

}  // namespace sifa::statistics
